#include "runtime/verdict/assemble.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "runtime/verdict/words.hpp"

namespace tiao::verdict {
namespace {

using program::GroundInfo;
using program::ParamForm;
using program::ParamInfo;

State state_of(Truth truth) {
  return truth == Truth::yes ? State::applies : truth == Truth::error ? State::error : State::undetermined;
}

bool known_as(const Cell& cell, std::int64_t value) { return cell.lo == value && cell.hi == value; }

// What the text leaves open is a known value of its own, and is shown as open.
Value make_value(const ParamInfo& wording, const Type& type, const Cell& lo, const Cell& hi) {
  Value value{type, ValueForm::plain, lo, hi, {}, {}, {}, wording.in_principle};
  const std::int64_t open = type.kind == Kind::duration ? unstated_duration : unstated_day;
  const bool may_be_open = type.kind == Kind::duration || type.kind == Kind::date;
  if (wording.form == ParamForm::unstated || (may_be_open && known_as(lo, open) && known_as(hi, open))) {
    value.form = ValueForm::unstated;
  } else if (wording.form == ParamForm::at_most) {
    value.form = ValueForm::at_most;
    value.of = wording.of;
  } else if (wording.form == ParamForm::at_least) {
    value.form = ValueForm::at_least;
    value.of = wording.of;
  } else if (type.kind == Kind::date && known_as(hi, never_day) && known_as(lo, never_day)) {
    value.form = ValueForm::until;
    value.event = wording.event;
  } else if (!(lo == hi)) {
    value.form = ValueForm::between;
  }
  return value;
}

// A column in which no rule says anything is empty.
Cell cell_at(const CellColumn& column, std::uint32_t row) {
  return row < column.lo.size() ? column.at(row) : between(neg_inf, pos_inf);
}

const Value* find_time(const RemedyEntry& entry, std::string_view name) {
  for (const auto& [which, value] : entry.times)
    if (which == name) return &value;
  return nullptr;
}

// Was a day reached by counting? What the text leaves open, or what waits for an event, was not.
bool is_counted(const Value* day) { return day != nullptr && day->form != ValueForm::unstated && day->form != ValueForm::until && !(day->lo == between(neg_inf, pos_inf)); }

void list_conventions(NodeId cite, const std::vector<std::string>& sources, Verdict& verdict) {
  for (const std::string& source : sources) {
    const bool listed = std::any_of(verdict.conventions.begin(), verdict.conventions.end(), [&](const ConventionEntry& c) { return c.cite == cite && c.source == source; });
    if (!listed) verdict.conventions.push_back({cite, source});
  }
}

// The last day on which an end may fall, and the first: of a permitted range both ends count.
std::pair<std::int64_t, std::int64_t> span_of(const Value& value) {
  if (value.form == ValueForm::unstated || value.form == ValueForm::until) return {pos_inf, pos_inf};
  return {value.lo.lo, value.form == ValueForm::plain ? value.lo.hi : value.hi.hi};
}

}  // namespace

const GroundInfo& Assembler::lead(const RemedyEntry& entry) const {
  return run_.info.grounds[run_.results.remedies[entry.remedy].lead[entry.table_row]];
}

// The wording of the leading ground, or of the first other ground of the row that says something at all.
template <class Pick>
const ParamInfo* Assembler::wording(const RemedyEntry& entry, Pick pick) const {
  const ParamInfo* own = pick(lead(entry));
  if (own != nullptr && own->form != ParamForm::absent) return own;
  const RemedyTable& table = run_.results.remedies[entry.remedy];
  const std::uint64_t grounds = table.held[entry.table_row] | table.open[entry.table_row];
  for (std::uint32_t g = first_ground_[entry.remedy]; g < first_ground_[entry.remedy + 1]; ++g) {
    const std::uint32_t bit = g - first_ground_[entry.remedy];
    if (bit >= 64 || (grounds >> bit & 1) == 0) continue;
    const ParamInfo* found = pick(run_.info.grounds[g]);
    if (found != nullptr && found->form != ParamForm::absent) return found;
  }
  return nullptr;
}

void Assembler::add_values(RemedyEntry& entry) const {
  const Remedy& remedy = run_.schema.remedies[entry.remedy];
  const RemedyTable& table = run_.results.remedies[entry.remedy];
  const std::uint32_t row = entry.table_row;
  for (std::uint32_t p = 0; p < remedy.params.size(); ++p) {
    const ParamInfo* said = wording(entry, [p](const GroundInfo& g) { return p < g.params.size() ? &g.params[p] : nullptr; });
    if (said != nullptr) entry.params.emplace_back(p, make_value(*said, remedy.params[p].type, cell_at(table.lo[p], row), cell_at(table.hi[p], row)));
  }
  const ParamInfo* length = wording(entry, [](const GroundInfo& g) { return &g.length; });
  const ParamInfo* from = wording(entry, [](const GroundInfo& g) { return &g.from; });
  const ParamInfo* until = wording(entry, [](const GroundInfo& g) { return &g.until; });
  const Type duration{Kind::duration}, date{Kind::date};
  if (length != nullptr) entry.times.emplace_back("for", make_value(*length, duration, cell_at(table.length, row), cell_at(table.length_hi, row)));
  if (from != nullptr) entry.times.emplace_back("from", make_value(*from, date, cell_at(table.from, row), cell_at(table.from, row)));
  const bool from_length = length != nullptr && from != nullptr && entry.times.front().second.form != ValueForm::unstated;
  if (until != nullptr || from_length) {
    const ParamInfo computed{ParamForm::exact, length != nullptr && length->in_principle, {}, {}};
    entry.times.emplace_back("until", make_value(until != nullptr ? *until : computed, date, cell_at(table.until, row), cell_at(table.until_hi, row)));
  }
}

void Assembler::add_choice(RemedyEntry& entry) const {
  const Remedy& remedy = run_.schema.remedies[entry.remedy];
  const RemedyTable& table = run_.results.remedies[entry.remedy];
  if (remedy.chosen_param == none || table.exercised.empty()) return;
  if (static_cast<Truth>(table.exercised[entry.table_row]) != Truth::yes) return;
  const Cell chosen = cell_at(table.chosen, entry.table_row);
  entry.has_choice = true;
  entry.choice = {remedy.params[remedy.chosen_param].type, ValueForm::plain, chosen, chosen, {}, {}, {}, false};
}

Phase Assembler::phase(const RemedyEntry& entry) const {
  const Value* from = find_time(entry, "from");
  const Value* until = find_time(entry, "until");
  if (from == nullptr && until == nullptr) return Phase::none;
  const auto [start_lo, start_hi] = from != nullptr ? span_of(*from) : std::pair{neg_inf, neg_inf};
  const auto [end_lo, end_hi] = until != nullptr ? span_of(*until) : std::pair{pos_inf, pos_inf};
  const std::int64_t day = run_.as_of;
  if (start_lo > day) return Phase::ahead;
  if (end_hi <= day && end_hi != pos_inf) return Phase::over;
  return start_hi <= day && end_lo > day ? Phase::running : Phase::undecided;
}

RemedyEntry Assembler::remedy_entry(RemedyAt at) const {
  const RemedyTable& table = run_.results.remedies[at.remedy];
  RemedyEntry entry;
  entry.remedy = at.remedy;
  entry.table_row = at.row;
  const GroundInfo& ground = lead(entry);
  entry.actor = ground.actor;
  entry.modality = ground.modality;
  entry.in_principle = ground.in_principle;
  entry.alternative = ground.alternative;
  entry.state = state_of(static_cast<Truth>(table.state[at.row]));
  entry.target = names().row(run_.schema.remedies[at.remedy].target, table.target[at.row]);
  add_values(entry);
  add_choice(entry);
  entry.phase = phase(entry);
  add_cites(entry);
  return entry;
}

// The rows of its scope on which a ground stands that the remedy rests on.
template <class Visit>
void Assembler::visit_scope_rows(const RemedyEntry& entry, std::uint32_t ground, Visit visit) const {
  const RemedyTable& table = run_.results.remedies[entry.remedy];
  const std::uint32_t row = entry.table_row;
  // Unless a remedy comes together over all rows, its grounds do so on one.
  if (ground == table.lead[row] || run_.schema.remedies[entry.remedy].combine != Combine::once) visit(static_cast<std::uint32_t>(table.scope_row[row]));
  else if (run_.info.grounds[ground].on_own_row) visit(entry.target.row);
  const auto [first, end] = table.further.of(row);
  for (std::size_t i = first; i < end; ++i)
    if (table.further.ground[i] == ground) visit(static_cast<std::uint32_t>(table.further.scope_row[i]));
}

// The clauses that ground the remedy, in the order of the text; behind them the items by which they came to hold.
void Assembler::add_cites(RemedyEntry& entry) const {
  const RemedyTable& table = run_.results.remedies[entry.remedy];
  const bool sure = table.held[entry.table_row] != 0;
  std::uint64_t cited = sure ? table.held[entry.table_row] : table.open[entry.table_row];
  std::vector<NodeId> items;
  if (cited == 0) entry.cites.push_back(lead(entry).cite);
  for (; cited != 0; cited &= cited - 1) {
    const std::uint32_t g = first_ground_[entry.remedy] + static_cast<std::uint32_t>(__builtin_ctzll(cited));
    const GroundInfo& ground = run_.info.grounds[g];
    entry.cites.push_back(ground.cite);
    if (ground.via.empty()) continue;
    visit_scope_rows(entry, g, [&](std::uint32_t row) {
      const auto stands = [&](std::uint32_t computed) {
        const auto truth = static_cast<Truth>(run_.results.propositions[computed][row]);
        return truth == Truth::yes || (!sure && truth == Truth::unknown);
      };
      for (const program::Via& via : ground.via)
        if ((via.condition == none || stands(via.condition)) && stands(via.item)) items.push_back(via.node);
    });
  }
  const auto in_order = [](std::vector<NodeId>& nodes) {
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  };
  in_order(entry.cites);
  in_order(items);
  for (const NodeId item : items)
    if (std::find(entry.cites.begin(), entry.cites.end(), item) == entry.cites.end()) entry.cites.push_back(item);
}

// A recorded choice that cannot lie in the range permitted to the decider counts all the same, and is flagged.
void Assembler::add_choice_flag(const RemedyEntry& entry, Verdict& verdict) const {
  if (!entry.has_choice || entry.state != State::applies) return;
  const Remedy& remedy = run_.schema.remedies[entry.remedy];
  const RemedyTable& table = run_.results.remedies[entry.remedy];
  const Cell lo = cell_at(table.lo[remedy.chosen_param], entry.table_row), hi = cell_at(table.hi[remedy.chosen_param], entry.table_row);
  const Cell& chosen = entry.choice.lo;
  if (chosen.lo > chosen.hi || lo.lo > lo.hi || hi.lo > hi.hi) return;
  if (chosen.hi >= lo.lo && chosen.lo <= hi.hi) return;
  const Column& column = run_.schema.entities[remedy.target].columns[remedy.chosen_column];
  const Type& type = entry.choice.type;
  const std::string message = fmt::format("{}{}不在{}至{}之内", named(column.id, column.label, Language::zh), cell_words(names(), type, chosen, Language::zh),
                                          cell_words(names(), type, lo, Language::zh), cell_words(names(), type, hi, Language::zh));
  verdict.flags.push_back({FlagCode::choice_out_of_range, false, entry.cites.front(), entry.target, message,
                           {fmt::format("{}[{}].{}", run_.schema.entities[remedy.target].id, entry.target.key, column.id)}, none, none});
}

void Assembler::add_conventions(const RemedyEntry& entry, Verdict& verdict) const {
  const RemedyTable& table = run_.results.remedies[entry.remedy];
  std::uint64_t grounds = table.held[entry.table_row] | table.open[entry.table_row];
  for (; grounds != 0; grounds &= grounds - 1) {
    const GroundInfo& ground = run_.info.grounds[first_ground_[entry.remedy] + static_cast<std::uint32_t>(__builtin_ctzll(grounds))];
    list_conventions(ground.cite, ground.conventions, verdict);
    if (is_counted(find_time(entry, "from"))) list_conventions(ground.cite, ground.start_counted_by, verdict);
    if (is_counted(find_time(entry, "until"))) list_conventions(ground.cite, ground.end_counted_by, verdict);
  }
}

void Assembler::add_remedies(std::size_t i, Verdict& verdict) const {
  for (const RemedyAt* at = remedies_.begin(i); at != remedies_.end(i); ++at) verdict.remedies.push_back(remedy_entry(*at));
  std::stable_sort(verdict.remedies.begin(), verdict.remedies.end(), [&](const RemedyEntry& a, const RemedyEntry& b) {
    return std::tuple(lead(a).cite, a.remedy, a.table_row) < std::tuple(lead(b).cite, b.remedy, b.table_row);
  });
  std::int32_t heaviest = INT32_MIN;
  for (const RemedyEntry& entry : verdict.remedies)
    if (entry.state == State::applies) heaviest = std::max(heaviest, run_.schema.remedies[entry.remedy].severity);
  for (RemedyEntry& entry : verdict.remedies) {
    entry.heaviest = entry.state == State::applies && run_.schema.remedies[entry.remedy].severity == heaviest;
    add_choice_flag(entry, verdict);
    add_conventions(entry, verdict);
  }
}

void Assembler::add_heads(std::size_t i, Verdict& verdict) const {
  for (const RowAt* at = heads_.begin(i); at != heads_.end(i); ++at) {
    const auto& head = run_.info.heads[at->index];
    const auto own = static_cast<Truth>(run_.results.propositions[head.computed][at->row]);
    const State state = own == Truth::yes && subjects_.there(head.entity, at->row) != Truth::yes ? State::undetermined : state_of(own);
    const auto listed = std::find_if(verdict.heads.begin(), verdict.heads.end(), [&](const HeadEntry& h) { return h.cite == head.node && h.why == head.why; });
    if (listed == verdict.heads.end()) {
      verdict.heads.push_back({head.node, state, head.missing, head.why, {{at->index, at->row}}});
    } else if (listed->state == state) {
      listed->rows.push_back({at->index, at->row});
    } else if (listed->state != State::error && state != State::undetermined) {
      listed->state = state;   // error before applies before undetermined
      listed->rows = {{at->index, at->row}};
    }
  }
}

// Findings are the conditions met that no listed remedy cites itself: the items behind it.
void Assembler::add_findings(std::size_t i, Verdict& verdict) const {
  std::vector<NodeId> cited;
  for (const RemedyEntry& entry : verdict.remedies) cited.insert(cited.end(), entry.cites.begin(), entry.cites.end());
  std::sort(cited.begin(), cited.end());
  for (const NodeAt* at = findings_.begin(i); at != findings_.end(i); ++at)
    if (!std::binary_search(cited.begin(), cited.end(), at->node)) verdict.findings.push_back(at->node);
  std::sort(verdict.findings.begin(), verdict.findings.end());
  verdict.findings.erase(std::unique(verdict.findings.begin(), verdict.findings.end()), verdict.findings.end());
}

void Assembler::add_duties(std::size_t i, Verdict& verdict) const {
  for (const RowAt* at = duties_.begin(i); at != duties_.end(i); ++at) {
    const auto& info = run_.info.duties[at->index];
    const DutyTable& table = run_.results.duties[at->index];
    DutyEntry entry;
    entry.duty = at->index;
    entry.target = names().row(info.scope, at->row);
    entry.state = static_cast<DutyState>(table.state[at->row] - 1);
    entry.has_due = info.has_due;
    const Type day{Kind::date}, done{info.done_is_date ? Kind::date : Kind::boolean};
    const Cell due = cell_at(table.due, at->row), done_on = cell_at(table.done, at->row);
    if (info.has_due) entry.due = {day, ValueForm::plain, due, due, {}, {}, {}, false};
    if (info.has_due && entry.state != DutyState::not_applicable && is_counted(&entry.due)) list_conventions(info.cite, info.counted_by, verdict);
    entry.done = {done, ValueForm::plain, done_on, done_on, {}, {}, {}, false};
    verdict.duties.push_back(std::move(entry));
  }
}

void Assembler::add_reports(std::size_t i, Verdict& verdict) const {
  const auto add = [&](std::uint32_t index, std::uint32_t row) {
    const auto& info = run_.info.reports[index];
    const Cell cell = run_.results.reports[index].at(row);
    ReportEntry entry{index, {}, info.entity == none || subjects_.is_subject(info.entity), {}};
    if (info.entity != none) entry.row = names().row(info.entity, row);
    entry.value = make_value({ParamForm::exact, false, {}, {}}, info.type, cell, cell);
    verdict.reports.push_back(std::move(entry));
  };
  for (const RowAt* at = reports_.begin(i); at != reports_.end(i); ++at) add(at->index, at->row);
  for (const std::uint32_t index : reports_of_run_) add(index, 0);
}

void Assembler::add_requires(std::size_t i, Verdict& verdict) const {
  for (const RowAt* at = requires_.begin(i); at != requires_.end(i); ++at) {
    const auto& info = run_.info.requires_[at->index];
    FlagEntry flag{FlagCode::require, false, info.cite, names().row(info.scope, at->row), info.message, {}, at->index, at->row};
    flag.error = static_cast<Truth>(run_.results.requires_[at->index][at->row]) == Truth::error;
    const Entity& entity = run_.schema.entities[info.scope];
    for (const ColumnId column : info.columns) flag.facts.push_back(fmt::format("{}[{}].{}", entity.id, flag.target.key, entity.columns[column].id));
    verdict.flags.push_back(std::move(flag));
  }
}

Verdict Assembler::make(std::size_t i) const {
  Verdict verdict;
  const SubjectRow subject = subjects_.at(i);
  verdict.subject = names().row(subject.entity, subject.row);
  add_remedies(i, verdict);
  add_heads(i, verdict);
  add_findings(i, verdict);
  add_duties(i, verdict);
  add_reports(i, verdict);
  add_requires(i, verdict);
  std::sort(verdict.conventions.begin(), verdict.conventions.end(),
            [](const ConventionEntry& a, const ConventionEntry& b) { return std::tie(a.cite, a.source) < std::tie(b.cite, b.source); });
  verdict.not_applicable = not_applicable_to_all_;
  for (const NodeAt* at = not_applicable_.begin(i); at != not_applicable_.end(i); ++at) verdict.not_applicable.push_back(at->node);
  std::sort(verdict.not_applicable.begin(), verdict.not_applicable.end());
  verdict.not_applicable.erase(std::unique(verdict.not_applicable.begin(), verdict.not_applicable.end()), verdict.not_applicable.end());
  verdict.not_covered = not_covered_;
  verdict.outcome = outcome_of(verdict);
  return verdict;
}

Outcome outcome_of(const Verdict& verdict) {
  Outcome outcome = Outcome::decided;
  const auto take = [&](bool error, bool undetermined) {
    if (error) {
      outcome = Outcome::error;
    } else if (undetermined && outcome == Outcome::decided) {
      outcome = Outcome::undetermined;
    }
  };
  for (const RemedyEntry& entry : verdict.remedies) {
    take(entry.state == State::error, entry.state == State::undetermined);
    for (const auto& param : entry.params) take(in_error(param.second), !settled(param.second));
    for (const auto& time : entry.times) take(in_error(time.second), !settled(time.second));
  }
  for (const HeadEntry& head : verdict.heads) take(head.state == State::error, true);
  return outcome;
}

}  // namespace tiao::verdict
