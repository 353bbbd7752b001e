#include "runtime/engine/keys.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime/engine/parts.hpp"
#include "runtime/value/wide_loops.hpp"

namespace tiao::engine {
namespace {

// --- Keys whose values lie close together: a tuple is a number whose digits they are

// Choices count by the place of their bit.
std::int64_t digit_value(std::int64_t value, Kind kind) { return kind == Kind::choice ? std::countr_zero(static_cast<std::uint64_t>(value)) : value; }

// A call is made of std::has_single_bit where the processor is not known beforehand.
bool is_one_choice(std::int64_t mask) { return mask != 0 && (mask & (mask - 1)) == 0; }

// The digit of each row whose key is known, the others without one.
template <class Known, class Other>
void each_digit(const Vec& key, Kind kind, std::uint32_t begin, std::uint32_t end, Known known, Other other) {
  if (kind == Kind::choice) {
    for (std::uint32_t row = begin; row < end; ++row) {
      const std::int64_t mask = key_value(key, kind, row);   // of eight bits or more
      is_one_choice(mask) ? known(row, digit_value(mask, kind)) : other(row);
    }
  } else if (key.lo == nullptr || kind == Kind::boolean) {
    for (std::uint32_t row = begin; row < end; ++row)
      key_state(key, kind, row) == KeyState::known ? known(row, key_value(key, kind, row)) : other(row);
  } else {
    for (std::uint32_t row = begin; row < end; ++row) key.lo[row] == key.hi[row] ? known(row, key.lo[row]) : other(row);
  }
}

// From the least digit to the greatest, of some rows.
struct Reach { std::int64_t least = pos_inf, most = neg_inf; };

Reach reach_of(const Vec& key, Kind kind, std::uint32_t begin, std::uint32_t end) {
  Reach reach;
  if (kind == Kind::choice) {   // all that are possible somewhere
    std::uint64_t any = 0;
    for (std::uint32_t row = begin; row < end; ++row) any |= static_cast<std::uint64_t>(key_value(key, kind, row));
    if (any != 0) reach = {std::countr_zero(any), 63 - std::countl_zero(any)};
  } else
    each_digit(key, kind, begin, end, [&](std::uint32_t, std::int64_t value) { reach = {std::min(reach.least, value), std::max(reach.most, value)}; }, [](std::uint32_t) {});
  return reach;
}

// Codes of rows; set where some key is not known.
constexpr std::uint32_t unknown_code = std::uint32_t{1} << 31;

struct AddMasks {
  [[gnu::always_inline]] static inline bool run(const std::uint8_t* masks, const std::uint32_t* of_mask, std::uint32_t count, std::uint32_t* codes) {
    std::uint32_t all = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t more = of_mask[masks[i]];
      codes[i] = (codes[i] + (more & ~unknown_code)) | (more & unknown_code);
      all |= codes[i];
    }
    return all < unknown_code;
  }
};

struct AddNumbers {
  [[gnu::always_inline]] static inline bool run(const std::int64_t* values, std::int64_t least, std::uint64_t span, std::uint32_t step, std::uint32_t count, std::uint32_t* codes) {
    std::uint64_t beyond = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint64_t digit = static_cast<std::uint64_t>(values[i]) - static_cast<std::uint64_t>(least);
      beyond |= static_cast<std::uint64_t>(digit >= span);
      codes[i] += static_cast<std::uint32_t>(digit) * step;
    }
    return beyond == 0;
  }
};

// What the digits of some rows add up to.
enum class Digits : std::uint8_t { known, some_unknown, beyond };   // beyond: a value lies outside of the reach of its key

Digits add_digits(const Vec& key, Kind kind, const Index::Digit& digit, std::uint32_t begin, std::uint32_t end, std::uint32_t* codes) {
  const auto step = static_cast<std::uint32_t>(digit.step), least = static_cast<std::uint32_t>(digit.least);   // only the lowest bits matter
  const auto digit_at = [=](std::int64_t value) { return (static_cast<std::uint32_t>(value) - least) * step; };
  if (key.narrow != nullptr && kind == Kind::choice) {
    std::uint32_t of_mask[256];
    for (std::uint32_t mask = 0; mask < 256; ++mask) of_mask[mask] = is_one_choice(mask) ? digit_at(digit_value(mask, kind)) : unknown_code;
    return WideLoop<AddMasks>::call(key.narrow + begin, static_cast<const std::uint32_t*>(of_mask), end - begin, codes) ? Digits::known : Digits::some_unknown;
  }
  if (key.lo != nullptr && key.lo == key.hi && kind != Kind::choice && kind != Kind::boolean)
    return WideLoop<AddNumbers>::call(key.lo + begin, digit.least, digit.values, step, end - begin, codes) ? Digits::known : Digits::beyond;
  Digits all = Digits::known;
  each_digit(key, kind, begin, end,
             [&](std::uint32_t row, std::int64_t value) {
               codes[row - begin] += digit_at(value);
               if (static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(digit.least) >= digit.values) all = Digits::beyond;
             },
             [&](std::uint32_t row) {
               codes[row - begin] |= unknown_code;
               if (all == Digits::known) all = Digits::some_unknown;
             });
  return all;
}

// declared: keys whose values are said to lie close together are not looked through.
bool find_digits(Index& index, std::uint32_t rows, std::uint32_t threads, bool declared) {
  const std::uint64_t limit = std::min(std::uint64_t{rows} * 2 + 64, std::uint64_t{unknown_code});
  const std::uint32_t parts = parts_of(rows, threads);
  std::vector<std::vector<Reach>> seen(parts, std::vector<Reach>(index.keys.size()));
  at_once(parts, [&](std::uint32_t p) {
    for (std::size_t k = 0; k < index.keys.size(); ++k)
      if (!declared || !index.is_declared(k)) seen[p][k] = reach_of(index.keys[k], index.kinds[k], part_start(rows, parts, p), part_start(rows, parts, p + 1));
  });
  std::uint64_t codes = 1;
  for (std::size_t k = 0; k < index.keys.size(); ++k) {
    Reach reach;
    if (declared && index.is_declared(k)) reach = {index.bounds[k].first, index.bounds[k].second};
    else
      for (const std::vector<Reach>& of_part : seen) reach = {std::min(reach.least, of_part[k].least), std::max(reach.most, of_part[k].most)};
    if (reach.least > reach.most) reach = {0, 0};
    const std::uint64_t beyond = static_cast<std::uint64_t>(reach.most) - static_cast<std::uint64_t>(reach.least);
    if (beyond >= limit || beyond + 1 > limit / codes) {
      index.digits.clear();
      return false;
    }
    index.digits.push_back({reach.least, beyond + 1, codes});
    codes *= beyond + 1;
  }
  index.part_at.assign(codes, none);
  return true;
}

// What some rows that follow one another make of the parts, numbered by their first row among them.
struct Numbered {
  Array<std::uint32_t> part_at, codes, unknown_rows;   // codes: by number of the part
  bool beyond = false;   // a value lies outside of the reach of its key
};

// The parts of codes all of which are known. False: some part has no number yet.
struct LookUp {
  template <class Part>
  [[gnu::always_inline]] static inline bool run(const std::uint32_t* codes, const std::uint32_t* part_at, std::uint32_t count, Part* part_of) {
    Part most = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      part_of[i] = static_cast<Part>(part_at[codes[i]]);
      most = std::max(most, part_of[i]);
    }
    return most != static_cast<Part>(none);
  }
};

template <class Part>
void number_some(const Index& index, Part* part_of, std::uint32_t from, std::uint32_t until, Numbered& out) {
  constexpr std::uint32_t block = 1024;
  std::uint32_t codes[block];
  std::uint32_t* const part_at = out.part_at.data();
  for (std::uint32_t begin = from; begin < until; begin += block) {
    const std::uint32_t end = until - begin > block ? begin + block : until;
    std::fill_n(codes, end - begin, 0u);
    Digits all = Digits::known;
    for (std::size_t k = 0; k < index.keys.size(); ++k) all = std::max(all, add_digits(index.keys[k], index.kinds[k], index.digits[k], begin, end, codes));
    if (all == Digits::beyond) {
      out.beyond = true;
      return;
    }
    if (all == Digits::known && WideLoop<LookUp>::call(static_cast<const std::uint32_t*>(codes), static_cast<const std::uint32_t*>(part_at), end - begin, part_of + begin)) continue;
    for (std::uint32_t row = begin; row < end; ++row) {
      const std::uint32_t code = codes[row - begin];
      if (code >= unknown_code) {
        part_of[row] = static_cast<Part>(none);
        out.unknown_rows.push(row);
        continue;
      }
      std::uint32_t part = part_at[code];
      if (part == none) {
        part = part_at[code] = static_cast<std::uint32_t>(out.codes.size());
        out.codes.push(code);
      }
      part_of[row] = static_cast<Part>(part);
    }
  }
}

// Each thread numbers the parts of its rows; then those of the first rows come first. How many there are, or none: a value lies beyond.
template <class Part>
std::uint32_t number_by_code(Index& index, Part* part_of, std::uint32_t rows, std::uint32_t threads) {
  const std::size_t codes = index.part_at.size();
  const std::uint32_t sections = codes > rows / 4 ? 1 : parts_of(rows, threads);
  std::vector<Numbered> made(sections);
  made[0].part_at = std::move(index.part_at);
  // The first rows come first: where they show all parts that there are, the threads give these the same numbers.
  const std::uint32_t shown = sections == 1 ? 0 : std::min(part_start(rows, sections, 1), 1u << 13);
  number_some(index, part_of, 0, shown, made[0]);
  for (std::uint32_t s = 1; s < sections; ++s) {
    made[s].part_at.resize(codes);
    std::copy(made[0].part_at.begin(), made[0].part_at.end(), made[s].part_at.begin());
    for (const std::uint32_t code : made[0].codes) made[s].codes.push(code);
  }
  at_once(sections, [&](std::uint32_t s) { number_some(index, part_of, std::max(shown, part_start(rows, sections, s)), part_start(rows, sections, s + 1), made[s]); });
  index.part_at = std::move(made[0].part_at);
  if (std::any_of(made.begin(), made.end(), [](const Numbered& n) { return n.beyond; })) return none;
  index.unknown_rows = std::move(made[0].unknown_rows);
  auto parts = static_cast<std::uint32_t>(made[0].codes.size());
  std::vector<Array<std::uint32_t>> numbers(sections);   // of the parts of a section among all; empty: they are the same
  for (std::uint32_t s = 1; s < sections; ++s) {
    for (const std::uint32_t row : made[s].unknown_rows) index.unknown_rows.push(row);
    bool same = true;
    for (const std::uint32_t code : made[s].codes) {
      std::uint32_t& number = index.part_at[code];
      if (number == none) number = parts++;
      same = same && number == numbers[s].size();
      numbers[s].push(number);
    }
    if (same) numbers[s].clear();
  }
  at_once(sections, [&](std::uint32_t s) {
    if (numbers[s].empty()) return;
    for (std::uint32_t row = part_start(rows, sections, s), end = part_start(rows, sections, s + 1); row < end; ++row)
      if (part_of[row] != static_cast<Part>(none)) part_of[row] = static_cast<Part>(numbers[s][part_of[row]]);
  });
  return parts;
}

// --- Any keys: tuples by their hash

std::uint32_t number_by_hash(Index& index, std::uint32_t rows) {
  const std::size_t width = index.keys.size();
  std::size_t buckets = 16;
  while (buckets < static_cast<std::size_t>(rows) * 2) buckets *= 2;
  index.buckets.assign(buckets, 0);
  Array<std::uint32_t>& first = index.rows;   // of each tuple, until the rows are listed
  Array<std::int64_t> tuple(width + 1);
  // Rows are taken some at a time, so that what they look up is on its way to the cache before it is needed.
  constexpr std::uint32_t ahead = 32;
  std::size_t slots[ahead] = {};
  constexpr auto no_slot = static_cast<std::size_t>(-1);
  for (std::uint32_t begin = 0; begin < rows; begin += ahead) {
    const std::uint32_t end = rows - begin > ahead ? begin + ahead : rows;
    for (std::uint32_t row = begin; row < end; ++row) {
      bool known = true;
      for (std::size_t k = 0; k < width && known; ++k) {
        known = key_state(index.keys[k], index.kinds[k], row) == KeyState::known;
        if (known) tuple[k] = key_value(index.keys[k], index.kinds[k], row);
      }
      slots[row - begin] = known ? hash_tuple(tuple.data(), width) & (buckets - 1) : no_slot;
      if (known) __builtin_prefetch(&index.buckets[slots[row - begin]], 1);
    }
    for (const std::size_t slot : slots)
      if (slot < buckets && index.buckets[slot] != 0) __builtin_prefetch(&first[index.buckets[slot] - 1]);
    for (const std::size_t slot : slots)
      if (slot < buckets && index.buckets[slot] != 0)
        for (const Vec& key : index.keys)
          if (key.lo != nullptr) __builtin_prefetch(&key.lo[first[index.buckets[slot] - 1]]);
    for (std::uint32_t row = begin; row < end; ++row) {
      std::size_t slot = slots[row - begin];
      if (slot == no_slot) {
        index.part_of[row] = none;
        index.unknown_rows.push(row);
        continue;
      }
      for (;; slot = (slot + 1) & (buckets - 1)) {
        if (index.buckets[slot] == 0) {
          index.buckets[slot] = static_cast<std::uint32_t>(first.size()) + 1;
          first.push(row);
          break;
        }
        const std::uint32_t other = first[index.buckets[slot] - 1];
        bool same = true;
        for (std::size_t k = 0; k < width && same; ++k)
          same = key_value(index.keys[k], index.kinds[k], other) == key_value(index.keys[k], index.kinds[k], row);
        if (same) break;
      }
      index.part_of[row] = index.buckets[slot] - 1;
    }
  }
  return static_cast<std::uint32_t>(first.size());
}

}  // namespace

void number_parts(Index& index, std::uint32_t rows, std::uint32_t threads, bool narrow) {
  std::uint32_t parts = none;
  for (const bool declared : {true, false}) {
    if (parts != none || (declared && index.bounds.empty())) continue;
    index.digits.clear();
    index.part_at = Array<std::uint32_t>();
    if (!find_digits(index, rows, threads, declared)) continue;
    if (narrow && index.part_at.size() < static_cast<std::uint16_t>(none)) {
      index.narrow_part_of.resize(rows);
      parts = number_by_code(index, index.narrow_part_of.data(), rows, threads);
    } else {
      index.part_of.resize(rows);
      parts = number_by_code(index, index.part_of.data(), rows, threads);
    }
  }
  if (parts == none) {
    index.narrow_part_of = Array<std::uint16_t>();
    index.part_of.resize(rows);
    parts = number_by_hash(index, rows);
  }
  index.offsets.resize(parts + 1);
  index.unknown_rows.shrink();
  index.unknown_count = static_cast<std::uint32_t>(index.unknown_rows.size());
}

void list_parts(Index& index) {
  const auto rows = static_cast<std::uint32_t>(std::max(index.part_of.size(), index.narrow_part_of.size()));
  const std::size_t parts = index.offsets.size() - 1;
  const PartNumbers part_of = index.parts();
  std::fill(index.offsets.begin(), index.offsets.end(), 0u);
  for (std::uint32_t row = 0; row < rows; ++row)
    if (part_of[row] != none) ++index.offsets[part_of[row] + 1];
  for (std::size_t p = 0; p < parts; ++p) index.offsets[p + 1] += index.offsets[p];
  Array<std::uint32_t> next(parts);
  std::copy_n(index.offsets.begin(), parts, next.begin());
  index.rows.resize(rows);
  for (std::uint32_t row = 0; row < rows; ++row)
    if (part_of[row] != none) index.rows[next[part_of[row]]++] = row;
  std::copy(index.unknown_rows.begin(), index.unknown_rows.end(), index.rows.begin() + index.offsets[parts]);
}

std::uint32_t Index::find(const std::int64_t* tuple) const {
  if (!part_at.empty()) {
    std::uint64_t code = 0;
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const std::uint64_t digit = static_cast<std::uint64_t>(digit_value(tuple[k], kinds[k])) - static_cast<std::uint64_t>(digits[k].least);
      if (digit >= digits[k].values) return none;
      code += digit * digits[k].step;
    }
    return part_at[code];
  }
  if (buckets.empty()) return none;
  const std::size_t mask = buckets.size() - 1;
  for (std::size_t slot = hash_tuple(tuple, keys.size()) & mask; buckets[slot] != 0; slot = (slot + 1) & mask) {
    const std::uint32_t key = buckets[slot] - 1, row = rows[offsets[key]];
    bool same = true;
    for (std::size_t k = 0; k < keys.size() && same; ++k) same = key_value(keys[k], kinds[k], row) == tuple[k];
    if (same) return key;
  }
  return none;
}

// --- Tuples of keys that need not be known

std::size_t KeyTable::slot_of(const std::int64_t* words) const {
  const std::size_t mask = buckets_.size() - 1;
  std::size_t slot = hash_tuple(words, words_) & mask;
  while (buckets_[slot] != 0 && std::memcmp(&tuples_[std::size_t{buckets_[slot] - 1} * words_], words, words_ * sizeof *words) != 0) slot = (slot + 1) & mask;
  return slot;
}

void KeyTable::grow() {
  buckets_.assign(buckets_.empty() ? 16 : buckets_.size() * 2, 0);
  for (std::uint32_t i = 0; i < count_; ++i) buckets_[slot_of(&tuples_[std::size_t{i} * words_])] = i + 1;
}

std::uint32_t KeyTable::number(const Cell* tuple, bool& fresh) {
  static_assert(sizeof(Cell) == 4 * sizeof(std::int64_t));
  if (words_ == 0) {
    fresh = count_ == 0;
    count_ = 1;
    return 0;
  }
  if ((count_ + 1) * 2 > buckets_.size()) grow();
  const auto* words = reinterpret_cast<const std::int64_t*>(tuple);
  const std::size_t slot = slot_of(words);
  fresh = buckets_[slot] == 0;
  if (fresh) {
    for (std::uint32_t i = 0; i < words_; ++i) tuples_.push(words[i]);
    buckets_[slot] = ++count_;
  }
  return buckets_[slot] - 1;
}

}  // namespace tiao::engine
