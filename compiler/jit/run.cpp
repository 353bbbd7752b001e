#include "compiler/jit/run.hpp"

#include <algorithm>
#include <chrono>

#include "runtime/value/months.hpp"

namespace tiao::jit {

using engine::Vec;
using plan::Access;
using plan::Kernel;
using plan::Output;
using plan::Step;

namespace {
// Lower and upper ends.
bool has_upper(Kind kind) { return kind != Kind::boolean && kind != Kind::choice && kind != Kind::ratio; }
}  // namespace

Run::Run(const Variant& variant, bool brief, const Run* whole)
    : program_(*variant.program),
      variant_(variant),
      plan_(*variant.plan),
      brief_(brief),
      whole_(whole),
      store_(program_.schema, variant.slots),
      ledgers_(program_.ledgers.size()),
      timelines_(program_.timelines.size()),
      ledger_tables_(program_.ledgers.size(), nullptr),
      span_tables_(program_.timelines.size(), nullptr),
      indexes_(plan_.indexes.size(), nullptr),
      leads_(program_.schema.remedies.size()) {
  context_.slots = store_.slots();
  context_.ledgers = ledger_tables_.data();
  context_.timelines = span_tables_.data();
  context_.calendars = program_.schema.calendars.data();
  context_.indexes = indexes_.data();
  for (const core::Fold& fold : program_.folds) populations_.emplace_back(static_cast<std::uint32_t>(fold.source.same.size()));
  context_.populations = populations_.data();
  context_.month_starts = months::starts;
  tallies_.resize(plan_.ranks.size());
  prepare_results();
  const auto first = plan_.steps.begin();
  if (whole != nullptr) steps_.assign(first + plan_.parts.first, first + plan_.parts.end);
  else if (!brief) steps_ = plan_.steps;
  else std::copy_if(first, plan_.steps.end(), std::back_inserter(steps_), [](const Step& s) { return s.kind <= Step::report; });   // what is small may stay until the next run begins
}

void Run::begin(const facts::FactBase& facts, std::int64_t as_of, const Limits& limits, const Progress& progress) {
  facts_ = &facts;
  limits_ = &limits;
  progress_ = &progress;
  context_.as_of = as_of;
  store_.begin(facts);
  store_.set_temporary(plan_.parameters_set, const_cast<std::uint8_t*>(facts.parameter_set.data()));
  if (brief_) forget();
  clear_results();
  if (whole_ != nullptr) share();
  lend_facts();
  result_.outcome = Outcome::done;
  result_.error.clear();
  result_.step_seconds.clear();
  result_.peak_bytes = 0;
  done_ = 0;
  stopped_ = false;
  total_ = 0;
}

// What release steps would have given back, beside the tables of the store.
void Run::forget() {
  for (std::uint32_t f = 0; f < populations_.size(); ++f)
    if (populations_[f].ranking || populations_[f].bytes() != 0) populations_[f] = engine::PopulationFold(static_cast<std::uint32_t>(program_.folds[f].source.same.size()));
}

RunResult& Run::run(const facts::FactBase& facts, std::int64_t as_of, const Limits& limits, const Progress& progress) {
  begin(facts, as_of, limits, progress);
  if (progress)
    for (const Step& s : plan_.steps) total_ += work_of(s);
  if (!brief_) result_.step_seconds.assign(steps_.size(), 0);
  const bool parts = takes_parts();
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const bool go_on = parts && i == plan_.parts.first ? run_parts() : timed_step(i);
    if (!go_on) break;
    if (parts && i == plan_.parts.first) i = plan_.parts.end - 1;
  }
  if (progress && result_.outcome == Outcome::done) progress(total_, total_);
  if (!brief_) shrink_results();
  result_.peak_bytes = std::max(result_.peak_bytes, store_.peak_bytes());
  return result_;
}

bool Run::timed_step(std::size_t i) {
  if (brief_ || steps_[i].kind >= Step::duty) return step(steps_[i]);   // nothing that takes time: a look at the clock would take longer
  const auto start = std::chrono::steady_clock::now();
  const bool go_on = step(steps_[i]);
  result_.step_seconds[i] += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return go_on;
}

// Registers have their size before the run; what is derived is counted when it comes.
std::uint64_t Run::work_of(const Step& s) const {
  if (s.kind != Step::kernel) return 0;
  const Kernel& kernel = plan_.kernels[s.a];
  if (kernel.entity == none || program_.schema.entities[kernel.entity].origin != EntityOrigin::register_) return 0;
  return std::uint64_t{store_.rows(kernel.entity)} * (kernel.weight + 1);
}

bool Run::within_limits() {
  if (limits_->bytes != 0) {
    std::size_t kept = 0;
    for (const engine::PopulationFold& fold : populations_) kept += fold.bytes();
    for (const engine::Tally& tally : tallies_) kept += tally.bytes();
    if (store_.bytes() + kept > limits_->bytes) result_.outcome = Outcome::too_many_bytes;
  }
  if (limits_->derived_rows != 0) {
    std::uint64_t rows = 0;
    for (EntityId e = 0; e < program_.schema.entities.size(); ++e)
      if (program_.schema.entities[e].origin != EntityOrigin::register_) rows += store_.rows(e);
    if (rows > limits_->derived_rows) result_.outcome = Outcome::too_many_rows;
  }
  return result_.outcome == Outcome::done;
}

bool Run::step(const Step& s) {
  switch (s.kind) {
    case Step::parents: store_.need_parent(s.a); break;
    case Step::membership: membership(s.a, s.b); break;
    case Step::index: make_index(s.a); break;
    case Step::kernel: kernel(s.a); break;
    case Step::ranking: ranking(s.a); break;
    case Step::rank: rank(s.a); break;
    case Step::group: group(s.a); break;
    case Step::ledger: ledger(s.a); break;
    case Step::timeline: timeline(s.a); break;
    case Step::join: join(s.a); break;
    case Step::remedy: remedy(s.a); break;
    case Step::duty: hand_over_duty(s.a); break;
    case Step::report: hand_over_report(s.a); break;
    case Step::require:
    case Step::applicability:
    case Step::proposition: break;   // handed over by their kernels
    case Step::release_column: store_.release_column(s.a, s.b); break;
    case Step::release_members: store_.release_members(s.a); break;
    case Step::release_parents: store_.release_parents(s.a); break;
    case Step::release_entity: store_.release_entity(s.a); break;
    case Step::release_index: store_.release_index(s.a); break;
    case Step::release_temporary: store_.release_temporary(s.a); break;
    case Step::release_fold: populations_[s.a] = engine::PopulationFold(static_cast<std::uint32_t>(program_.folds[s.a].source.same.size())); break;
  }
  const bool stays = s.kind == Step::remedy && !plan_.remedies[s.a].acts.empty();   // makes nothing
  if (!brief_ && s.kind < Step::duty && !stays) store_.measure();
  return result_.outcome == Outcome::done && within_limits();
}

// --- Kernels

void Run::membership(std::uint32_t index, EntityId entity) {
  const std::uint32_t home = plan_.kernels[index].outputs[0].home.temporary;
  store_.set_temporary(home + plan::truth_bytes, store_.make_membership(entity));
  call(index, store_.rows(entity));
  store_.set_temporary(home + plan::truth_bytes, nullptr);
  store_.settle_membership(entity);
}

// Positions of the values of a kernel.
std::size_t Run::positions(const Kernel& kernel) const {
  switch (kernel.over) {
    case Kernel::once: return 1;
    case Kernel::rows: return store_.rows(kernel.entity);
    case Kernel::candidates: break;
  }
  return kernel.access.kind == Access::children ? store_.rows(kernel.access.entity) : store_.index(kernel.access.index).rows.size();
}

void Run::make_room(const Kernel& kernel, const Output& output, BitPairs* result, std::size_t rows) {
  const Kind kind = output.type.kind;
  const plan::Home& home = output.home;
  if (kind == Kind::boolean) return make_truths(kernel, output, result, rows);
  const bool late = kernel.by_stretch() && output.ranges && has_upper(kind) && !output.passing && home.stored();
  if (late) late_.emplace_back(&output);
  if (home.column != none) store_.make_column(home.entity, home.column, kind, output.ranges && !late);
  if (home.temporary == none || output.passing) return;
  for (unsigned part = 0; part < plan::temporaries_of(kind); ++part) {
    const std::uint32_t t = home.temporary + part;
    const bool upper = part % 2 == 1;   // hi, hi_den
    if (upper && (!output.ranges || late)) {
      store_.set_temporary(t, store_.slot(variant_.slots.temporary(t - 1)));
    } else {
      store_.make_temporary(t, rows * 8);
    }
  }
}

// Planes for what others read, results in their place; and room for bytes where these are not made stretch by stretch.
void Run::make_truths(const Kernel& kernel, const Output& output, BitPairs* result, std::size_t rows) {
  const plan::Home& home = output.home;
  if (!home.stored()) return;
  if (home.column != none) store_.make_column(home.entity, home.column, Kind::boolean, false);
  if (home.temporary != none && kernel.over == Kernel::rows && output.kind != Output::duty) {
    if (result != nullptr) {
      result->make_room(rows);
      store_.set_temporary(home.temporary, result->first());
      store_.set_temporary(home.temporary + 1, result->second());
    } else if (!output.passing) {
      for (const std::uint32_t plane : {0u, 1u}) store_.make_temporary(home.temporary + plane, BitPairs::room_of(rows) * 8);
    }
  }
  if (kernel.by_stretch() || kernel.words) return;
  if (home.temporary != none) {
    store_.make_temporary(home.temporary + plan::truth_bytes, rows);
  } else {
    loose_bytes_.emplace_back(std::max<std::size_t>(rows, 1));
    store_.set_slot(bytes_slot(output), loose_bytes_.back().data());
  }
}

// Upper ends that turned out to be the lower ones are given back, or never got room.
void Run::settle(const Output& output, std::size_t rows) {
  if (output.home.column != none) store_.settle_column(output.home.entity, output.home.column);
  const Kind kind = output.type.kind;
  if (!output.ranges || output.home.temporary == none || output.passing || !has_upper(kind)) return;
  const std::uint32_t lower = output.home.temporary, upper = lower + 1;
  auto words = [&](std::uint32_t t) { return static_cast<std::int64_t*>(store_.slot(variant_.slots.temporary(t))); };
  if (std::equal(words(lower), words(lower) + rows, words(upper))) store_.set_temporary(upper, words(lower));
}

void Run::kernel(std::uint32_t index) {
  const Kernel& kernel = plan_.kernels[index];
  const std::size_t rows = positions(kernel);
  late_.clear();
  for (std::size_t i = 0; i < kernel.outputs.size(); ++i) {
    BitPairs* const result = handed_[index][i].pairs;
    if (result != nullptr && kernel.over != Kernel::rows) result->resize(0);   // appended to
    make_room(kernel, kernel.outputs[i], result, rows);
  }
  if (!call(index, kernel.over == Kernel::once ? 1 : store_.rows(kernel.entity))) return;
  if (!brief_) store_.measure();   // before upper ends go that were not needed
  settle_late(static_cast<std::uint32_t>(rows));
  if (!kernel.words)   // truths have no upper ends
    for (const Output& output : kernel.outputs) settle(output, rows);
  loose_bytes_.clear();
}

void Run::make_index(std::uint32_t index) {
  const plan::IndexSpec& spec = plan_.indexes[index];
  switch (spec.kind) {
    case plan::IndexSpec::reverse: store_.add_reverse(index, spec.entity, spec.columns[0]); break;
    case plan::IndexSpec::partition: store_.add_partition(index, spec.entity, spec.columns, spec.looked_up); break;
    case plan::IndexSpec::path: {
      engine::ExpandInput input;
      input.owners = spec.entity != none ? store_.rows(spec.entity) : 1;
      EntityId at = spec.entity;
      if (spec.population != none) {
        at = spec.population;
        input.whole = store_.rows(at);
        input.whole_membership = store_.membership(at);
        input.whole_open = store_.population_open(at);
      } else if (spec.start != none) {
        at = spec.passed.empty() ? none : spec.passed[0];
        input.start = operand({spec.start, {Kind::ref, 0, at}, false, none, none});
      }
      std::vector<engine::Array<std::uint8_t>> kept;
      input.hops = hops(at, spec.hops, spec.hop_indexes, kept);
      input.distinct = spec.distinct;
      store_.add_index(index, engine::expand_index(input));
      break;
    }
  }
  indexes_[index] = &store_.index(index);
}

}  // namespace tiao::jit
