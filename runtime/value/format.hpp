// Values as text and back, exactly: never through a floating point number. What is written here is what verdicts contain.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/value/value.hpp"

namespace tiao {

// --- Writing ---------------------------------------------------------------------------------------------------------------

std::string format_date(std::int64_t day);          // 2025-02-28, never, unstated
// Normal form: P1Y2M, P30D, P1Y2M10D, P0D, unstated. Parts of opposite sign keep theirs: P1M-3D.
std::string format_duration(std::int64_t packed);
// Working days as P10BD (business days), because ISO 8601 has no letter for them and W is its week.
std::string format_workdays(std::int64_t count);
// All `scale` places, or fewer while the last one is 0 and at least min_places remain.
std::string format_fixed(std::int64_t value, unsigned scale, unsigned min_places = 255);
std::string format_money(std::int64_t value, unsigned scale);    // at least the two places of fen: 3600.00, 1080.125
std::string format_percent(std::int64_t value, unsigned scale);  // 30%, 12.5%
std::string format_ratio(std::int64_t num, std::int64_t den);    // 2/10, as counted
// One end of a number, date or duration; infinite ends are "" (nothing to show). Not for boolean, ratio, text, choice, ref.
std::string format_end(std::int64_t value, const Type& type);

// --- Reading ---------------------------------------------------------------------------------------------------------------

enum class Parse : std::uint8_t { ok, malformed, too_large, too_precise };

// 123, -0.50: digits with at most one point, which has digits on both sides. No exponent, no plus sign, no thousands mark.
// Places beyond the scale must be 0, else too_precise.
Parse parse_fixed(std::string_view text, unsigned scale, std::int64_t& value);
Parse parse_percent(std::string_view text, unsigned scale, std::int64_t& value);  // 30% or 30
// 2025-03-01 (lo = hi), 2025-03 and 2025 (the range of their days), never (从未).
Parse parse_date(std::string_view text, std::int64_t& lo, std::int64_t& hi);
// P1Y2M, P30D, P2W; 3 months, 1 year, 30 days, 3个月, 1年, 30天, 30日; parts may follow each other: 1年2个月.
Parse parse_duration(std::string_view text, std::int64_t& packed);
// 10, P10BD, 10 working days, 10个工作日.
Parse parse_workdays(std::string_view text, std::int64_t& count);
// Any number, date or duration type by its kind. An integer may have a zero fraction (5.0); quantities of a unit may have places.
Parse parse_value(std::string_view text, const Type& type, std::int64_t& lo, std::int64_t& hi);

}  // namespace tiao
