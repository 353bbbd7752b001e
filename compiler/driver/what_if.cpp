#include "compiler/driver/what_if.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "compiler/driver/load_facts.hpp"

namespace tiao::driver {
namespace {

constexpr std::size_t most_shown = 3;          // of one kind of change, remedy and goal
constexpr std::size_t most_rows_out = 200;     // that are looked at as if they were not there

// The more rows, the longer an evaluation takes.
std::uint64_t most_evaluations(const facts::FactBase& facts) { return std::clamp<std::uint64_t>(40'000'000 / std::max<std::uint64_t>(rows_of(facts), 1), 1500, 10'000); }

// --- How a verdict stands to another

bool same_terms(const verdict::RemedyEntry& a, const verdict::RemedyEntry& b) {
  const auto same_time = [](const auto& x, const auto& y) { return std::string_view(x.first) == y.first && x.second == y.second; };
  return a.state == b.state && a.params == b.params && std::equal(a.times.begin(), a.times.end(), b.times.begin(), b.times.end(), same_time) && a.has_choice == b.has_choice &&
         (!a.has_choice || a.choice == b.choice);
}

std::optional<verdict::Value> begins(const verdict::RemedyEntry& entry) {
  for (const auto& [time, value] : entry.times)
    if (std::string_view(time) == "from") return value;
  return std::nullopt;
}

// Remedies of one act on one target: those that are the same on both sides leave, the others are put side by side.
std::vector<Effect> effects_between(const verdict::Verdict& before, const verdict::Verdict& after) {
  using Key = std::pair<Act, std::string>;
  struct Sides { std::vector<const verdict::RemedyEntry*> before, after; };
  std::map<Key, Sides> sides;
  std::vector<Key> order;
  const auto of = [&](const verdict::RemedyEntry& entry) -> Sides& {
    const Key key{act_of(entry), entry.target.key};
    if (!sides.contains(key)) order.push_back(key);
    return sides[key];
  };
  for (const verdict::RemedyEntry& entry : before.remedies) of(entry).before.push_back(&entry);
  for (const verdict::RemedyEntry& entry : after.remedies) of(entry).after.push_back(&entry);
  std::vector<Effect> out;
  for (const Key& key : order) {
    auto& [old, now] = sides[key];
    std::erase_if(old, [&](const verdict::RemedyEntry* entry) {
      const auto same = std::find_if(now.begin(), now.end(), [&](const verdict::RemedyEntry* other) { return same_terms(*entry, *other); });
      if (same == now.end()) return false;
      now.erase(same);
      return true;
    });
    for (const verdict::RemedyEntry* entry : old) {   // what begins on the same day is the same, else what comes first
      auto same = std::find_if(now.begin(), now.end(), [&](const verdict::RemedyEntry* other) { return begins(*other) == begins(*entry); });
      if (same == now.end() && old.size() <= now.size()) same = now.begin();
      if (same == now.end()) {
        out.push_back({*entry, std::nullopt});
        continue;
      }
      out.push_back({*entry, **same});
      now.erase(same);
    }
    for (const verdict::RemedyEntry* entry : now) out.push_back({std::nullopt, *entry});
  }
  return out;
}

RemedyStanding standing_of(verdict::State state) {
  switch (state) {
    case verdict::State::applies: return RemedyStanding::on;
    case verdict::State::undetermined: return RemedyStanding::undetermined;
    case verdict::State::error: break;
  }
  return RemedyStanding::error;
}

// --- The run

class WhatIfRun {
 public:
  WhatIfRun(WhatIf& out, const WhatIfRequest& request, const Progress& progress)
      : out_(out), request_(request), progress_(progress), schema_(out.ready.agreement.schema()), program_(out.ready.agreement.compiled.program) {}

  Status run() {
    if (Status failed = verdict_of(*out_.evaluated, request_.run.only, out_.verdict)) return failed;
    std::vector<RemedyId> wanted;
    if (Status failed = named(wanted)) return failed;
    ask(wanted);
    const verdict::RowName& subject = out_.verdict.subject;
    const FactSpace space(out_.ready.facts, subject.entity, subject.row, most_rows_out);
    SearchLimits limits;
    limits.evaluations = most_evaluations(out_.ready.facts);
    WhatIfSearch search(program_, out_.ready.facts, out_.as_of, space, limits);
    std::size_t done = 0;
    for (std::size_t i = 0; i < out_.asked.size(); ++i)
      for (Turn& turn : out_.asked[i].turns) {
        if (progress_) progress_(Stage::searching, static_cast<double>(done++) / static_cast<double>(turns_));
        std::vector<Proposal> found = search.run(questions_[i], turn.to == RemedyStanding::on ? Truth::yes : Truth::no, turn.extent);
        if (Status failed = verify(std::move(found), i, turn)) return failed;
      }
    return std::nullopt;
  }

 private:
  // The same evaluation that gives the verdict, checked by the other engine.
  Status verdict_of(Case& evaluated, const std::string& subject, verdict::Verdict& out) const {
    std::size_t place = 0;
    if (Status failed = evaluated.find(subject, place)) return failed;
    out = evaluated.assembler().make(place);
    evaluated.walk().want_readings(false);
    verdict::SubjectEvidence evidence;
    std::string where;
    if (!evaluated.walk().collect(out, evidence, where))
      return internal_error(fmt::format("两个引擎的结果不一致：{}（{}）", where, out.subject.key), fmt::format("the engines differ: {} ({})", where, out.subject.key));
    verdict::add_evidence(out, std::move(evidence));
    return std::nullopt;
  }

  Status named(std::vector<RemedyId>& out) const {
    for (const std::string& name : request_.remedies) {
      RemedyId remedy = none;
      if (Status failed = find_remedy(schema_, name, remedy)) return failed;
      const bool imposed = std::any_of(program_.grounds.begin(), program_.grounds.end(), [&](const core::Ground& g) { return g.remedy == remedy; });
      if (!imposed) return usage(fmt::format("{} 没有条款给出“{}”", schema_.agreements[0].name, name), fmt::format("no clause of {} imposes \"{}\"", schema_.agreements[0].name, name));
      out.push_back(remedy);
    }
    return std::nullopt;
  }

  // What is listed; of remedies asked for by name also the acts that are not.
  void ask(const std::vector<RemedyId>& wanted) {
    for (std::size_t i = 0; i < out_.verdict.remedies.size(); ++i) {
      const verdict::RemedyEntry& entry = out_.verdict.remedies[i];
      if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), entry.remedy) == wanted.end()) continue;
      questions_.emplace_back(program_, out_.evaluated->walk(), out_.verdict, i);
      Asked asked{act_of(entry), i, standing_of(entry.state), entry.cites, questions_.back().answerable(), false, {}};
      if (asked.answerable && entry.state != verdict::State::applies) asked.turns.push_back({RemedyStanding::on, {}, {}, 0});
      if (asked.answerable) asked.turns.push_back({RemedyStanding::off, {}, {}, 0});
      out_.asked.push_back(std::move(asked));
    }
    for (const RemedyId remedy : wanted) ask_for_acts(remedy);
    for (const Asked& asked : out_.asked) turns_ += asked.turns.size();
  }

  void ask_for_acts(RemedyId remedy) {
    const EntityId target = schema_.remedies[remedy].target;
    const verdict::Subjects& subjects = out_.evaluated->assembler().subjects();
    const std::uint32_t subject = subjects.of(out_.verdict.subject.entity, out_.verdict.subject.row);
    std::vector<std::uint32_t> targets;
    std::vector<std::string> keys;
    for (std::uint32_t row = 0; row < subjects.rows(target); ++row)
      if (subjects.of(target, row) == subject) {
        targets.push_back(row);
        keys.push_back(out_.evaluated->assembler().names().key(target, row));
      }
    std::map<Act, std::vector<NodeId>> acts;
    for (const core::Ground& g : program_.grounds)
      if (g.remedy == remedy) acts[{remedy, static_cast<program::Modality>(g.modality), g.actor, g.alternative}].push_back(g.cite);
    for (auto& [act, cites] : acts) {
      if (std::any_of(out_.asked.begin(), out_.asked.end(), [&](const Asked& a) { return a.act == act; })) continue;
      questions_.emplace_back(program_, act, targets, keys);
      const bool placeless = targets.empty();
      std::sort(cites.begin(), cites.end());
      cites.erase(std::unique(cites.begin(), cites.end()), cites.end());
      out_.asked.push_back({act, std::nullopt, unlisted(act, *out_.evaluated, out_.verdict.subject), std::move(cites), true, placeless, {}});
      if (!placeless) out_.asked.back().turns.push_back({RemedyStanding::on, {}, {}, 0});
    }
  }

  // Off; not applicable where on every row in question every rule that imposes it is out of force or switched off.
  RemedyStanding unlisted(const Act& act, Case& evaluated, const verdict::RowName& of) const {
    const verdict::Subjects& subjects = evaluated.assembler().subjects();
    const std::uint32_t subject = subjects.of(of.entity, of.row);
    const Cell not_so = tiao::of(Truth::no);
    bool some = false;
    for (const core::Ground& g : program_.grounds) {
      if (Act{g.remedy, static_cast<program::Modality>(g.modality), g.actor, g.alternative} != act) continue;
      for (std::uint32_t row = 0; row < subjects.rows(g.scope); ++row) {
        if (subjects.of(g.scope, row) != subject || subjects.there(g.scope, row) == Truth::no) continue;
        some = true;
        EvidenceWalk& walk = evaluated.walk();
        if (g.applicable == none || walk.interpreter().evaluate(g.applicable, walk.own_row(g.scope, row)) != not_so) return RemedyStanding::off;
      }
    }
    return some ? RemedyStanding::not_applicable : RemedyStanding::off;
  }
  // The smallest of each kind of change.
  Status verify(std::vector<Proposal> found, std::size_t asked, Turn& turn) {
    std::map<Distance::Kind, std::size_t> shown;
    for (Proposal& proposal : found) {
      std::size_t& of_kind = shown[proposal.distance.kind];
      if (of_kind == most_shown) {
        ++turn.more;
        continue;
      }
      Verified verified;
      bool turned = false;
      if (Status failed = put_to_the_test(proposal, asked, turn.to, verified, turned)) return failed;
      if (!turned) continue;
      ++of_kind;
      verified.proposal = std::move(proposal);
      turn.shown.push_back(std::move(verified));
    }
    return std::nullopt;
  }

  Status put_to_the_test(const Proposal& proposal, std::size_t asked, RemedyStanding to, Verified& out, bool& turned) {
    const Run* run = nullptr;
    if (Status failed = run_with(proposal, run)) return failed;
    turned = questions_[asked].state(run->verdict) == (to == RemedyStanding::on ? Truth::yes : Truth::no);
    const Asked& about = out_.asked[asked];
    out.after = to == RemedyStanding::on ? to : run->unlisted.at(about.act);
    out.outcome = run->verdict.outcome;
    out.effects = effects_between(out_.verdict, run->verdict);
    const auto own = [&](const Effect& e) {   // the remedy asked about, coming or going
      if (about.entry) {
        const verdict::RemedyEntry& entry = out_.verdict.remedies[*about.entry];
        return e.before && e.before->table_row == entry.table_row && e.before->remedy == entry.remedy && (to == RemedyStanding::on || !e.after);
      }
      return !e.before && e.after && act_of(*e.after) == about.act;
    };
    std::erase_if(out.effects, own);
    return std::nullopt;
  }

  // One change often turns several remedies.
  struct Run {
    verdict::Verdict verdict;
    std::map<Act, RemedyStanding> unlisted;   // how each act asked about stands where it is not listed
  };
  Status run_with(const Proposal& proposal, const Run*& out) {
    std::vector<std::pair<FactCell, std::int64_t>> made;
    for (const Alteration& a : proposal.parts) made.emplace_back(a.cell, a.value.lo);
    const auto [at, fresh] = runs_.try_emplace(std::move(made));
    out = &at->second;
    if (!fresh) return std::nullopt;
    FactChanges changes(out_.ready.facts);
    WhatIfSearch::make(proposal, changes);
    Case other(out_.ready.agreement, out_.ready.facts, out_.as_of);
    if (Status failed = other.evaluate(*out_.ready.engine)) return failed;
    const verdict::RowName& subject = out_.verdict.subject;
    Run& run = at->second;
    if (Status failed = verdict_of(other, schema_.entities[subject.entity].id + ":" + subject.key, run.verdict)) return failed;
    for (const Asked& asked : out_.asked) run.unlisted.try_emplace(asked.act, unlisted(asked.act, other, run.verdict.subject));
    return std::nullopt;
  }

  WhatIf& out_;
  const WhatIfRequest& request_;
  const Progress& progress_;
  const Schema& schema_;
  const core::Program& program_;
  std::size_t turns_ = 0;
  std::vector<Question> questions_;   // parallel to what is asked
  std::map<std::vector<std::pair<FactCell, std::int64_t>>, Run> runs_;   // by the changes made
};

}  // namespace

const char* name_of(RemedyStanding standing) {
  switch (standing) {
    case RemedyStanding::on: return "on";
    case RemedyStanding::off: return "off";
    case RemedyStanding::undetermined: return "undetermined";
    case RemedyStanding::not_applicable: return "not_applicable";
    case RemedyStanding::error: return "error";
  }
  return "";
}

Status what_if(const Project& project, const WhatIfRequest& request, const Progress& progress, diag::Diagnostics& diagnostics, WhatIf& out) {
  if (Status failed = prepare(project, request.run, progress, diagnostics, out.ready)) return failed;
  if (out.ready.all_readings) return usage("explain 一次只用一种读法", "explain takes one choice of readings at a time");
  out.as_of = request.run.as_of;
  out.evaluated = std::make_unique<Case>(out.ready.agreement, out.ready.facts, request.run.as_of);
  if (Status failed = out.evaluated->evaluate(*out.ready.engine)) return failed;
  return WhatIfRun(out, request, progress).run();
}

}  // namespace tiao::driver
