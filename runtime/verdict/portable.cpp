#include "runtime/verdict/portable.hpp"

#include <algorithm>

namespace tiao::verdict {
namespace {

class Maker {
 public:
  Maker(const Names& names, const program::ProgramInfo& info) : names_(names), info_(info) {}

  PortableVerdict make(const Verdict& verdict) const {
    PortableVerdict out;
    out.subject = row(verdict.subject);
    out.outcome = verdict.outcome;
    for (const RemedyEntry& entry : verdict.remedies) out.remedies.push_back(remedy(entry));
    for (const HeadEntry& entry : verdict.heads)
      out.heads.push_back({names_.address(entry.cite), {}, std::string(name_of(entry.state)) + (entry.missing != none ? " " + names_.address(entry.missing) : "")});
    for (const DutyEntry& entry : verdict.duties) {
      std::string value = name_of(entry.state);
      if (entry.has_due) value += ' ' + text(entry.due) + ' ' + text(entry.done);
      out.duties.push_back({names_.address(info_.duties[entry.duty].cite), row(entry.target), std::move(value)});
    }
    for (const ReportEntry& entry : verdict.reports) out.reports.push_back({info_.reports[entry.report].id, row(entry.row), text(entry.value)});
    for (const FlagEntry& entry : verdict.flags) out.flags.push_back({entry.cite != none ? names_.address(entry.cite) : "", row(entry.target), entry.message});
    for (const NodeId node : verdict.findings) out.findings.push_back(names_.address(node));
    for (auto* entries : {&out.heads, &out.duties, &out.reports, &out.flags}) std::sort(entries->begin(), entries->end());
    std::sort(out.findings.begin(), out.findings.end());
    return out;
  }

 private:
  PortableRow row(const RowName& name) const { return name.entity == none ? PortableRow{} : PortableRow{names_.schema.entities[name.entity].id, name.key}; }

  std::string text(const Value& value) const {
    std::string out;
    JsonText json(out);
    append_value(json, names_, value);
    return out;
  }

  PortableRemedy remedy(const RemedyEntry& entry) const {
    PortableRemedy out;
    const Remedy& declared = names_.schema.remedies[entry.remedy];
    out.remedy = declared.id;
    out.target = row(entry.target);
    out.modality = name_of(entry.modality);
    if (entry.actor != none) out.actor = names_.actor(entry.actor);
    out.state = name_of(entry.state);
    out.in_principle = entry.in_principle;
    out.alternative = entry.alternative;
    for (const auto& [param, value] : entry.params) out.values.emplace_back(declared.params[param].id, text(value));
    for (const auto& [time, value] : entry.times) out.values.emplace_back(time, text(value));
    if (entry.has_choice) out.choice = text(entry.choice);
    for (const NodeId node : entry.cites) out.cites.push_back(names_.address(node));
    return out;
  }

  const Names& names_;
  const program::ProgramInfo& info_;
};

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& one : list) out += (out.empty() ? "" : "、") + one;
  return out;
}

// What a reader calls one and the same remedy on both sides.
bool same_remedy(const PortableRemedy& a, const PortableRemedy& b) { return a.remedy == b.remedy && a.target == b.target; }

class Comparison {
 public:
  std::vector<Change> compare(const PortableVerdict& before, const PortableVerdict& after) {
    if (before.outcome != after.outcome) add(Change::Kind::outcome, {}, before.subject, {}, name_of(before.outcome), name_of(after.outcome));
    remedies(before.remedies, after.remedies);
    entries(Change::Kind::head, Change::Kind::head, before.heads, after.heads);
    entries(Change::Kind::duty, Change::Kind::duty, before.duties, after.duties);
    entries(Change::Kind::report, Change::Kind::report, before.reports, after.reports);
    entries(Change::Kind::flag_lost, Change::Kind::flag_gained, before.flags, after.flags);
    out_.insert(out_.end(), basis_.begin(), basis_.end());
    findings(before.findings, after.findings);
    return std::move(out_);
  }

 private:
  void add(Change::Kind kind, std::string name, PortableRow row, std::string field, std::string before, std::string after) {
    out_.push_back({kind, std::move(name), std::move(row), std::move(field), std::move(before), std::move(after)});
  }

  // Entries that are equal go first, then those that differ least, then whatever is left of the same remedy and target.
  void remedies(const std::vector<PortableRemedy>& before, const std::vector<PortableRemedy>& after) {
    std::vector<bool> taken(after.size(), false);
    std::vector<std::size_t> partner(before.size(), after.size());
    const auto pair_up = [&](auto&& alike) {
      for (std::size_t i = 0; i < before.size(); ++i) {
        if (partner[i] != after.size()) continue;
        for (std::size_t j = 0; j < after.size(); ++j)
          if (!taken[j] && same_remedy(before[i], after[j]) && alike(before[i], after[j])) {
            partner[i] = j, taken[j] = true;
            break;
          }
      }
    };
    pair_up([](const auto& a, const auto& b) { return a == b; });
    pair_up([](const auto& a, const auto& b) { return a.modality == b.modality && a.values == b.values && a.alternative == b.alternative; });
    pair_up([](const auto& a, const auto& b) { return a.cites == b.cites; });
    pair_up([](const auto& a, const auto& b) { return a.modality == b.modality; });
    pair_up([](const auto&, const auto&) { return true; });
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (partner[i] == after.size()) add(Change::Kind::remedy_lost, before[i].remedy, before[i].target, {}, joined(before[i].cites), {});
      else differences(before[i], after[partner[i]]);
    }
    for (std::size_t j = 0; j < after.size(); ++j)
      if (!taken[j]) add(Change::Kind::remedy_gained, after[j].remedy, after[j].target, {}, {}, joined(after[j].cites));
  }

  void differences(const PortableRemedy& a, const PortableRemedy& b) {
    const std::size_t first = out_.size();
    const auto field = [&](const char* name, const std::string& before, const std::string& after) {
      if (before != after) add(Change::Kind::remedy_changed, a.remedy, a.target, name, before, after);
    };
    field("modality", a.modality, b.modality);
    field("in_principle", a.in_principle ? "true" : "false", b.in_principle ? "true" : "false");
    field("state", a.state, b.state);
    field("actor", a.actor, b.actor);
    field("alternative", std::to_string(a.alternative), std::to_string(b.alternative));
    field("choice", a.choice, b.choice);
    for (const auto& [name, value] : a.values) {
      const auto there = std::find_if(b.values.begin(), b.values.end(), [&, n = &name](const auto& v) { return v.first == *n; });
      field(name.c_str(), value, there == b.values.end() ? std::string() : there->second);
    }
    for (const auto& [name, value] : b.values)
      if (std::none_of(a.values.begin(), a.values.end(), [&, n = &name](const auto& v) { return v.first == *n; })) field(name.c_str(), {}, value);
    if (out_.size() == first && a.cites != b.cites) basis_.push_back({Change::Kind::basis, a.remedy, a.target, "cites", joined(a.cites), joined(b.cites)});
  }

  void entries(Change::Kind lost, Change::Kind gained, const std::vector<PortableEntry>& before, const std::vector<PortableEntry>& after) {
    std::vector<PortableEntry> only_before, only_after;
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(only_before));
    std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(only_after));
    std::vector<bool> taken(only_after.size(), false);
    for (const PortableEntry& a : only_before) {
      std::size_t j = 0;
      while (j < only_after.size() && (lost != gained || taken[j] || only_after[j].name != a.name || only_after[j].row != a.row)) ++j;
      if (j < only_after.size()) taken[j] = true;
      add(lost, a.name, a.row, {}, a.value, j < only_after.size() ? only_after[j].value : std::string());
    }
    for (std::size_t j = 0; j < only_after.size(); ++j)
      if (!taken[j]) add(gained, only_after[j].name, only_after[j].row, {}, {}, only_after[j].value);
  }

  void findings(const std::vector<std::string>& before, const std::vector<std::string>& after) {
    if (before == after) return;
    std::vector<std::string> gone, come;
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(gone));
    std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(come));
    add(Change::Kind::basis, {}, {}, "findings", joined(gone), joined(come));
  }

  std::vector<Change> out_, basis_;
};

}  // namespace

PortableVerdict portable(const Verdict& verdict, const Names& names, const program::ProgramInfo& info) { return Maker(names, info).make(verdict); }

std::vector<Change> changes(const PortableVerdict& before, const PortableVerdict& after) { return Comparison().compare(before, after); }

bool on_another_basis(const std::vector<Change>& changes) {
  return !changes.empty() && std::all_of(changes.begin(), changes.end(), [](const Change& c) { return c.kind == Change::Kind::basis; });
}

const char* name_of(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::outcome: return "outcome";
    case Change::Kind::remedy_gained: return "remedy_gained";
    case Change::Kind::remedy_lost: return "remedy_lost";
    case Change::Kind::remedy_changed: return "remedy_changed";
    case Change::Kind::head: return "head";
    case Change::Kind::duty: return "duty";
    case Change::Kind::report: return "report";
    case Change::Kind::flag_gained: return "flag_gained";
    case Change::Kind::flag_lost: return "flag_lost";
    case Change::Kind::basis: return "basis";
  }
  return "";
}

}  // namespace tiao::verdict
