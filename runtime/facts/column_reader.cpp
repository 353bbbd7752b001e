#include "runtime/facts/column_reader.hpp"

#include <array>
#include <bit>

#include "runtime/value/scalar.hpp"

namespace tiao::facts {
namespace {

constexpr std::int32_t first_year = 1900, last_year = 2100;

// Where the months of these years begin, and how many days they have.
struct Months {
  struct Month { std::int32_t first = 0, days = 0; };
  std::array<Month, (last_year - first_year + 1) * 12> all{};
  Months() {
    for (std::int32_t year = first_year; year <= last_year; ++year)
      for (std::int32_t month = 1; month <= 12; ++month)
        all[static_cast<std::size_t>((year - first_year) * 12 + month - 1)] = {static_cast<std::int32_t>(scalar::day_number({year, month, 1})),
                                                                               scalar::days_in_month(year, month)};
  }
};
const Months months;

const Enum no_words;

}  // namespace

WordTable::WordTable(const Enum& of) {
  const std::size_t size = std::bit_ceil(of.values.size() * 4 + 2);
  slots_.resize(size);
  shift_ = static_cast<unsigned>(64 - std::countr_zero(size));
  auto add = [&](std::string_view word, std::uint64_t mask) {
    const std::uint64_t first = first_bytes(word), last = last_bytes(word);
    std::size_t at = slot(first, last);
    while (slots_[at].mask != 0) {
      if (slots_[at].word == word) return;   // the first that has the name
      at = (at + 1) & (size - 1);
    }
    slots_[at] = {first, last, mask, word};
  };
  for (std::size_t i = 0; i < of.values.size() && i < 64; ++i) {
    add(of.values[i].id, std::uint64_t{1} << i);
    if (!of.values[i].label.empty()) add(of.values[i].label, std::uint64_t{1} << i);
  }
}

ColumnReader::ColumnReader(const Schema& schema, const Column& column)
    : column_(column), slot_{column.type, column.range_lo, column.range_hi, column.id},
      readable_(column.kind != ColumnKind::computed && column.kind != ColumnKind::suspected),
      words_(column.type.kind == Kind::choice ? schema.enums[column.type.of] : no_words) {}

bool ColumnReader::date(std::string_view text, std::int64_t& day) const {
  if (text.size() == 10) {
    // Of 2025-03-01 the digits as numbers, what is no digit as something larger.
    const std::uint64_t x = loaded<std::uint64_t>(text.data()) ^ 0x2d30302d30303030u;
    const auto y = static_cast<unsigned char>(text[8] ^ '0'), z = static_cast<unsigned char>(text[9] ^ '0');
    if (((x | (x + 0x7f76767f76767676u)) & 0x8080808080808080u) != 0 || y > 9 || z > 9) return false;
    const auto digit = [&](unsigned i) { return static_cast<std::int32_t>((x >> (8 * i)) & 15); };
    const std::int32_t year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3), month = digit(5) * 10 + digit(6), d = y * 10 + z;
    if (year < first_year || year > last_year || month < 1 || month > 12) return false;
    const Months::Month& m = months.all[static_cast<std::size_t>((year - first_year) * 12 + month - 1)];
    if (d < 1 || d > m.days) return false;
    day = m.first + d - 1;
  } else if (text == "never") {
    day = never_day;
  } else {
    return false;
  }
  return in_range(day);
}

bool ColumnReader::fixed(std::string_view text, std::int64_t& value) const {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = at != end && *at == '-';
  at += negative;
  const unsigned scale = slot_.type.scale;
  if (end - at > 12 || scale > 6) return false;   // 18 digits fit
  const auto digit = [](char c) { return static_cast<unsigned char>(c - '0'); };
  if (at == end || digit(*at) > 9) return false;
  std::int64_t v = 0;
  unsigned places = 0;
  for (; at != end && digit(*at) <= 9; ++at) v = v * 10 + digit(*at);
  if (at != end) {
    if (*at != '.' || ++at == end) return false;
    for (; at != end && digit(*at) <= 9; ++at, ++places) v = v * 10 + digit(*at);
    if (at != end || places > scale) return false;
  }
  for (; places < scale; ++places) v *= 10;
  value = negative ? -v : v;
  return in_range(value);
}

}  // namespace tiao::facts
