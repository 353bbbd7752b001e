// Tables made part by part: each thread takes owners that follow one another, and what the parts made is put together in order, so
// that the table is the same for any number of threads.
#pragma once

#include <cstdint>
#include <exception>
#include <thread>
#include <vector>

#include "runtime/engine/store.hpp"

namespace tiao::engine {

// Fewer rows than this a thread are not worth starting it.
inline constexpr std::uint32_t rows_a_thread = 1u << 14;

inline std::uint32_t parts_of(std::uint64_t rows, std::uint32_t threads) {
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(rows / rows_a_thread, 1, std::max(1u, threads)));
}
inline std::uint32_t part_start(std::uint32_t rows, std::uint32_t parts, std::uint32_t part) {
  return static_cast<std::uint32_t>(std::uint64_t{rows} * part / parts);
}

// work(0) here and work(1) .. work(count - 1) each in a thread of its own. What one of them throws is thrown when all are done.
template <class Work>
void at_once(std::uint32_t count, Work work) {
  if (count <= 1) return work(0);
  std::vector<std::exception_ptr> failures(count);
  const auto guarded = [&](std::uint32_t i) {
    try {
      work(i);
    } catch (...) {   // out of memory
      failures[i] = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  for (std::uint32_t i = 1; i < count; ++i) others.emplace_back(guarded, i);
  guarded(0);
  for (std::thread& other : others) other.join();
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

// What is put together comes of two parts at least, so that two threads may move it: much of the time goes into pages that are new.
template <class T, class Move>
void move_to_end(Array<T>& to, const Array<T>& from, Move move) {
  constexpr std::size_t many = (std::size_t{1} << 20) / sizeof(T);
  const std::size_t before = to.size(), count = from.size();
  to.resize(before + count);
  const std::uint32_t halves = count < many ? 1 : 2;
  at_once(halves, [&](std::uint32_t half) { move(from.begin() + count * half / halves, from.begin() + count * (half + 1) / halves, to.begin() + before + count * half / halves); });
}

template <class T>
void append(Array<T>& to, Array<T>& from) {
  if (to.empty()) {
    to = std::move(from);
    return;
  }
  move_to_end(to, from, [](const T* begin, const T* end, T* at) { std::copy(begin, end, at); });
  from = Array<T>();
}

// Positions that count from the first of their part.
inline void append_positions(Array<std::uint32_t>& to, Array<std::uint32_t>& from, std::size_t before) {
  const auto more = static_cast<std::uint32_t>(before);
  move_to_end(to, from, [&](const std::uint32_t* begin, const std::uint32_t* end, std::uint32_t* at) { std::transform(begin, end, at, [&](std::uint32_t position) { return position + more; }); });
  from = Array<std::uint32_t>();
}

// Of numbers.
inline void append(ColumnArrays& to, ColumnArrays& from) {
  if (!to.hi.empty() || !from.hi.empty()) {
    for (ColumnArrays* c : {&to, &from}) {
      if (!c->hi.empty() || c->lo.empty()) continue;
      c->hi.resize(c->lo.size());
      std::copy(c->lo.begin(), c->lo.end(), c->hi.begin());
    }
    append(to.hi, from.hi);
  }
  append(to.lo, from.lo);
}

}  // namespace tiao::engine
