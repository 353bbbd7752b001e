#include "compiler/jit/run.hpp"

#include <algorithm>
#include <chrono>

namespace tiao::jit {

using engine::Vec;
using plan::Access;
using plan::Kernel;
using plan::Output;
using plan::Step;

namespace {
// Rows between two looks at the progress, and rows whose results are handed over while they are in cache.
constexpr std::uint32_t chunk = 1u << 17, stretch = 1u << 12;

// Lower and upper ends.
bool has_upper(Kind kind) { return kind != Kind::boolean && kind != Kind::choice && kind != Kind::ratio; }
}  // namespace

Run::Run(const Variant& variant, const facts::FactBase& facts, std::int64_t as_of, const Limits& limits, const Progress& progress)
    : program_(*variant.program),
      variant_(variant),
      plan_(*variant.plan),
      facts_(facts),
      limits_(limits),
      progress_(progress),
      store_(facts, variant.slots),
      ledgers_(program_.ledgers.size()),
      timelines_(program_.timelines.size()),
      ledger_tables_(program_.ledgers.size(), nullptr),
      span_tables_(program_.timelines.size(), nullptr),
      indexes_(plan_.indexes.size(), nullptr),
      leads_(program_.schema.remedies.size()) {
  context_.slots = store_.slots();
  context_.as_of = as_of;
  context_.ledgers = ledger_tables_.data();
  context_.timelines = span_tables_.data();
  context_.calendars = program_.schema.calendars.data();
  context_.indexes = indexes_.data();
  for (const core::Fold& fold : program_.folds) populations_.emplace_back(static_cast<std::uint32_t>(fold.source.same.size()));
  context_.populations = populations_.data();
}

RunResult Run::run() {
  prepare_results();
  for (const Step& s : plan_.steps) total_ += work_of(s);
  for (const Step& s : plan_.steps) {
    const auto start = std::chrono::steady_clock::now();
    const bool go_on = step(s);
    result_.step_seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    if (!go_on) break;
  }
  if (progress_ && result_.outcome == Outcome::done) progress_(total_, total_);
  shrink_results();
  result_.peak_bytes = store_.peak_bytes();
  return std::move(result_);
}

// Registers have their size before the run; what is derived is counted when it comes.
std::uint64_t Run::work_of(const Step& s) const {
  if (s.kind != Step::kernel) return 0;
  const Kernel& kernel = plan_.kernels[s.a];
  if (kernel.entity == none || program_.schema.entities[kernel.entity].origin != EntityOrigin::register_) return 0;
  return std::uint64_t{store_.rows(kernel.entity)} * (kernel.weight + 1);
}

bool Run::within_limits() {
  std::size_t kept = 0;
  for (const engine::PopulationFold& fold : populations_) kept += fold.bytes();
  if (limits_.bytes != 0 && store_.bytes() + kept > limits_.bytes) result_.outcome = Outcome::too_many_bytes;
  if (limits_.derived_rows != 0) {
    std::uint64_t rows = 0;
    for (EntityId e = 0; e < program_.schema.entities.size(); ++e)
      if (program_.schema.entities[e].origin != EntityOrigin::register_) rows += store_.rows(e);
    if (rows > limits_.derived_rows) result_.outcome = Outcome::too_many_rows;
  }
  return result_.outcome == Outcome::done;
}

bool Run::step(const Step& s) {
  switch (s.kind) {
    case Step::parents: store_.need_parent(s.a); break;
    case Step::membership: membership(s.a, s.b); break;
    case Step::index: make_index(s.a); break;
    case Step::kernel: kernel(s.a); break;
    case Step::group: group(s.a); break;
    case Step::ledger: ledger(s.a); break;
    case Step::timeline: timeline(s.a); break;
    case Step::join: join(s.a); break;
    case Step::remedy: remedy(s.a); break;
    case Step::duty: hand_over_duty(s.a); break;
    case Step::report:
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
  return result_.outcome == Outcome::done && within_limits();
}

// --- Kernels

// Kernels that may be called for a few rows at a time without costing more.
bool Run::by_stretch(const Kernel& kernel) { return kernel.over == Kernel::rows && kernel.order == none && !kernel.slow_start; }

// The slot of the bytes that a kernel makes of a Boolean output.
std::uint32_t Run::bytes_slot(const Output& output) const {
  const plan::Home& home = output.home;
  return home.temporary != none ? variant_.slots.temporary(home.temporary + plan::truth_bytes)
                                : variant_.slots.column(home.entity, home.column, engine::ColumnPlane::bytes);
}

// Outputs that nobody reads later share one stretch of memory with the bytes of Boolean ones and with upper ends that have no room of
// their own: their pointers are set so that row `begin` is its first.
std::size_t Run::set_stretch(const Kernel& kernel, std::uint32_t begin) {
  std::size_t words = 0;
  auto next = [&](std::size_t width) {
    const auto first = reinterpret_cast<std::uintptr_t>(stretch_.data() + words) - begin * width;
    words += stretch * width / 8;
    return reinterpret_cast<void*>(first);
  };
  if (!by_stretch(kernel)) return 0;
  for (const Output& output : kernel.outputs) {
    const Kind kind = output.type.kind;
    if (kind == Kind::boolean) {
      if (!kernel.words && output.home.stored() && output.kind != Output::register_membership) store_.set_slot(bytes_slot(output), next(1));
      continue;
    }
    if (!output.passing) continue;
    for (unsigned part = 0; part < plan::temporaries_of(kind); ++part) {
      const std::uint32_t t = output.home.temporary + part;
      const bool lower = part % 2 == 1 && !output.ranges;
      store_.set_temporary(t, lower ? store_.slot(variant_.slots.temporary(t - 1)) : next(8));
    }
  }
  for (const Output* output : late_) {
    void* const upper = next(8);
    if (output->home.temporary != none) store_.set_temporary(output->home.temporary + 1, upper);
    if (output->home.column != none) store_.lend_upper(output->home.entity, output->home.column, upper);
  }
  return words;
}

// Bytes that a kernel has just made become bits, where somebody reads these.
void Run::to_bits(const Kernel& kernel, std::uint32_t begin, std::uint32_t end) {
  for (const Output& output : kernel.outputs) {
    const plan::Home& home = output.home;
    if (output.type.kind != Kind::boolean || !home.stored() || output.kind == Output::duty || output.kind == Output::register_membership) continue;
    const std::uint8_t* bytes = static_cast<const std::uint8_t*>(store_.slot(bytes_slot(output))) + begin;
    auto put = [&](std::uint32_t yes, std::uint32_t no) {
      auto plane = [&](std::uint32_t number) { return static_cast<std::uint64_t*>(store_.slot(number)); };
      if (plane(yes) != nullptr) pack_pairs(bytes, end - begin, plane(yes) + begin / BitPairs::word_rows, plane(no) + begin / BitPairs::word_rows);
    };
    if (home.temporary != none) put(variant_.slots.temporary(home.temporary), variant_.slots.temporary(home.temporary + 1));
    if (home.column != none)
      put(variant_.slots.column(home.entity, home.column, engine::ColumnPlane::yes), variant_.slots.column(home.entity, home.column, engine::ColumnPlane::no));
  }
}

// Upper ends that differ from the lower ones get room; those of rows before are the lower ones.
void Run::keep_late(std::uint32_t begin, std::uint32_t end, std::uint32_t rows) {
  for (std::size_t i = 0; i < late_.size();) {
    const plan::Home& home = late_[i]->home;
    const bool column = home.temporary == none;
    const auto words = [&](bool upper) {
      return static_cast<std::int64_t*>(column ? store_.slot(variant_.slots.column(home.entity, home.column, upper ? engine::ColumnPlane::hi : engine::ColumnPlane::lo))
                                               : store_.slot(variant_.slots.temporary(home.temporary + (upper ? 1 : 0))));
    };
    const std::int64_t *lo = words(false), *hi = words(true);
    if (std::equal(lo + begin, lo + end, hi + begin)) {
      ++i;
      continue;
    }
    const auto fill = [&](std::int64_t* kept) {
      std::copy(lo, lo + begin, kept);
      std::copy(hi + begin, hi + end, kept + begin);
    };
    if (home.column != none) fill(store_.make_upper(home.entity, home.column));
    if (home.temporary != none) fill(static_cast<std::int64_t*>(store_.make_temporary(home.temporary + 1, std::size_t{rows} * 8)));
    late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

bool Run::call(std::uint32_t index, std::uint32_t rows) {
  const Kernel& kernel = plan_.kernels[index];
  const engine::RowKernel function = variant_.kernels[index];
  const std::uint64_t weight = kernel.weight + 1;
  if (rows == 0) return true;
  const bool in_order = kernel.order == none;
  const std::size_t room = set_stretch(kernel, 0);
  if (stretch_.size() < room) stretch_.resize(room);
  const std::uint32_t most = by_stretch(kernel) ? stretch : progress_ ? chunk : rows;
  for (std::uint32_t begin = 0; begin < rows;) {
    const std::uint32_t end = rows - begin > most ? begin + most : rows;
    if (room != 0) set_stretch(kernel, begin);
    function(&context_, begin, end);
    keep_late(begin, end, rows);
    if (kernel.over == Kernel::rows && !kernel.words && (in_order || end == rows)) to_bits(kernel, in_order ? begin : 0, end);
    if (kernel.over != Kernel::candidates && (in_order || end == rows))
      for (const Output& output : kernel.outputs) hand_over(kernel, output, in_order ? begin : 0, end);
    done_ += (end - begin) * weight;
    const bool look = end == rows || end % chunk == 0;
    begin = end;
    if (progress_ && look && !progress_(std::min(done_, total_), total_)) {
      result_.outcome = Outcome::stopped;
      return false;
    }
  }
  return true;
}

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

void Run::make_room(const Kernel& kernel, const Output& output, std::size_t rows) {
  const Kind kind = output.type.kind;
  const plan::Home& home = output.home;
  if (kind == Kind::boolean) return make_truths(kernel, output, rows);
  const bool late = by_stretch(kernel) && output.ranges && has_upper(kind) && !output.passing && home.stored();
  if (late) late_.push_back(&output);
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
void Run::make_truths(const Kernel& kernel, const Output& output, std::size_t rows) {
  const plan::Home& home = output.home;
  if (!home.stored()) return;
  if (home.column != none) store_.make_column(home.entity, home.column, Kind::boolean, false);
  if (home.temporary != none && kernel.over == Kernel::rows && output.kind != Output::duty) {
    const auto result = handed_pairs_.find(home.temporary);
    if (result != handed_pairs_.end()) {
      result->second->make_room(rows);
      store_.set_temporary(home.temporary, result->second->first());
      store_.set_temporary(home.temporary + 1, result->second->second());
    } else if (!output.passing || kernel.words) {
      for (const std::uint32_t plane : {0u, 1u}) store_.make_temporary(home.temporary + plane, BitPairs::room_of(rows) * 8);
    }
  }
  if (by_stretch(kernel) || kernel.words) return;
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
  for (const Output& output : kernel.outputs) make_room(kernel, output, rows);
  if (!call(index, kernel.over == Kernel::once ? 1 : store_.rows(kernel.entity))) return;
  for (const Output* output : late_) {
    const plan::Home& home = output->home;
    if (home.temporary != none) store_.set_temporary(home.temporary + 1, store_.slot(variant_.slots.temporary(home.temporary)));
    if (home.column != none) store_.lend_upper(home.entity, home.column, store_.slot(variant_.slots.column(home.entity, home.column, engine::ColumnPlane::lo)));
  }
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
