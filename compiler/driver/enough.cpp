#include "compiler/driver/enough.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include <fmt/format.h>

#include "compiler/interp/interpreter.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::driver {
namespace {

using interp::Blank;

constexpr unsigned most_trials = 500;        // evaluations for one set
constexpr std::size_t most_options = 12;     // values tried of one blank
constexpr unsigned longest_stride = 40;      // doublings on the way to an open end

/// A blank and the range that it is taken to lie in.
struct Taken { Blank blank; Cell value; };
using Taking = std::vector<Taken>;

/// Puts values into facts and takes them out again, last first.
class Changes {
 public:
  Changes(const Schema& schema, facts::FactBase& facts) : schema_(schema), facts_(facts) {}
  ~Changes() {
    for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) (*undo)();
  }
  Changes(const Changes&) = delete;
  Changes& operator=(const Changes&) = delete;

  void make(const Taken& taken) {
    const Blank& blank = taken.blank;
    if (blank.parameter != none) {
      keep(facts_.parameters[blank.parameter]) = taken.value;
      keep(facts_.parameter_set[blank.parameter]) = 1;
    } else if (blank.column != none) {
      fact(blank, taken.value);
    } else {
      close(blank);
    }
  }

 private:
  template <class T> T& keep(T& place) {
    undo_.push_back([&place, before = place] { place = before; });
    return place;
  }
  void fact(const Blank& blank, const Cell& value) {
    const Entity& entity = schema_.entities[blank.entity];
    facts::ColumnData& data = facts_.tables[blank.entity].columns[blank.column];
    if (entity.columns[blank.column].type.kind == Kind::boolean) {
      keep(data.truth[blank.row]) = static_cast<std::uint8_t>(value.lo);
    } else {
      keep(data.lo[blank.row]) = value.lo;
      if (!data.hi.empty()) keep(data.hi[blank.row]) = value.hi;
    }
    keep(data.presence[blank.row]) = static_cast<std::uint8_t>(facts::Presence::given);
    const std::string suspected = "suspected:" + entity.columns[blank.column].id;
    for (ColumnId c = 0; c < entity.columns.size(); ++c)
      if (entity.columns[c].kind == ColumnKind::suspected && entity.columns[c].id == suspected)
        keep(facts_.tables[blank.entity].columns[c].truth[blank.row]) = static_cast<std::uint8_t>(Truth::no);
  }
  // Nothing more stands in the register: anywhere, or under the one row.
  void close(const Blank& blank) {
    facts::Table& table = facts_.tables[blank.entity];
    const EntityId parent = schema_.entities[blank.entity].parent;
    const bool supplied = table.supplied;
    keep(table.supplied) = true;
    std::vector<facts::OpenOf>& open_of = keep(facts_.open_of);
    std::erase_if(open_of, [&](const facts::OpenOf& o) { return o.entity == blank.entity && (blank.of == none || (o.of_entity == blank.of && o.of_row == blank.row)); });
    std::vector<std::uint8_t>& open_for = keep(table.open_for);
    if (blank.of == none) return open_for.clear();
    if (blank.of == parent) {
      if (!supplied) open_for.assign(facts_.tables[parent].rows, 1);
      if (!open_for.empty()) open_for[blank.row] = 0;
    } else if (!supplied) {
      if (parent != none) open_for.assign(facts_.tables[parent].rows, 1);
      for (std::uint32_t row = 0; row < facts_.tables[blank.of].rows; ++row)
        if (row != blank.row) open_of.push_back({blank.entity, blank.of, row});
    }
  }

  const Schema& schema_;
  facts::FactBase& facts_;
  std::vector<std::function<void()>> undo_;
};

/// One remedy row, recognised again after facts were settled.
class Item {
 public:
  Item(const core::Program& program, EvidenceWalk& walk, const verdict::RemedyEntry& entry)
      : program_(program), remedy_(entry.remedy), target_(entry.target.row) {
    const RemedyTable& table = walk.interpreter().remedy_table(remedy_);
    const std::uint32_t row = walk.row_of(entry.remedy, entry.table_row);
    lead_ = &program_.grounds[table.lead[row]];
    lead_id_ = static_cast<std::uint32_t>(table.lead[row]);
    scope_row_ = static_cast<std::uint32_t>(table.scope_row[row]);
    marks_ = marks(walk.interpreter(), scope_row_);
  }

  /// Rows that are made anew when facts change can be told apart by what they are about; spans cannot.
  bool recognisable() const { return !per_row() || program_.schema.entities[lead_->scope].origin != EntityOrigin::span; }

  Truth state(interp::Interpreter& interpreter, std::vector<Blank>* blanks) const {
    Truth state = Truth::no;
    const interp::RowRange rows = interpreter.remedy_rows(remedy_, target_);
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      if (!is_it(interpreter, row)) continue;
      const RemedyTable& table = interpreter.remedy_table(remedy_);
      state = scalar_or(state, static_cast<Truth>(table.state[row]));
      if (blanks == nullptr) continue;
      const std::vector<Blank> found = interpreter.blanks_of_remedy_state(remedy_, row);
      blanks->insert(blanks->end(), found.begin(), found.end());
    }
    return state;
  }

 private:
  static Truth scalar_or(Truth a, Truth b) {
    for (const Truth strongest : {Truth::yes, Truth::error, Truth::unknown})
      if (a == strongest || b == strongest) return strongest;
    return Truth::no;
  }
  bool per_row() const { return program_.schema.remedies[remedy_].combine != Combine::once; }

  bool is_it(interp::Interpreter& interpreter, std::uint32_t row) const {
    const RemedyTable& table = interpreter.remedy_table(remedy_);
    const core::Ground& lead = program_.grounds[table.lead[row]];
    if (lead.modality != lead_->modality || lead.actor != lead_->actor || lead.alternative != lead_->alternative) return false;
    if (!per_row()) return true;
    if (lead.scope != lead_->scope || (program_.schema.remedies[remedy_].combine == Combine::each && table.lead[row] != lead_id_)) return false;
    const auto scope_row = static_cast<std::uint32_t>(table.scope_row[row]);
    if (program_.schema.entities[lead.scope].origin == EntityOrigin::register_) return scope_row == scope_row_;
    const std::vector<Cell> found = marks(interpreter, scope_row);
    for (std::size_t i = 0; i < found.size(); ++i)
      if (found[i].lo > marks_[i].hi || found[i].hi < marks_[i].lo) return false;
    return true;
  }

  // The columns by which a derived row is known: a step by its day, a cycle by its first, a group by its keys, a path by its rows.
  std::vector<Cell> marks(interp::Interpreter& interpreter, std::uint32_t row) const {
    const Entity& entity = program_.schema.entities[lead_->scope];
    std::vector<Cell> out;
    const auto add = [&](ColumnId column) { out.push_back(interpreter.column(lead_->scope, column, row)); };
    if (entity.origin == EntityOrigin::step) add(core::step_col::day);
    if (entity.origin == EntityOrigin::cycle) add(core::cycle_col::starts_on);
    if (entity.origin == EntityOrigin::group)
      for (const core::Group& group : program_.groups)
        for (ColumnId k = 0; group.entity == lead_->scope && k < group.keys.size(); ++k) {
          const Kind kind = entity.columns[core::group_col::first_key + k].type.kind;
          if (kind != Kind::boolean && kind != Kind::choice && kind != Kind::ratio) add(core::group_col::first_key + k);
        }
    if (entity.origin == EntityOrigin::join)
      for (const core::Join& join : program_.joins)
        for (ColumnId c = 0; join.entity == lead_->scope && c <= join.hops.size(); ++c) add(c);
    return out;
  }

  const core::Program& program_;
  RemedyId remedy_;
  std::uint32_t target_;
  const core::Ground* lead_ = nullptr;
  std::uint32_t lead_id_ = none, scope_row_ = none;
  std::vector<Cell> marks_;
};

class Search {
 public:
  Search(const core::Program& program, facts::FactBase& facts, std::int64_t as_of, const Item& item, Truth goal)
      : program_(program), facts_(facts), as_of_(as_of), item_(item), goal_(goal) {}

  Taking run(const std::vector<Blank>& blanks) {
    Taking found;
    if (!one(blanks, found) && !two(blanks, found)) {
      found.clear();
      if (!descend(found)) return {};
      drop_needless(found);
    }
    for (std::size_t i = 0; i < found.size(); ++i) widen(found, i);
    return found;
  }

  Cell possible(const Blank& blank) const {
    if (blank.parameter != none) return facts_.parameters[blank.parameter];
    if (blank.column == none) return {};
    return facts_.tables[blank.entity].columns[blank.column].cell(blank.row, type(blank).kind);
  }
  Type type(const Blank& blank) const {
    if (blank.parameter != none) return program_.schema.parameters[blank.parameter].type;
    return blank.column == none ? Type{} : program_.schema.entities[blank.entity].columns[blank.column].type;
  }

 private:
  Truth evaluate(const Taking& taking, std::vector<Blank>* blanks = nullptr) {
    ++trials_;
    Changes changes(program_.schema, facts_);
    for (const Taken& taken : taking) changes.make(taken);
    interp::Interpreter interpreter(program_, facts_, {as_of_});
    return item_.state(interpreter, blanks);
  }
  bool reached(const Taking& taking) { return trials_ < most_trials && evaluate(taking) == goal_; }

  // Values worth trying: each truth, each choice; of what has an order the ends, the days around as-of, and the thresholds of the text.
  std::vector<Cell> options(const Blank& blank) const {
    if (blank.column == none && blank.parameter == none) return {Cell{}};
    const Cell all = possible(blank);
    std::vector<Cell> out;
    switch (const Type type = this->type(blank); type.kind) {
      case Kind::boolean: return {of(Truth::yes), of(Truth::no)};
      case Kind::choice:
        for (unsigned bit = 0; bit < 64 && out.size() < most_options; ++bit)
          if ((static_cast<std::uint64_t>(all.lo) >> bit & 1) != 0) out.push_back(choice_of(std::uint64_t{1} << bit));
        return out;
      case Kind::ref:
      case Kind::ratio: return {};
      default: {
        const auto add = [&](std::int64_t value) {
          const bool inside = value >= all.lo && value <= all.hi && value != neg_inf && value != pos_inf;
          if (inside && out.size() < most_options && std::find(out.begin(), out.end(), known(value)) == out.end()) out.push_back(known(value));
        };
        if (type.kind == Kind::text) {
          for (std::size_t i = 0; i < program_.schema.strings.size(); ++i) add(static_cast<std::int64_t>(i));
          return out;
        }
        add(all.hi), add(all.lo);
        if (type.kind == Kind::date) add(as_of_), add(as_of_ + 1);
        for (const core::Expr& e : program_.exprs)
          if (e.op == core::Op::constant && e.type == type)
            for (const std::int64_t step : {0, -1, 1})
              if (const Cell& c = program_.constants[e.a]; c.lo == c.hi && c.lo > neg_inf + 1 && c.lo < pos_inf - 1) add(c.lo + step);
        if (all.hi == pos_inf) add(std::int64_t{1} << longest_stride);
        return out;
      }
    }
  }

  bool one(const std::vector<Blank>& blanks, Taking& found) {
    for (const Blank& blank : blanks)
      for (const Cell& value : options(blank))
        if (reached(found = {{blank, value}})) return true;
    return false;
  }
  bool two(const std::vector<Blank>& blanks, Taking& found) {
    for (std::size_t a = 0; a < blanks.size(); ++a)
      for (std::size_t b = a + 1; b < blanks.size(); ++b)
        for (const Cell& x : options(blanks[a]))
          for (const Cell& y : options(blanks[b])) {
            if (trials_ > most_trials / 2) return false;
            if (reached(found = {{blanks[a], x}, {blanks[b], y}})) return true;
          }
    return false;
  }
  // Blank by blank, as long as the goal is still open: what one value settles the next need not ask.
  bool descend(Taking& taking) {
    if (trials_ >= most_trials) return false;
    std::vector<Blank> open;
    const Truth state = evaluate(taking, &open);
    if (state == goal_) return true;
    if (state != Truth::unknown) return false;
    const auto next = std::find_if(open.begin(), open.end(), [&](const Blank& blank) {
      return !options(blank).empty() && std::none_of(taking.begin(), taking.end(), [&](const Taken& t) { return t.blank == blank; });
    });
    if (next == open.end()) return false;
    for (const Cell& value : options(*next)) {
      taking.push_back({*next, value});
      if (descend(taking)) return true;
      taking.pop_back();
    }
    return false;
  }
  void drop_needless(Taking& taking) {
    for (std::size_t i = taking.size(); i-- > 0;) {
      Taking fewer = taking;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (evaluate(fewer) == goal_) taking = std::move(fewer);
    }
  }

  // The widest range (or most choices) of one blank that decides with the others as they are. A wider range never decides more, so
  // each end can be found by halving.
  void widen(Taking& taking, std::size_t i) {
    const Type type = this->type(taking[i].blank);
    const Cell all = possible(taking[i].blank), had = taking[i].value;
    const auto holds = [&](const Cell& value) {
      taking[i].value = value;
      return evaluate(taking) == goal_;
    };
    Cell best = had;
    if (type.kind == Kind::choice) {
      for (unsigned bit = 0; bit < 64; ++bit) {
        const std::int64_t mask = best.lo | static_cast<std::int64_t>(std::uint64_t{1} << bit);
        if ((all.lo >> bit & 1) != 0 && mask != best.lo && holds(known(mask))) best = known(mask);
      }
    } else if (taking[i].blank.column == none && taking[i].blank.parameter == none) {
      return;
    } else if (type.kind != Kind::boolean && type.kind != Kind::text) {
      best.hi = furthest(best.hi, all.hi, [&](std::int64_t end) { return holds(between(best.lo, end)); });
      best.lo = furthest(best.lo, all.lo, [&](std::int64_t end) { return holds(between(end, best.hi)); });
    }
    taking[i].value = best;
  }
  template <class Holds> static std::int64_t furthest(std::int64_t from, std::int64_t to, Holds holds) {
    if (from == to || holds(to)) return to;
    const std::int64_t way = to > from ? 1 : -1;
    const bool endless = to == neg_inf || to == pos_inf || to >= never_day;
    std::int64_t fine = from, wrong = to;
    for (std::int64_t stride = 1; endless && stride < std::int64_t{1} << longest_stride; stride *= 2) {
      const std::int64_t next = from + way * stride;
      if ((way > 0 ? next >= to : next <= to)) break;
      if (!holds(next)) {
        wrong = next;
        break;
      }
      fine = next;
    }
    if (wrong == neg_inf || wrong == pos_inf || wrong >= never_day) return fine;
    while (wrong - fine > 1 || fine - wrong > 1) {
      const std::int64_t middle = fine + (wrong - fine) / 2;
      (holds(middle) ? fine : wrong) = middle;
    }
    return fine;
  }

  const core::Program& program_;
  facts::FactBase& facts_;
  std::int64_t as_of_;
  const Item& item_;
  Truth goal_;
  unsigned trials_ = 0;
};

}  // namespace

Enough enough_for(const CompiledAgreement& agreement, facts::FactBase& facts, std::int64_t as_of, EvidenceWalk& walk, const verdict::RemedyEntry& entry) {
  Enough out;
  const core::Program& program = agreement.compiled.program;
  const Item item(program, walk, entry);
  if (entry.state != verdict::State::undetermined || !item.recognisable()) return out;
  const std::vector<Blank> blanks = walk.interpreter().blanks_of_remedy_state(entry.remedy, walk.row_of(entry.remedy, entry.table_row));
  for (const auto& [goal, into] : {std::pair{Truth::yes, &out.to_apply}, std::pair{Truth::no, &out.to_exclude}}) {
    Search search(program, facts, as_of, item, goal);
    for (const Taken& taken : search.run(blanks))
      into->push_back({taken.blank.need, taken.blank.need.kind == Need::Kind::open_register, search.type(taken.blank), taken.value, search.possible(taken.blank)});
  }
  return out;
}

std::string settled_words(const verdict::Names& names, const Settled& s, verdict::Language language) {
  const bool zh = language == verdict::Language::zh;
  const std::string what = thing_words(names.schema, s.need.name, language);
  if (s.closed) return fmt::format(fmt::runtime(zh ? "{}没有别的记录" : "{} holds nothing more"), what);
  const auto end = [&](std::int64_t value) { return cell_words(names, s.type, known(value), language); };
  const bool ordered = s.type.kind != Kind::boolean && s.type.kind != Kind::choice && s.value.lo != s.value.hi;
  if (!ordered) return fmt::format(fmt::runtime(zh ? "{}为{}" : "{} is {}"), what, cell_words(names, s.type, s.value, language));
  if (s.type.kind == Kind::date) {
    if (s.value.hi == s.possible.hi) return fmt::format(fmt::runtime(zh ? "{}不早于{}" : "{} is on or after {}"), what, end(s.value.lo));
    if (s.value.lo == s.possible.lo) return fmt::format(fmt::runtime(zh ? "{}不晚于{}" : "{} is on or before {}"), what, end(s.value.hi));
  }
  if (s.value.hi == s.possible.hi) return fmt::format(fmt::runtime(zh ? "{}不低于{}" : "{} is at least {}"), what, end(s.value.lo));
  if (s.value.lo == s.possible.lo) return fmt::format(fmt::runtime(zh ? "{}不高于{}" : "{} is at most {}"), what, end(s.value.hi));
  return fmt::format(fmt::runtime(zh ? "{}在{}至{}之间" : "{} lies between {} and {}"), what, end(s.value.lo), end(s.value.hi));
}

}  // namespace tiao::driver
