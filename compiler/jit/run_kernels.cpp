// Kernels called: stretch by stretch, by as many threads as the run may have. Each thread takes a part of the rows; what is handed over
// in order is put together at the end, so that the results are the same for any number of threads.
#include <algorithm>
#include <exception>
#include <thread>

#include "compiler/jit/run.hpp"

namespace tiao::jit {

using engine::Array;
using plan::Kernel;
using plan::Output;

namespace {

// Rows between two looks at the progress, and rows whose results are handed over while they are in cache: whole blocks of words.
constexpr std::uint32_t chunk = 1u << 17, stretch = 1u << 12;
// Fewer rows than this a thread are not worth starting it.
constexpr std::uint32_t rows_a_thread = 1u << 14;

// Rows that fill whole lines of bytes.
constexpr std::uint32_t lines(std::uint32_t rows) { return (rows + 63) / 64 * 64; }

}  // namespace

// The slot of the bytes that a kernel makes of a Boolean output.
std::uint32_t Run::bytes_slot(const Output& output) const {
  const plan::Home& home = output.home;
  return home.temporary != none ? variant_.slots.temporary(home.temporary + plan::truth_bytes)
                                : variant_.slots.column(home.entity, home.column, engine::ColumnPlane::bytes);
}

std::uint32_t Run::upper_slot(const plan::Home& home) const {
  return home.temporary != none ? variant_.slots.temporary(home.temporary + 1) : variant_.slots.column(home.entity, home.column, engine::ColumnPlane::hi);
}

std::uint32_t Run::lower_slot(const plan::Home& home) const {
  return home.temporary != none ? variant_.slots.temporary(home.temporary) : variant_.slots.column(home.entity, home.column, engine::ColumnPlane::lo);
}

// Outputs that nobody reads later share one stretch of memory with the bytes of Boolean ones and with upper ends that have no room of
// their own: their pointers are set so that row `begin` is its first.
std::size_t Run::set_stretch(const Kernel& kernel, Worker& worker, std::uint32_t begin, std::uint32_t rows) {
  if (!kernel.by_stretch() || kernel.words) return 0;
  std::size_t words = 0;
  auto next = [&](std::size_t width) {
    const auto first = reinterpret_cast<std::uintptr_t>(worker.stretch.data() + words) - begin * width;
    words += std::min(stretch, lines(rows)) * width / 8;
    return reinterpret_cast<void*>(first);
  };
  for (const Output& output : kernel.outputs) {
    const Kind kind = output.type.kind;
    if (kind == Kind::boolean) {
      if (!kernel.words && output.home.stored() && output.kind != Output::register_membership) worker.slots[bytes_slot(output)] = next(1);
      continue;
    }
    if (!output.passing) continue;
    for (unsigned part = 0; part < plan::temporaries_of(kind); ++part) {
      const std::uint32_t t = variant_.slots.temporary(output.home.temporary + part);
      const bool lower = part % 2 == 1 && !output.ranges;
      worker.slots[t] = lower ? worker.slots[t - 1] : next(8);
    }
  }
  for (const LateUpper& late : late_) {
    void* const buffer = next(8);
    std::int64_t* const kept = late.kept.load(std::memory_order_acquire);
    void* const upper = kept != nullptr ? kept : buffer;
    const plan::Home& home = late.output->home;
    if (home.temporary != none) worker.slots[variant_.slots.temporary(home.temporary + 1)] = upper;
    if (home.column != none) worker.slots[variant_.slots.column(home.entity, home.column, engine::ColumnPlane::hi)] = upper;
  }
  return words;
}

// Bytes that a kernel has just made become bits, where somebody reads these.
void Run::to_bits(const Kernel& kernel, const Worker& worker, std::uint32_t begin, std::uint32_t end) {
  for (const Output& output : kernel.outputs) {
    const plan::Home& home = output.home;
    if (output.type.kind != Kind::boolean || !home.stored() || output.kind == Output::duty || output.kind == Output::register_membership) continue;
    const std::uint8_t* bytes = static_cast<const std::uint8_t*>(worker.slots[bytes_slot(output)]) + begin;
    auto put = [&](std::uint32_t yes, std::uint32_t no) {
      auto plane = [&](std::uint32_t number) { return static_cast<std::uint64_t*>(worker.slots[number]); };
      if (plane(yes) != nullptr) pack_pairs(bytes, end - begin, plane(yes) + begin / BitPairs::word_rows, plane(no) + begin / BitPairs::word_rows);
    };
    if (home.temporary != none) put(variant_.slots.temporary(home.temporary), variant_.slots.temporary(home.temporary + 1));
    if (home.column != none)
      put(variant_.slots.column(home.entity, home.column, engine::ColumnPlane::yes), variant_.slots.column(home.entity, home.column, engine::ColumnPlane::no));
  }
}

// Upper ends that differ from the lower ones get room for all rows. The stretches that came without it are filled in at the end.
void Run::keep_late(const Worker& worker, std::uint32_t begin, std::uint32_t end, std::uint32_t rows) {
  for (LateUpper& late : late_) {
    const plan::Home& home = late.output->home;
    const auto* lo = static_cast<const std::int64_t*>(worker.slots[lower_slot(home)]);
    const auto* hi = static_cast<const std::int64_t*>(worker.slots[upper_slot(home)]);
    std::int64_t* kept = late.kept.load(std::memory_order_acquire);
    if (kept != nullptr && hi == kept) {
      late.written[begin / stretch] = 1;
      continue;
    }
    if (std::equal(lo + begin, lo + end, hi + begin)) continue;
    if (kept == nullptr) {
      const std::lock_guard<std::mutex> lock(late_guard_);
      kept = late.kept.load(std::memory_order_acquire);
      if (kept == nullptr) {
        if (home.column != none) kept = store_.make_upper(home.entity, home.column);
        if (home.temporary != none) kept = static_cast<std::int64_t*>(store_.make_temporary(home.temporary + 1, std::size_t{rows} * 8));
        late.kept.store(kept, std::memory_order_release);
      }
    }
    std::copy(hi + begin, hi + end, kept + begin);
    late.written[begin / stretch] = 1;
  }
}

// Where no row needed an upper end the lower one stands for both.
void Run::settle_late(std::uint32_t rows) {
  for (LateUpper& late : late_) {
    const plan::Home& home = late.output->home;
    std::int64_t* const kept = late.kept.load();
    const auto* lo = static_cast<const std::int64_t*>(store_.slot(lower_slot(home)));
    if (kept == nullptr) {
      void* const lower = store_.slot(lower_slot(home));
      if (home.temporary != none) store_.set_temporary(home.temporary + 1, lower);
      if (home.column != none) store_.lend_upper(home.entity, home.column, store_.slot(variant_.slots.column(home.entity, home.column, engine::ColumnPlane::lo)));
      continue;
    }
    for (std::uint32_t begin = 0, s = 0; begin < rows; begin += stretch, ++s)
      if (late.written[s] == 0) std::copy(lo + begin, lo + std::min(rows, begin + stretch), kept + begin);
    if (home.temporary != none && home.column != none) {   // both places have their own lower ends, and here their own upper ones
      const auto* column = static_cast<const std::int64_t*>(store_.slot(variant_.slots.column(home.entity, home.column, engine::ColumnPlane::hi)));
      if (column != kept) std::copy(kept, kept + rows, const_cast<std::int64_t*>(column));
    }
  }
  late_.clear();
}

// Rows that a kernel has just made. Truths of rows are in their place already.
void Run::hand_over(const Kernel& kernel, Worker& worker, std::uint32_t begin, std::uint32_t end) {
  for (std::size_t i = 0; i < kernel.outputs.size(); ++i) {
    const Output& output = kernel.outputs[i];
    const HandedTo& to = (*worker.handed)[i];
    auto at = [&](unsigned part) { return worker.slots[variant_.slots.temporary(output.home.temporary + part)]; };
    auto words = [&](unsigned part) { return static_cast<const std::int64_t*>(at(part)) + begin; };
    auto bytes = [&] { return static_cast<const std::uint8_t*>(at(plan::truth_bytes)) + begin; };
    const std::size_t rows = end - begin;
    if (to.states != nullptr) to.states->append(bytes(), rows);
    if (to.pairs != nullptr && kernel.over != Kernel::rows) to.pairs->append(bytes(), rows);
    if (to.cells == nullptr) continue;
    switch (output.type.kind) {
      case Kind::boolean:
        if (!kernel.words) {
          to.cells->lo.append(bytes(), rows);
          break;
        }
        for (std::uint32_t row = begin; row < end; ++row) to.cells->lo.push_back(planes(output.home.temporary).truth_at(row));
        break;
      case Kind::choice: to.cells->append(rows, words(0), nullptr); break;
      case Kind::ratio: to.cells->append(rows, words(0), words(1), words(2), words(3)); break;
      default: to.cells->append(rows, words(0), words(1)); break;
    }
  }
}

// Rows begin .. end of a kernel. False: stopped.
bool Run::call_part(std::uint32_t index, Worker& worker, std::uint32_t begin, std::uint32_t end_of_part, std::uint32_t rows) {
  const Kernel& kernel = plan_.kernels[index];
  const engine::RowKernel function = variant_.kernels[index];
  const std::uint64_t weight = kernel.weight + 1;
  const bool in_order = kernel.order == none;
  const std::size_t room = set_stretch(kernel, worker, 0, rows);
  if (worker.stretch.size() < room) worker.stretch.resize(room);
  const std::uint32_t most = kernel.by_stretch() ? stretch : *progress_ ? chunk : rows;
  while (begin < end_of_part) {
    const std::uint32_t end = end_of_part - begin > most ? begin + most : end_of_part;
    if (room != 0) set_stretch(kernel, worker, begin, rows);
    function(&worker.context, begin, end);
    keep_late(worker, begin, end, rows);
    if (in_order) {
      if (kernel.over == Kernel::rows && !kernel.words) to_bits(kernel, worker, begin, end);
      if (kernel.over != Kernel::candidates) hand_over(kernel, worker, begin, end);
    }
    done_.fetch_add((end - begin) * weight, std::memory_order_relaxed);
    const bool look = end == end_of_part || end % chunk == 0;
    begin = end;
    if (stopped_.load(std::memory_order_relaxed)) return false;
    if (worker.first && *progress_ && look && !(*progress_)(std::min(done_.load(), total_), total_)) stopped_.store(true);
  }
  return !stopped_.load();
}

void Run::call_parts(std::uint32_t index, std::uint32_t threads, std::uint32_t rows) {
  // Parts begin with a stretch.
  const std::uint32_t part = ((rows + threads - 1) / threads + stretch - 1) / stretch * stretch;
  std::vector<std::thread> others;
  std::vector<std::exception_ptr> failures(threads);
  const auto work = [&](std::uint32_t t) {
    try {
      call_part(index, workers_[t], std::min(rows, t * part), t + 1 == threads ? rows : std::min(rows, (t + 1) * part), rows);
    } catch (...) {   // out of memory
      failures[t] = std::current_exception();
      stopped_.store(true);
    }
  };
  for (std::uint32_t t = 0; t < threads; ++t) {
    Worker& worker = workers_[t];
    worker.first = t == 0;
    worker.own_slots.assign(store_.slots(), store_.slots() + variant_.slots.size());
    worker.slots = worker.own_slots.data();
    worker.context = context_;
    worker.context.slots = worker.slots;
    worker.own_handed = handed_[index];
    worker.handed = &worker.own_handed;
    if (t == 0) continue;
    worker.pieces.clear();
    worker.pieces.resize(handed_[index].size());
    for (std::size_t i = 0; i < worker.pieces.size(); ++i) {
      HandedTo& to = worker.own_handed[i];
      if (to.states != nullptr) to.states = &worker.pieces[i].lo;
      if (to.cells != nullptr) to.cells = &worker.pieces[i];
    }
    others.emplace_back(work, t);
  }
  work(0);
  for (std::thread& other : others) other.join();
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
  for (std::uint32_t t = 1; t < threads; ++t)
    for (std::size_t i = 0; i < workers_[t].pieces.size(); ++i) {
      const HandedTo& to = handed_[index][i];
      if (to.states != nullptr) to.states->append(workers_[t].pieces[i].lo);
      if (to.cells != nullptr) to.cells->append(workers_[t].pieces[i]);
      workers_[t].pieces[i] = CellColumn();
    }
}

bool Run::call(std::uint32_t index, std::uint32_t rows) {
  const Kernel& kernel = plan_.kernels[index];
  if (rows == 0) return true;
  const std::uint32_t threads = kernel.alone ? 1 : std::clamp(rows / rows_a_thread, 1u, std::max(1u, limits_->threads));
  for (LateUpper& late : late_) late.written.assign((rows + stretch - 1) / stretch, 0);
  if (workers_.size() < threads) workers_.resize(threads);
  if (threads == 1) {
    Worker& worker = workers_[0];
    worker.context = context_;
    worker.slots = const_cast<void**>(store_.slots());
    worker.handed = &handed_[index];
    call_part(index, worker, 0, rows, rows);
  } else {
    call_parts(index, threads, rows);
  }
  if (stopped_.load()) {
    result_.outcome = Outcome::stopped;
    return false;
  }
  if (kernel.order != none) {   // in no order until now
    if (!kernel.words) to_bits(kernel, workers_[0], 0, rows);
    hand_over(kernel, workers_[0], 0, rows);
  }
  return true;
}

}  // namespace tiao::jit
