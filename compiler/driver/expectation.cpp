#include "compiler/driver/expectation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/driver/expected_value.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::driver {
namespace {

using check::Expectation;
using check::ExpectedArgument;
using check::ExpectedCite;
using check::ExpectKind;
using verdict::Language;
using verdict::Outcome;
using verdict::RemedyEntry;
using verdict::State;
using verdict::Value;
using verdict::Verdict;

struct Matcher {
  const Verdicts& v;
  const Expectation& e;
  ExpectationResult result;

  const Schema& schema() const { return v.names.schema; }

  // --- addresses ---------------------------------------------------------------------------------------------------------
  // Where a supplement rewrote a node, what stood there before has the same address, and stands before it.
  NodeId first(const std::string& address) const {
    for (NodeId i = 0; i < schema().nodes.size(); ++i)
      if (schema().nodes[i].address == address) return i;
    return none;
  }
  NodeId last(const std::string& address) const {
    for (NodeId i = static_cast<NodeId>(schema().nodes.size()); i-- > 0;)
      if (schema().nodes[i].address == address) return i;
    return none;
  }
  bool under(NodeId at, const std::string& ancestor) const {
    for (; at != none; at = schema().nodes[at].parent)
      if (schema().nodes[at].address == ancestor) return true;
    return false;
  }
  bool named_by(const ExpectedCite& cite, NodeId found) const {
    const NodeId from = first(cite.from);
    if (from == none) return false;
    if (cite.to.empty()) return under(found, cite.from);
    const NodeId to = last(cite.to);
    return to != none && ((found >= from && found <= to) || under(found, cite.to));
  }
  bool cited(const std::vector<NodeId>& found) const {
    return std::all_of(e.cites.begin(), e.cites.end(), [&](const ExpectedCite& cite) {
      return std::any_of(found.begin(), found.end(), [&](NodeId at) { return named_by(cite, at); });
    });
  }
  void note_cites() {
    for (const ExpectedCite& cite : e.cites) {
      const NodeId from = first(cite.from), to = last(cite.to.empty() ? cite.from : cite.to);
      if (from == none || to == none) continue;
      for (NodeId i = from; i <= to; ++i) result.cited.insert(i);
    }
  }

  // --- needs -------------------------------------------------------------------------------------------------------------
  template <class Item> static bool is_named(const Item& item, const std::string& name) {
    return item.id == name || (!item.label.empty() && item.label == name);
  }
  bool is_need(const std::vector<std::string>& path, const Need& need) const {
    if (path.size() == 1) {
      if (need.name == path[0]) return true;
      return std::any_of(schema().parameters.begin(), schema().parameters.end(),
                         [&](const Parameter& p) { return is_named(p, path[0]) && p.id == need.name; });
    }
    const std::string& key = path[path.size() - 2];
    for (const Entity& entity : schema().entities)
      for (const Column& column : entity.columns)
        if (is_named(column, path.back()) && need.name == fmt::format("{}[{}].{}", entity.id, key, column.id)) return true;
    return need.kind == Need::Kind::open_register && need.name == fmt::format("{} of {}", path.back(), key);
  }
  bool needed(const std::vector<Need>& needs) const {
    return std::all_of(e.needs.begin(), e.needs.end(), [&](const auto& path) {
      return std::any_of(needs.begin(), needs.end(), [&](const Need& need) { return is_need(path, need); });
    });
  }

  // --- acts --------------------------------------------------------------------------------------------------------------
  bool concerns(const RemedyEntry& entry) const {
    return entry.remedy == e.remedy && (e.target.empty() || entry.target.key == e.target) &&
           (!e.has_modality || static_cast<std::uint8_t>(entry.modality) == static_cast<std::uint8_t>(e.modality)) &&
           (e.actor == none || entry.actor == e.actor) && (!e.in_principle || entry.in_principle);
  }
  bool argument(const RemedyEntry& entry, const ExpectedArgument& wanted) const {
    for (const auto& [param, value] : entry.params)
      if (param == wanted.param && matches_act(v.names, wanted.value, value)) return true;
    return entry.has_choice && schema().remedies[entry.remedy].chosen_param == wanted.param && matches_act(v.names, wanted.value, entry.choice);
  }
  bool time(const RemedyEntry& entry, bool wanted, std::string_view name, const check::ExpectedValue& expected) const {
    if (!wanted) return true;
    for (const auto& [which, value] : entry.times)
      if (which == name) return matches_act(v.names, expected, value);
    return false;
  }
  bool values(const RemedyEntry& entry) const {
    return std::all_of(e.arguments.begin(), e.arguments.end(), [&](const ExpectedArgument& a) { return argument(entry, a); }) &&
           time(entry, e.has_length, "for", e.length) && time(entry, e.has_from, "from", e.from) && time(entry, e.has_until, "until", e.until);
  }
  bool is_act(const RemedyEntry& entry) const {
    return concerns(entry) && entry.state == State::applies && values(entry) && cited(entry.cites);
  }
  static bool open(const RemedyEntry& entry) {
    const auto unsettled = [](const auto& named) { return !settled(named.second); };
    return entry.state == State::undetermined || std::any_of(entry.params.begin(), entry.params.end(), unsettled) ||
           std::any_of(entry.times.begin(), entry.times.end(), unsettled);
  }

  template <class Test> bool any_remedy(Test test) const {
    return std::any_of(v.all.begin(), v.all.end(),
                       [&](const Verdict& verdict) { return std::any_of(verdict.remedies.begin(), verdict.remedies.end(), test); });
  }
  bool undetermined() const {
    if (e.remedy != none)
      return any_remedy([&](const RemedyEntry& entry) { return concerns(entry) && open(entry) && values(entry) && needed(entry.needs) && cited(entry.cites); });
    return std::any_of(v.all.begin(), v.all.end(),
                       [&](const Verdict& verdict) { return verdict.outcome == Outcome::undetermined && needed(verdict.needs); });
  }

  // --- others ------------------------------------------------------------------------------------------------------------
  bool report() const {
    for (const Verdict& verdict : v.all)
      for (const verdict::ReportEntry& entry : verdict.reports)
        if (v.info.reports[entry.report].id == e.name && (e.target.empty() || entry.row.key == e.target) && matches_report(v.names, e.value, entry.value))
          return true;
    return false;
  }
  bool duty() const {
    for (const Verdict& verdict : v.all)
      for (const verdict::DutyEntry& entry : verdict.duties)
        if (e.name == name_of(entry.state) && (e.target.empty() || entry.target.key == e.target || verdict.subject.key == e.target) &&
            cited({v.info.duties[entry.duty].cite}))
          return true;
    return false;
  }
  // A check in error has not said what it is there to say, but neither has it passed.
  bool flag(bool or_in_error) const {
    for (const Verdict& verdict : v.all)
      for (const verdict::FlagEntry& entry : verdict.flags) {
        const bool meant = entry.message == e.text || e.text == name_of(entry.code);
        const bool there = e.target.empty() || entry.target.key == e.target || verdict.subject.key == e.target;
        if (meant && there && (or_in_error || !entry.error) && cited({entry.cite})) return true;
      }
    return false;
  }
  // Verdicts list findings without the row.
  bool finding() const {
    return std::any_of(v.all.begin(), v.all.end(), [&](const Verdict& verdict) {
      return (e.target.empty() || verdict.subject.key == e.target) && std::any_of(verdict.findings.begin(), verdict.findings.end(), [&](const NodeId node) { return v.names.address(node) == e.address; });
    });
  }
  Outcome worst() const {
    Outcome worst = Outcome::decided;
    for (const Verdict& verdict : v.all)
      if (e.target.empty() || verdict.subject.key == e.target) worst = std::max(worst, verdict.outcome);
    return worst;
  }
  bool elsewhere() const {
    for (const Verdict& verdict : v.all)
      for (const verdict::HeadEntry& entry : verdict.heads)
        if (entry.state == State::applies && v.names.address(entry.cite) == e.address) return true;
    return false;
  }

  bool met() const {
    switch (e.kind) {
      case ExpectKind::act: return any_remedy([&](const RemedyEntry& entry) { return is_act(entry); });
      case ExpectKind::no: return !any_remedy([&](const RemedyEntry& entry) { return concerns(entry) && (values(entry) || open(entry)) && cited(entry.cites); });
      case ExpectKind::undetermined: return undetermined();
      case ExpectKind::report: return report();
      case ExpectKind::duty: return duty();
      case ExpectKind::flag: return flag(false);
      case ExpectKind::no_flag: return !flag(true);
      case ExpectKind::finding: return finding();
      case ExpectKind::no_finding: return !finding();
      case ExpectKind::outcome: return e.name == name_of(worst());
      case ExpectKind::elsewhere: return elsewhere();
    }
    return false;
  }

  static std::string errors(const Verdict& verdict) {
    std::string out;
    for (const EvidenceError& error : verdict.errors) out += fmt::format(" !{} {}", error.code, error.message);
    return out;
  }

  // --- what there is instead ------------------------------------------------------------------------------------------------
  std::string remedies(Language language) const {
    std::string out;
    for (const Verdict& verdict : v.all)
      for (const RemedyEntry& entry : verdict.remedies) {
        if (e.remedy != none && entry.remedy != e.remedy) continue;
        if (!out.empty()) out += language == Language::zh ? "；" : "; ";
        out += fmt::format("{} {}", entry.target.key, act_words(v.names, entry, language));
        const std::string values = values_words(v.names, entry, language);
        if (!values.empty()) out += ' ' + values;
        out += fmt::format(" [{}] {}", words(entry.state, language), cites_words(v.names, entry.cites, language));
        for (const Need& need : entry.needs) out += fmt::format(" ?{}", need.name);
        if (entry.state == State::error) out += errors(verdict);
      }
    return out;
  }
  std::string reports(Language language) const {
    std::string out;
    for (const Verdict& verdict : v.all)
      for (const verdict::ReportEntry& entry : verdict.reports)
        if (v.info.reports[entry.report].id == e.name)
          out += fmt::format("{}{} {}", out.empty() ? "" : ", ", entry.row.key, value_words(v.names, entry.value, language));
    return out;
  }
  std::string duties(Language language) const {
    std::string out;
    for (const Verdict& verdict : v.all)
      for (const verdict::DutyEntry& entry : verdict.duties)
        out += fmt::format("{}{} {} {}", out.empty() ? "" : ", ", v.names.address(v.info.duties[entry.duty].cite, language), entry.target.key,
                           words(entry.state, language));
    return out;
  }
  std::string flags(Language language) const {
    std::string out;
    for (const Verdict& verdict : v.all)
      for (const verdict::FlagEntry& entry : verdict.flags)
        out += fmt::format("{}{} “{}”{} {}", out.empty() ? "" : ", ", entry.target.key, entry.message, entry.error ? fmt::format(" [{}]", words(State::error, language)) : "",
                           v.names.address(entry.cite, language));
    return out;
  }
  std::string findings(Language language) const {
    std::string out;
    for (const Verdict& verdict : v.all)
      for (const NodeId node : verdict.findings) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", verdict.subject.key, v.names.address(node, language));
    return out;
  }
  std::string outcomes(Language language) const {
    std::string out;
    for (const Verdict& verdict : v.all) {
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", verdict.subject.key, words(verdict.outcome, language));
      for (const Need& need : verdict.needs) out += fmt::format(" ?{}", need.name);
      out += errors(verdict);
    }
    return out;
  }
  std::string found(Language language) const {
    std::string text;
    switch (e.kind) {
      case ExpectKind::act:
      case ExpectKind::no: text = remedies(language); break;
      case ExpectKind::undetermined: text = e.remedy != none ? remedies(language) : outcomes(language); break;
      case ExpectKind::report: text = reports(language); break;
      case ExpectKind::duty: text = duties(language); break;
      case ExpectKind::flag:
      case ExpectKind::no_flag: text = flags(language); break;
      case ExpectKind::finding:
      case ExpectKind::no_finding: text = findings(language); break;
      case ExpectKind::outcome:
      case ExpectKind::elsewhere: text = outcomes(language); break;
    }
    if (text.empty()) return language == Language::zh ? "没有" : "nothing of the kind";
    return text;
  }
};

}  // namespace

ExpectationResult check_expectation(const Verdicts& verdicts, const Expectation& expectation) {
  Matcher matcher{verdicts, expectation, {}};
  matcher.result.met = matcher.met();
  if (matcher.result.met) {
    matcher.note_cites();
  } else {
    matcher.result.found_zh = matcher.found(Language::zh);
    matcher.result.found_en = matcher.found(Language::en);
  }
  return std::move(matcher.result);
}

}  // namespace tiao::driver
