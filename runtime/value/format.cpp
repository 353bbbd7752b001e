#include "runtime/value/format.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "runtime/value/scalar.hpp"
#include "runtime/value/wide.hpp"

namespace tiao {
namespace {

using scalar::wide::i128;

constexpr bool digit(char c) { return c >= '0' && c <= '9'; }

// Takes digits off the front; a number beyond any use stays at 10^17, which every caller finds too large.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t v = 0;
  std::size_t n = 0;
  for (; n < text.size() && digit(text[n]); ++n) {
    v = std::min<std::int64_t>(v * 10 + (text[n] - '0'), 100'000'000'000'000'000);
  }
  if (n == 0) return std::nullopt;
  text.remove_prefix(n);
  return v;
}

bool take(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

void skip_blanks(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

constexpr std::int64_t month_limit = std::int64_t{1} << 28, day_limit = std::int64_t{1} << 31;

struct Word { std::string_view text; std::int64_t months, days; };
// Longer spellings before those they begin with.
constexpr std::array words{
    Word{"months", 1, 0}, Word{"month", 1, 0}, Word{"years", 12, 0}, Word{"year", 12, 0},
    Word{"weeks", 0, 7},  Word{"week", 0, 7},  Word{"days", 0, 1},   Word{"day", 0, 1},
    Word{"个月", 1, 0},   Word{"月", 1, 0},    Word{"年", 12, 0},    Word{"周", 0, 7},
    Word{"天", 0, 1},     Word{"日", 0, 1},
};

Parse add_part(std::int64_t n, std::int64_t months_each, std::int64_t days_each, std::int64_t& months, std::int64_t& days) {
  const i128 m = static_cast<i128>(n) * months_each + months, d = static_cast<i128>(n) * days_each + days;
  if (m >= month_limit || d >= day_limit) return Parse::too_large;
  months = static_cast<std::int64_t>(m);
  days = static_cast<std::int64_t>(d);
  return Parse::ok;
}

}  // namespace

std::string format_date(std::int64_t day) {
  if (day == never_day) return "never";
  if (day == unstated_day) return "unstated";
  if (!scalar::is_day(day)) return {};
  const scalar::Civil c = scalar::civil(day);
  return fmt::format("{:04}-{:02}-{:02}", c.year, c.month, c.day);
}

std::string format_duration(std::int64_t packed) {
  if (packed == unstated_duration) return "unstated";
  std::int64_t months = scalar::duration_months(packed), days = scalar::duration_days(packed);
  std::string out;
  if (months <= 0 && days <= 0 && (months != 0 || days != 0)) {
    out += '-';
    months = -months;
    days = -days;
  }
  out += 'P';
  if (months / 12 != 0) out += fmt::format("{}Y", months / 12);
  if (months % 12 != 0) out += fmt::format("{}M", months % 12);
  if (days != 0 || months == 0) out += fmt::format("{}D", days);
  return out;
}

std::string format_workdays(std::int64_t count) {
  return fmt::format("{}P{}BD", count < 0 ? "-" : "", count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count));
}

std::string format_fixed(std::int64_t value, unsigned scale, unsigned min_places) {
  const std::uint64_t size = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::string digits = fmt::format("{}", size);
  if (scale > 0) {
    if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
    digits.insert(digits.size() - scale, 1, '.');
    for (unsigned places = scale; places > min_places && digits.back() == '0'; --places) digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
  }
  return value < 0 ? "-" + digits : digits;
}

std::string format_money(std::int64_t value, unsigned scale) { return format_fixed(value, scale, 2); }
std::string format_percent(std::int64_t value, unsigned scale) { return format_fixed(value, scale, 0) + "%"; }
std::string format_ratio(std::int64_t num, std::int64_t den) { return fmt::format("{}/{}", num, den); }

std::string format_end(std::int64_t value, const Type& type) {
  if (value == neg_inf || value == pos_inf) return {};
  switch (type.kind) {
    case Kind::integer:
    case Kind::decimal: return format_fixed(value, type.scale);
    case Kind::money: return format_money(value, type.scale);
    case Kind::percent: return format_percent(value, type.scale);
    case Kind::date: return format_date(value);
    case Kind::duration: return format_duration(value);
    case Kind::workdays: return format_workdays(value);
    default: return fmt::format("{}", value);
  }
}

Parse parse_fixed(std::string_view text, unsigned scale, std::int64_t& value) {
  const bool negative = take(text, "-");
  if (text.empty() || !digit(text.front()) || !digit(text.back())) return Parse::malformed;
  // Shape first, so that a long malformed text is not called too large.
  std::size_t point = std::string_view::npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.' && point == std::string_view::npos) point = i;
    else if (!digit(text[i])) return Parse::malformed;
  }
  const std::string_view whole = text.substr(0, point);
  std::string_view fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  while (fraction.size() > scale && fraction.back() == '0') fraction.remove_suffix(1);
  if (fraction.size() > scale) return Parse::too_precise;
  std::int64_t v = 0;
  auto push = [&v](int d) { return !__builtin_mul_overflow(v, 10, &v) && !__builtin_add_overflow(v, d, &v); };
  for (const char c : whole) if (!push(c - '0')) return Parse::too_large;
  for (const char c : fraction) if (!push(c - '0')) return Parse::too_large;
  for (std::size_t i = fraction.size(); i < scale && v != 0; ++i) if (!push(0)) return Parse::too_large;
  if (v == pos_inf) return Parse::too_large;
  value = negative ? -v : v;
  return Parse::ok;
}

Parse parse_percent(std::string_view text, unsigned scale, std::int64_t& value) {
  if (text.ends_with("%")) text.remove_suffix(1);
  else if (text.ends_with("％")) text.remove_suffix(std::string_view("％").size());
  return parse_fixed(text, scale, value);
}

Parse parse_date(std::string_view text, std::int64_t& lo, std::int64_t& hi) {
  if (text == "never" || text == "从未") {
    lo = hi = never_day;
    return Parse::ok;
  }
  // YYYY, YYYY-MM, YYYY-MM-DD; nothing is read leniently, since 2025-3-1 may be a slip of something else.
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return Parse::malformed;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((i == 4 || i == 7) ? text[i] != '-' : !digit(text[i])) return Parse::malformed;
  auto number = [&](std::size_t at, std::size_t n) {
    std::int32_t v = 0;
    for (std::size_t i = at; i < at + n; ++i) v = v * 10 + (text[i] - '0');
    return v;
  };
  const std::int32_t year = number(0, 4);
  if (year < 1) return Parse::malformed;
  if (text.size() == 4) {
    lo = scalar::day_number({year, 1, 1});
    hi = scalar::day_number({year, 12, 31});
    return Parse::ok;
  }
  const std::int32_t month = number(5, 2);
  if (month < 1 || month > 12) return Parse::malformed;
  const int days = scalar::days_in_month(year, month);
  if (text.size() == 7) {
    lo = scalar::day_number({year, month, 1});
    hi = scalar::day_number({year, month, days});
    return Parse::ok;
  }
  const std::int32_t day = number(8, 2);
  if (day < 1 || day > days) return Parse::malformed;
  lo = hi = scalar::day_number({year, month, day});
  return Parse::ok;
}

Parse parse_duration(std::string_view text, std::int64_t& packed) {
  std::int64_t months = 0, days = 0;
  const bool negative = take(text, "-");
  if (take(text, "P")) {
    if (text.empty()) return Parse::malformed;
    constexpr std::string_view order = "YMWD";
    std::size_t last = 0;  // parts come in this order, each at most once
    while (!text.empty()) {
      const auto n = take_number(text);
      if (!n || text.empty()) return Parse::malformed;
      const std::size_t part = order.find(text.front());
      if (part == std::string_view::npos || part + 1 <= last) return Parse::malformed;
      last = part + 1;
      text.remove_prefix(1);
      const std::int64_t months_each = part == 0 ? 12 : part == 1 ? 1 : 0, days_each = part == 2 ? 7 : part == 3 ? 1 : 0;
      if (const Parse p = add_part(*n, months_each, days_each, months, days); p != Parse::ok) return p;
    }
  } else {
    if (text.empty()) return Parse::malformed;
    while (!text.empty()) {
      const auto n = take_number(text);
      if (!n) return Parse::malformed;
      skip_blanks(text);
      const Word* found = nullptr;
      for (const Word& w : words)
        if (text.starts_with(w.text)) { found = &w; break; }
      if (!found) return Parse::malformed;
      text.remove_prefix(found->text.size());
      skip_blanks(text);
      if (const Parse p = add_part(*n, found->months, found->days, months, days); p != Parse::ok) return p;
    }
  }
  packed = negative ? scalar::make_duration(-months, -days) : scalar::make_duration(months, days);
  return Parse::ok;
}

Parse parse_workdays(std::string_view text, std::int64_t& count) {
  const bool negative = take(text, "-");
  const bool iso = take(text, "P");
  const auto n = take_number(text);
  if (!n) return Parse::malformed;
  skip_blanks(text);
  if (iso ? text != "BD" : !(text.empty() || text == "working days" || text == "working day" || text == "个工作日" || text == "工作日"))
    return Parse::malformed;
  if (*n >= day_limit) return Parse::too_large;
  count = negative ? -*n : *n;
  return Parse::ok;
}

Parse parse_value(std::string_view text, const Type& type, std::int64_t& lo, std::int64_t& hi) {
  Parse p = Parse::malformed;
  switch (type.kind) {
    case Kind::integer:
    case Kind::decimal:
    case Kind::money: p = parse_fixed(text, type.scale, lo); break;
    case Kind::percent: p = parse_percent(text, type.scale, lo); break;
    case Kind::date: return parse_date(text, lo, hi);
    case Kind::duration: p = parse_duration(text, lo); break;
    case Kind::workdays: p = parse_workdays(text, lo); break;
    default: return Parse::malformed;
  }
  hi = lo;
  return p;
}

}  // namespace tiao
