#include "compiler/driver/diff_reasons.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "compiler/driver/diff_report.hpp"
#include "compiler/driver/scope_row.hpp"
#include "compiler/driver/trace_words.hpp"

namespace tiao::driver {
namespace {

// A reader takes in so much at once; what is left out is counted where it stands.
constexpr std::size_t most_reasons = 8, most_silent_reasons = 3, most_silent_rules = 3, most_silent_rows = 2, most_duties = 12, most_needs = 8;

class Side {
 public:
  Side(const DiffSides::Evaluated& evaluated, EvidenceWalk& walk, const DiffReport& report, const Wording& wording, verdict::Language language)
      : evaluated_(evaluated), program_(evaluated.agreement->compiled.program), walk_(walk), names_(evaluated.assembler->names()), words_(names_, language), report_(report), wording_(wording), language_(language) {
    walk_.want_readings(false);
    const check::Compiled& compiled = evaluated.agreement->compiled;
    std::vector<std::uint32_t> switches = compiled.switches;
    switches.push_back(compiled.switch_of_days);
    for (const std::uint32_t parameter : switches)
      if (parameter != none) switches_.insert(program_.schema.parameters[parameter].id);
  }

  Status about(std::size_t place, const verdict::PortableVerdict& mine, const verdict::PortableVerdict& theirs, std::vector<DiffReason>& out) {
    if (place == DiffPlaces::none) return std::nullopt;
    verdict::Verdict found = evaluated_.assembler->make(place);
    verdict::SubjectEvidence evidence;
    std::string where;
    if (!walk_.collect(found, evidence, where))
      return internal_error(fmt::format("两个引擎的结果不一致：{}（{}）", where, found.subject.key), fmt::format("the engines differ: {} ({})", where, found.subject.key));
    verdict::add_evidence(found, std::move(evidence));
    remedies(found, mine, theirs, out);
    absent(place, mine, theirs, out);
    heads(found, mine, theirs, out);
    duties(found, mine, theirs, out);
    return std::nullopt;
  }

 private:
  interp::Interpreter& interpreter() { return walk_.interpreter(); }
  std::string row_words(EntityId entity, std::uint32_t row) { return scope_row_words(names_, scope_row(names_, walk_, entity, row), language_); }
  std::vector<std::string> in_words(const std::vector<Need>& needs) const {
    std::vector<std::string> out;
    for (const Need& need : needs)
      if (out.size() < most_needs) out.push_back(need_words(names_, need, language_));
    return out;
  }

  // Which of the two texts it is needs no reason.
  TraceNode told(TraceNode trace) const {
    std::vector<TraceNode> children;
    for (TraceNode& child : trace.children) {
      const bool about_switch = turns_on_switch(child);
      child = told(std::move(child));
      if (!about_switch || !child.children.empty()) children.push_back(std::move(child));
    }
    trace.children = std::move(children);
    return trace;
  }

  bool turns_on_switch(const TraceNode& trace) const {
    return (trace.kind == TraceNode::Kind::parameter && switches_.contains(trace.name)) || std::any_of(trace.children.begin(), trace.children.end(), [&](const TraceNode& child) { return turns_on_switch(child); });
  }
  bool switched_off(const TraceNode& ground) const {
    return std::any_of(ground.children.begin(), ground.children.end(), [&](const TraceNode& part) {
      return part.kind == TraceNode::Kind::condition && part.text != "when" && static_cast<Truth>(part.cell.lo) == Truth::no && turns_on_switch(part);
    });
  }

  // In the verdict and in its portable form remedies have the same order.
  void remedies(const verdict::Verdict& found, const verdict::PortableVerdict& mine, const verdict::PortableVerdict& theirs, std::vector<DiffReason>& out) {
    std::vector<verdict::PortableRemedy> others = theirs.remedies;
    for (std::size_t i = 0; i < found.remedies.size(); ++i) {
      if (const auto same = std::find(others.begin(), others.end(), mine.remedies[i]); same != others.end()) {
        others.erase(same);
        continue;
      }
      const verdict::RemedyEntry& entry = found.remedies[i];
      const TraceNode trace = interpreter().explain_remedy(entry.remedy, walk_.row_of(entry.remedy, entry.table_row));
      for (const Standing& on : standing(program_, *evaluated_.results, names_, walk_, entry, trace)) {
        DiffReason reason{DiffReason::About::remedy, i, {}, {}, {}, scope_row_words(names_, on.row, language_), {}, {}};
        for (const std::size_t rule : on.rules)
          for (std::string& because : words_.rule(told(trace.children[rule]), most_reasons)) reason.because.push_back(std::move(because));
        out.push_back(std::move(reason));
      }
      out.back().needs = in_words(entry.needs);
    }
  }

  // What only the other side has: by which rules it could have come about here. Of several of one kind the first is looked at.
  void absent(std::size_t place, const verdict::PortableVerdict& mine, const verdict::PortableVerdict& theirs, std::vector<DiffReason>& out) {
    std::set<std::pair<std::string, verdict::PortableRow>> here;
    for (const verdict::PortableRemedy& remedy : mine.remedies) here.emplace(report_.concept_of(remedy.remedy), remedy.target);
    std::set<std::string> looked_at;
    for (std::size_t i = 0; i < theirs.remedies.size(); ++i) {
      const verdict::PortableRemedy& remedy = theirs.remedies[i];
      const std::string& what = report_.concept_of(remedy.remedy);
      if (here.contains({what, remedy.target}) || !looked_at.insert(what).second) continue;
      bool any = false;
      for (const std::uint32_t rule : rules_for(remedy)) any = silent(rule, place, i, remedy.target, out) || any;
      if (!any) out.push_back({DiffReason::About::absent_remedy, i, {}, {}, {}, {}, {}, {}});
    }
  }

  // Those at the same address before others.
  std::vector<std::uint32_t> rules_for(const verdict::PortableRemedy& remedy) const {
    std::vector<std::uint32_t> same_address, others;
    for (std::uint32_t g = 0; g < program_.grounds.size(); ++g) {
      const core::Ground& ground = program_.grounds[g];
      if (report_.concept_of(program_.schema.remedies[ground.remedy].id) != report_.concept_of(remedy.remedy) || ground.cite == none) continue;
      const std::string& address = program_.schema.nodes[ground.cite].address;
      if (!wording_.contains(address)) continue;   // of the other state of this text
      (std::find(remedy.cites.begin(), remedy.cites.end(), address) != remedy.cites.end() ? same_address : others).push_back(g);
    }
    std::vector<std::uint32_t>& chosen = same_address.empty() ? others : same_address;
    if (chosen.size() > most_silent_rules) chosen.resize(most_silent_rules);
    return chosen;
  }

  // False: the rule is of the other state of this text.
  bool silent(std::uint32_t rule, std::size_t place, std::size_t remedy, const verdict::PortableRow& target, std::vector<DiffReason>& out) {
    const core::Ground& ground = program_.grounds[rule];
    const std::string address = names_.address(ground.cite);
    const std::string& own = program_.schema.remedies[ground.remedy].id;
    const Entity& scope = program_.schema.entities[ground.scope];
    std::size_t listed = 0;
    for (const std::uint32_t row : rows_of(ground.scope, static_cast<std::uint32_t>(place))) {
      if (scope.id == target.entity && names_.key(ground.scope, row) != target.key) continue;   // of another thing
      const TraceNode trace = interpreter().explain_ground(rule, walk_.own_row(ground.scope, row));
      if (switched_off(trace)) return false;
      if (listed++ == most_silent_rows) break;
      DiffReason reason{DiffReason::About::absent_remedy, remedy, own, address, {}, row_words(ground.scope, row), {}, {}};
      const std::string why = words_.silent(told(trace), most_silent_reasons);
      if (!why.empty()) reason.because.push_back(why);
      out.push_back(std::move(reason));
    }
    if (listed == 0) out.push_back({DiffReason::About::absent_remedy, remedy, own, address, {}, {}, {}, {}});
    return true;
  }

  const std::vector<std::uint32_t>& rows_of(EntityId scope, std::uint32_t place) {
    const auto [there, added] = rows_.try_emplace(scope);
    if (added) {
      const verdict::Subjects& subjects = evaluated_.assembler->subjects();
      for (std::uint32_t row = 0; row < subjects.rows(scope); ++row)
        if (const std::uint32_t of = subjects.of(scope, row); of != none && subjects.there(scope, row) != Truth::no) there->second[of].push_back(row);
    }
    static const std::vector<std::uint32_t> nothing;
    const auto rows = there->second.find(place);
    return rows == there->second.end() ? nothing : rows->second;
  }

  void heads(const verdict::Verdict& found, const verdict::PortableVerdict& mine, const verdict::PortableVerdict& theirs, std::vector<DiffReason>& out) {
    const std::set<std::string> changed = only(mine.heads, theirs.heads);
    for (const verdict::HeadEntry& entry : found.heads) {
      const std::string address = names_.address(entry.cite);
      if (!changed.contains(address) || entry.rows.empty()) continue;
      const verdict::HeadEntry::At& at = entry.rows.front();
      const program::HeadInfo& head = evaluated_.agreement->info.heads[at.head];
      const std::uint32_t row = walk_.own_row(head.entity, at.row);
      std::vector<std::string> because = words_.reason_list(told(interpreter().explain(program_.computed[head.computed].expr, row)));
      if (because.size() > most_reasons) because.resize(most_reasons);
      std::vector<std::string> needs;
      if (entry.state == verdict::State::undetermined) needs = in_words(interpreter().needs_of_proposition(head.computed, row));
      out.push_back({DiffReason::About::head, 0, {}, address, {}, row_words(head.entity, at.row), std::move(because), std::move(needs)});
    }
  }

  void duties(const verdict::Verdict& found, const verdict::PortableVerdict& mine, const verdict::PortableVerdict& theirs, std::vector<DiffReason>& out) {
    const std::set<std::string> changed = only(mine.duties, theirs.duties);
    std::size_t listed = 0;
    for (const verdict::DutyEntry& entry : found.duties) {
      if (entry.state == verdict::DutyState::not_applicable) continue;
      const std::string address = names_.address(program_.duties[entry.duty].cite);
      if (!changed.contains(address)) continue;
      if (listed++ == most_duties) break;
      const std::string why = words_.duty(told(interpreter().explain_duty(entry.duty, walk_.own_row(entry.target.entity, entry.target.row))), most_reasons);
      if (!why.empty()) out.push_back({DiffReason::About::duty, 0, {}, address, {program_.schema.entities[entry.target.entity].id, entry.target.key}, {}, {why}, {}});
    }
  }

  static std::set<std::string> only(const std::vector<verdict::PortableEntry>& mine, const std::vector<verdict::PortableEntry>& theirs) {
    std::set<std::string> out;
    for (const verdict::PortableEntry& entry : mine)
      if (!std::binary_search(theirs.begin(), theirs.end(), entry)) out.insert(entry.name);
    return out;
  }

  const DiffSides::Evaluated& evaluated_;
  const core::Program& program_;
  EvidenceWalk& walk_;
  verdict::Names names_;
  TraceWords words_;
  const DiffReport& report_;
  const Wording& wording_;
  std::set<std::string> switches_;
  verdict::Language language_;
  std::map<EntityId, std::map<std::uint32_t, std::vector<std::uint32_t>>> rows_;   // of a scope, by subject
};

}  // namespace

Status reasons(DiffSides& sides, const DiffRequest::Reasons& wanted, const DiffPlaces& places, const DiffSides::Evaluated& before, const DiffSides::Evaluated& after,
               const Progress& progress, DiffReport& report) {
  std::vector<std::uint32_t> chosen = weightiest_first(report);
  if (chosen.size() > wanted.subjects) chosen.resize(wanted.subjects);
  for (const bool later : {false, true}) {
    const DiffSides::Evaluated& evaluated = later ? after : before;
    const Status failed = sides.walk(later, evaluated, [&](EvidenceWalk& walk) -> Status {
      Side side(evaluated, walk, report, later ? report.wording_after : report.wording_before, wanted.language);
      std::size_t done = 0;
      for (const std::uint32_t s : chosen) {
        DiffSubject& subject = report.differing[s];
        if (Status wrong = side.about((later ? places.after : places.before)[s], later ? subject.after : subject.before, later ? subject.before : subject.after, later ? subject.why_after : subject.why_before))
          return wrong;
        if (progress) progress(Stage::writing, static_cast<double>(++done) / static_cast<double>(chosen.size()));
      }
      return std::nullopt;
    });
    if (failed) return failed;
  }
  return std::nullopt;
}

}  // namespace tiao::driver
