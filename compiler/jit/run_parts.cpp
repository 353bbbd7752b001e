// Steps that are taken part by part: some thousand rows of a register at a time, with all that stands under them, as a run of its own on
// a slice of the facts. What it finds is put behind what the parts before it found, so that the results are those of one run over all rows,
// for any number of threads.
#include <algorithm>
#include <condition_variable>
#include <exception>
#include <thread>

#include "compiler/jit/run.hpp"
#include "compiler/plan/memory.hpp"

namespace tiao::jit {

using engine::Array;
using engine::ColumnArrays;
using plan::Kernel;
using plan::Output;
using plan::Step;

struct Run::Parts {
  std::uint32_t rows = 0, each = 0, count = 0, threads = 1;   // of the root; parts
  Limits limits;                           // of one worker
  std::vector<std::uint32_t> made;         // by entity: derived rows of the parts that have been taken
  std::uint64_t derived_rows = 0, work = 0, done = 0;
  std::size_t peak = 0;                    // of all workers together
  // Parts are taken in their order.
  std::mutex guard;
  std::condition_variable turn;
  std::uint32_t next = 0;
  bool stop = false;
  std::exception_ptr failure;
};

std::uint32_t Run::part_rows() const {
  if (limits_->part_rows != 0) return limits_->part_rows;
  std::vector<std::uint64_t> rows;
  for (EntityId e = 0; e < program_.schema.entities.size(); ++e) rows.push_back(store_.rows(e));
  return plan::rows_of_part(plan_.parts, program_.schema, rows);
}

bool Run::takes_parts() const { return plan_.parts.root != none && !brief_ && whole_ == nullptr && store_.rows(plan_.parts.root) > part_rows(); }

bool Run::run_parts() {
  const plan::PartsPlan& from = plan_.parts;
  Parts parts;
  parts.rows = store_.rows(from.root);
  parts.each = part_rows();
  parts.count = (parts.rows + parts.each - 1) / parts.each;
  parts.threads = std::clamp(limits_->threads, 1u, parts.count);
  parts.made.assign(program_.schema.entities.size(), 0);
  if (limits_->bytes != 0) parts.limits.bytes = std::max<std::size_t>(1, (limits_->bytes - std::min(limits_->bytes, store_.bytes())) / parts.threads);
  for (std::uint32_t i = from.first; i < from.end; ++i) parts.work += work_of(plan_.steps[i]);
  parts.done = done_.load();
  carried_.clear();
  carried_.resize(from.carried.size());

  std::vector<bool> own(variant_.slots.size(), false);
  for (EntityId e = 0; e < from.own.size(); ++e) {
    if (!from.own[e]) continue;
    for (unsigned plane = 0; plane <= static_cast<unsigned>(engine::EntityPlane::population_open); ++plane)
      own[variant_.slots.entity(e, static_cast<engine::EntityPlane>(plane))] = true;
    for (ColumnId c = 0; c < program_.schema.entities[e].columns.size(); ++c)
      for (unsigned plane = 0; plane <= static_cast<unsigned>(engine::ColumnPlane::row); ++plane)
        own[variant_.slots.column(e, c, static_cast<engine::ColumnPlane>(plane))] = true;
  }
  shared_slots_.clear();
  for (std::uint32_t slot = 0; slot < own.size(); ++slot)
    if (!own[slot]) shared_slots_.push_back(slot);

  std::vector<std::thread> others;
  for (std::uint32_t t = 1; t < parts.threads; ++t) others.emplace_back([&, t] { work_on_parts(parts, t); });
  work_on_parts(parts, 0);
  for (std::thread& other : others) other.join();
  if (parts.failure) std::rethrow_exception(parts.failure);
  settle_parts(parts);
  return result_.outcome == Outcome::done && within_limits();
}

void Run::work_on_parts(Parts& parts, std::uint32_t worker) {
  try {
    Run run(variant_, false, this);
    FactSlice slice(*facts_, plan_.parts.root, plan_.parts.own);
    for (std::uint32_t p = worker; p < parts.count; p += parts.threads) {
      run.run_part(slice.take(p * parts.each, std::min(parts.rows, (p + 1) * parts.each)), parts.limits);
      std::unique_lock<std::mutex> lock(parts.guard);
      parts.turn.wait(lock, [&] { return parts.stop || parts.next == p; });
      if (parts.stop) break;
      take(parts, run, slice);
      ++parts.next;
      if (worker == 0 && *progress_ && !(*progress_)(std::min(done_.load(), total_), total_)) result_.outcome = Outcome::stopped;
      parts.stop = result_.outcome != Outcome::done;
      lock.unlock();
      parts.turn.notify_all();
      if (parts.stop) break;
    }
    const std::lock_guard<std::mutex> lock(parts.guard);
    parts.peak += run.result_.peak_bytes;
  } catch (...) {   // out of memory
    const std::lock_guard<std::mutex> lock(parts.guard);
    if (!parts.failure) parts.failure = std::current_exception();
    parts.stop = true;
    parts.turn.notify_all();
  }
}

// --- One part

void Run::run_part(const facts::FactBase& facts, const Limits& limits) {
  static const Progress quiet;
  const std::size_t peak = result_.peak_bytes;
  begin(facts, whole_->context_.as_of, limits, quiet);
  made_.clear();
  result_.step_seconds.assign(steps_.size(), 0);
  for (std::size_t i = 0; i < steps_.size(); ++i)
    if (!timed_step(i)) break;
  result_.peak_bytes = std::max(peak, store_.peak_bytes());
}

// What stands outside the tree is that of the whole run.
void Run::share() {
  for (const std::uint32_t slot : whole_->shared_slots_) store_.set_slot(slot, whole_->store_.slot(slot));
  for (EntityId e = 0; e < plan_.parts.own.size(); ++e)
    if (plan_.parts.own[e] && program_.schema.entities[e].origin == EntityOrigin::register_) store_.set_population_open(e, whole_->store_.population_open(e));
  indexes_ = whole_->indexes_;
  ledger_tables_ = whole_->ledger_tables_;
  span_tables_ = whole_->span_tables_;
  context_.indexes = indexes_.data();
  context_.ledgers = ledger_tables_.data();
  context_.timelines = span_tables_.data();
}

// --- Results

namespace {

// Words, each that much greater.
template <class Shift>
void append_shifted(Packed& to, const Packed& from, Shift shift) {
  constexpr std::size_t some = 1024;
  std::int64_t words[some];
  for (std::size_t first = 0; first < from.size(); first += some) {
    const std::size_t count = std::min(some, from.size() - first);
    from.copy(first, count, words);
    for (std::size_t i = 0; i < count; ++i) words[i] += shift(first + i);
    to.append(words, count);
  }
}

// A column without rows has nothing in any of them.
void append(CellColumn& to, std::size_t before, const CellColumn& from, std::size_t rows) {
  const bool ratio = !to.lo_den.empty() || !from.lo_den.empty();
  const auto nothing = [&](std::size_t count) {
    if (count == 0) return;
    if (to.hi.empty()) to.hi = to.lo;
    to.lo.append(count, neg_inf);
    to.hi.append(count, pos_inf);
    if (!ratio) return;
    to.lo_den.append(count, 1);
    to.hi_den.append(count, 1);
  };
  if (to.empty() && from.empty()) return;
  if (to.empty()) nothing(before);
  if (from.empty()) nothing(rows);
  else to.append(from);
}

void append(ColumnArrays& to, const engine::Vec& from, std::size_t rows) {
  if (from.yes != nullptr) {
    const std::size_t words = BitPairs::room_of(rows);
    return to.truth.append(BitPairs::lent({from.yes, words}, {from.no, words}, rows));
  }
  const std::size_t before = to.lo.size();
  const auto put = [&](Array<std::int64_t>& column, const std::int64_t* values) {
    column.resize(before + rows);
    std::copy_n(values, rows, column.begin() + before);
  };
  const auto put_upper = [&](Array<std::int64_t>& upper, const Array<std::int64_t>& lower, const std::int64_t* low, const std::int64_t* high) {
    if (upper.empty() && low == high) return;
    if (upper.empty()) {
      upper.resize(before);
      std::copy_n(lower.begin(), before, upper.begin());
    }
    put(upper, high);
  };
  put_upper(to.hi, to.lo, from.lo, from.hi);
  put(to.lo, from.lo);
  if (from.lo_den == nullptr) return;
  put_upper(to.hi_den, to.lo_den, from.lo_den, from.hi_den);
  put(to.lo_den, from.lo_den);
}

}  // namespace

namespace {

// Every column that parts add to behind each other, but for planes.
template <class F>
void each_packed(Results& results, F f) {
  for (DerivedRows& rows : results.derived) f(rows.parent), f(rows.membership);
  for (RemedyTable& table : results.remedies) table.each(f);
  for (DutyTable& duty : results.duties) f(duty.state), duty.due.each(f), duty.done.each(f);
  for (CellColumn& report : results.reports) report.each(f);
}

}  // namespace

void Run::take(Parts& parts, Run& part, const FactSlice& slice) {
  if (part.result_.outcome != Outcome::done) {
    result_.outcome = part.result_.outcome;
    result_.error = part.result_.error;
    return;
  }
  Results &to = result_.results, &from = part.result_.results;
  const auto clear = [](Packed& column) { column.clear(); };
  const auto first = [&](EntityId e) { return program_.schema.entities[e].origin == EntityOrigin::register_ ? slice.first(e) : parts.made[e]; };
  for (MadeRows& made : part.made_) {
    DerivedRows& rows = to.derived[made.entity];
    const std::uint32_t shift = first(program_.schema.entities[made.entity].parent);
    for (std::uint32_t& parent : made.parent) parent += shift;
    rows.parent.append(made.parent.data(), made.parent.size());
    if (made.membership.empty()) rows.membership.append(made.rows, static_cast<std::int64_t>(Truth::yes));
    else rows.membership.append(made.membership.data(), made.rows);
  }
  const auto scope_first = [&](std::int64_t ground) { return std::int64_t{first(program_.grounds[static_cast<std::size_t>(ground)].scope)}; };
  for (std::size_t i = 0; i < part.steps_.size(); ++i) {
    const Step& s = part.steps_[i];
    result_.step_seconds[plan_.parts.first + i] += part.result_.step_seconds[i] / parts.threads;
    switch (s.kind) {
      case Step::kernel:
        for (std::size_t o = 0; o < plan_.kernels[s.a].outputs.size(); ++o) {
          const HandedTo &into = handed_[s.a][o], &found = part.handed_[s.a][o];
          if (into.pairs != nullptr) into.pairs->append(*found.pairs);
          if (into.states != nullptr) into.states->append(*found.states);
          if (into.cells != nullptr) into.cells->append(*found.cells), found.cells->each(clear);
          if (found.states != nullptr) found.states->clear();
        }
        break;
      case Step::remedy: {
        RemedyTable &table = to.remedies[s.a], &more = from.remedies[s.a];
        const std::size_t before = table.target.size(), rows = more.target.size();
        if (rows == 0) break;
        if (before == 0) {
          table.lo.resize(more.lo.size());
          table.hi.resize(more.hi.size());
        }
        append_shifted(table.target, more.target, [&, shift = std::int64_t{first(program_.schema.remedies[s.a].target)}](std::size_t) { return shift; });
        append_shifted(table.scope_row, more.scope_row, [&](std::size_t row) { return scope_first(more.lead[row]); });
        append_shifted(table.further.scope_row, more.further.scope_row, [&](std::size_t row) { return scope_first(more.further.ground[row]); });
        append_shifted(table.further.at, more.further.at, [&](std::size_t) { return static_cast<std::int64_t>(before); });
        table.further.ground.append(more.further.ground);
        for (Packed RemedyTable::* column : {&RemedyTable::state, &RemedyTable::modality, &RemedyTable::lead, &RemedyTable::held, &RemedyTable::open, &RemedyTable::exercised})
          (table.*column).append(more.*column);
        for (CellColumn RemedyTable::* column : {&RemedyTable::from, &RemedyTable::until, &RemedyTable::length, &RemedyTable::length_hi, &RemedyTable::until_hi, &RemedyTable::chosen})
          append(table.*column, before, more.*column, rows);
        for (std::size_t p = 0; p < table.lo.size(); ++p) {
          append(table.lo[p], before, more.lo[p], rows);
          append(table.hi[p], before, more.hi[p], rows);
        }
        break;
      }
      case Step::duty: {   // what is handed over by a kernel has been taken above
        const plan::DutyPlan& duty = plan_.duties[s.a];
        if (duty.due.column != none || duty.due.once) to.duties[s.a].due.append(from.duties[s.a].due);
        if (duty.done.column != none || duty.done.once) to.duties[s.a].done.append(from.duties[s.a].done);
        from.duties[s.a].due.each(clear);
        from.duties[s.a].done.each(clear);
        break;
      }
      case Step::report:
        if (plan_.reports[s.a].column == none) break;
        to.reports[s.a].append(from.reports[s.a]);
        from.reports[s.a].each(clear);
        break;
      default: break;
    }
  }
  take_carried(part);
  // The others are taken to be like the first ones: columns that grow step by step are moved, and stand there twice meanwhile.
  constexpr std::uint32_t some = 16;
  if (parts.count >= 4 * some && parts.next + 1 == some) each_packed(to, [&](Packed& column) { column.expect(1.02 * parts.count / some); });
  for (const MadeRows& made : part.made_) {
    parts.made[made.entity] += made.rows;
    parts.derived_rows += made.rows;
  }
  if (limits_->derived_rows != 0 && parts.derived_rows > limits_->derived_rows) result_.outcome = Outcome::too_many_rows;
  const std::uint64_t so_far = std::min<std::uint64_t>(parts.rows, std::uint64_t{parts.next + 1} * parts.each);
  done_.store(parts.done + static_cast<std::uint64_t>(static_cast<double>(parts.work) * static_cast<double>(so_far) / parts.rows));
}

void Run::take_carried(const Run& part) {
  for (std::size_t i = 0; i < carried_.size(); ++i) {
    const plan::PartsPlan::Made& made = plan_.parts.carried[i];
    const Kernel& kernel = plan_.kernels[made.kernel];
    const Output& out = kernel.outputs[made.output];
    const plan::Home& home = out.home;
    if (home.column != none) append(carried_[i], part.store_.column(home.entity, home.column), part.store_.rows(kernel.entity));
    else if (handed_[made.kernel][made.output].pairs == nullptr) append(carried_[i], part.planes(home.temporary), part.store_.rows(kernel.entity));
  }
}

// Later steps find what they read, as if all rows had been taken at once.
void Run::settle_parts(Parts& parts) {
  for (std::size_t i = 0; i < carried_.size(); ++i) {
    const plan::PartsPlan::Made& made = plan_.parts.carried[i];
    const plan::Home& home = plan_.kernels[made.kernel].outputs[made.output].home;
    const HandedTo& to = handed_[made.kernel][made.output];
    if (home.temporary != none) {
      BitPairs& planes = to.pairs != nullptr ? *to.pairs : carried_[i].truth;
      store_.set_temporary(home.temporary, planes.first());
      store_.set_temporary(home.temporary + 1, planes.second());
    }
    if (home.column != none) store_.take_column(home.entity, home.column, std::move(carried_[i]));
  }
  for (EntityId e = 0; e < parts.made.size(); ++e) {
    if (parts.made[e] == 0) continue;
    engine::DerivedTable counted;
    counted.rows = parts.made[e];
    store_.adopt(e, std::move(counted));
  }
  for (std::uint32_t i = plan_.parts.first; i < plan_.parts.end; ++i)   // of what was there before
    if (plan_.steps[i].kind > Step::proposition) step(plan_.steps[i]);
  each_packed(result_.results, [](Packed& column) { column.shrink(); });
  store_.measure();
  std::size_t carried = 0;
  for (const ColumnArrays& c : carried_) carried += c.bytes();
  result_.peak_bytes = std::max(store_.peak_bytes(), store_.bytes() + carried + parts.peak);
}

}  // namespace tiao::jit
