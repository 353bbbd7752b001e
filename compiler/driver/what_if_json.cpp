// Counterfactuals as data: docs/what-if.md says what each key means.
#include "compiler/driver/what_if.hpp"
#include "runtime/verdict/json_text.hpp"

namespace tiao::driver {
namespace {

class WhatIfJson {
 public:
  WhatIfJson(const WhatIf& what_if, std::string& out)
      : w_(what_if), schema_(what_if.ready.agreement.schema()), names_(what_if.evaluated->assembler().names()), json_(out, 6), out_(out) {}

  void write() {
    json_.begin_object();
    json_.key("verdict");
    std::string verdict;
    append_verdict(verdict, w_.evaluated->context(verdict::Language::en), w_.verdict);
    json_.raw(verdict);
    json_.key("what_if");
    json_.begin_array();
    for (const Asked& a : w_.asked) asked(a);
    json_.end_array();
    json_.end_object();
    out_ += '\n';
  }

 private:
  void number(const char* name, std::size_t value) { json_.member(name, static_cast<std::int64_t>(value)); }

  void target(const verdict::RowName& row) {
    json_.key("target");
    json_.begin_object();
    json_.member("entity", schema_.entities[row.entity].id);
    json_.member("key", row.key);
    json_.end_object();
  }
  void act(const Act& act) {
    json_.member("remedy", schema_.remedies[act.remedy].id);
    json_.member("modality", verdict::name_of(act.modality));
    if (act.actor != none) json_.member("actor", schema_.actors[act.actor].id);
    if (act.alternative != 0) number("alternative", act.alternative);
  }

  void asked(const Asked& a) {
    json_.begin_object();
    act(a.act);
    if (a.entry) {
      target(w_.verdict.remedies[*a.entry].target);
      number("place", *a.entry);
    }
    json_.key("cites");
    json_.begin_array();
    for (const NodeId cite : a.cites) json_.string(names_.address(cite));
    json_.end_array();
    json_.member("state", name_of(a.standing));
    if (!a.answerable) json_.member("answerable", false);
    if (a.placeless) json_.member("placeless", true);
    json_.key("turns");
    json_.begin_array();
    for (const Turn& t : a.turns) turn(t);
    json_.end_array();
    json_.end_object();
  }

  void turn(const Turn& t) {
    json_.begin_object();
    json_.member("to", name_of(t.to));
    json_.key("proposals");
    json_.begin_array();
    for (const Verified& v : t.shown) proposal(v);
    json_.end_array();
    if (t.more != 0) number("more", t.more);
    json_.key("searched");
    json_.begin_object();
    number("facts", t.extent.facts);
    number("rows", t.extent.rows);
    number("evaluations", t.extent.evaluations);
    json_.member("two_facts", t.extent.pairs);
    json_.member("stopped", t.extent.stopped);
    json_.member("none_can", t.extent.none_can);
    json_.end_object();
    json_.end_object();
  }

  void proposal(const Verified& v) {
    json_.begin_object();
    json_.key("facts");
    json_.begin_array();
    for (const Alteration& a : v.proposal.parts) alteration(a);
    json_.end_array();
    json_.member("state", name_of(v.after));
    json_.member("outcome", verdict::name_of(v.outcome));
    if (!v.effects.empty()) {
      json_.key("effects");
      json_.begin_array();
      for (const Effect& e : v.effects) effect(e);
      json_.end_array();
    }
    json_.end_object();
  }

  void alteration(const Alteration& a) {
    json_.begin_object();
    json_.member("entity", schema_.entities[a.cell.entity].id);
    json_.member("row", names_.key(a.cell.entity, a.cell.row));
    if (a.without) {
      json_.member("removed", true);
      under(*a.without);
    } else {
      cell(a);
    }
    json_.end_object();
  }
  void under(const RowsOut& rows) {
    if (rows.size() == 1) return;
    json_.key("with");
    json_.begin_array();
    for (const auto& [entity, list] : rows.all())
      for (const std::uint32_t row : list) {
        if (entity == rows.entity() && row == rows.row()) continue;
        json_.begin_object();
        json_.member("entity", schema_.entities[entity].id);
        json_.member("row", names_.key(entity, row));
        json_.end_object();
      }
    json_.end_array();
  }
  void cell(const Alteration& a) {
    const Column& column = schema_.entities[a.cell.entity].columns[a.cell.column];
    const auto value = [&](const char* name, const Cell& cell) {
      json_.key(name);
      append(column, cell);
    };
    json_.member("column", column.id);
    json_.key("before");
    if (a.was == facts::Presence::given) append(column, a.before);
    else json_.null();
    if (a.was != facts::Presence::given) json_.member("was", a.was == facts::Presence::absent ? "absent" : "null");
    value("value", a.value);
    if (a.falls_short) value("falls_short", *a.falls_short);
    if (a.also.empty()) return;
    json_.key("also");
    json_.begin_array();
    for (const Cell& other : a.also) append(column, other);
    json_.end_array();
  }
  void append(const Column& column, const Cell& value) {
    if (column.type.kind == Kind::text && value.lo == value.hi) json_.string(w_.ready.facts.strings.at(value.lo));
    else verdict::append_cell(json_, names_, column.type, value);
  }

  void effect(const Effect& e) {
    const verdict::RemedyEntry& entry = e.before ? *e.before : *e.after;
    json_.begin_object();
    act(act_of(entry));
    target(entry.target);
    side("before", e.before);
    side("after", e.after);
    json_.end_object();
  }
  void side(const char* name, const std::optional<verdict::RemedyEntry>& entry) {
    json_.key(name);
    if (!entry) return json_.null();
    json_.begin_object();
    json_.member("state", verdict::name_of(entry->state));
    const auto& params = schema_.remedies[entry->remedy].params;
    if (!entry->params.empty() || !entry->times.empty()) {
      json_.key("params");
      json_.begin_object();
      for (const auto& [param, value] : entry->params) {
        json_.key(params[param].id);
        append_value(json_, names_, value);
      }
      for (const auto& [time, value] : entry->times) {
        json_.key(time);
        append_value(json_, names_, value);
      }
      json_.end_object();
    }
    if (entry->has_choice) {
      json_.key("choice");
      append_value(json_, names_, entry->choice);
    }
    json_.end_object();
  }

  const WhatIf& w_;
  const Schema& schema_;
  verdict::Names names_;
  verdict::JsonText json_;
  std::string& out_;
};

}  // namespace

std::string what_if_json(const WhatIf& what_if) {
  std::string out;
  WhatIfJson(what_if, out).write();
  return out;
}

}  // namespace tiao::driver
