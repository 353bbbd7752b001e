// What needs more than one person: the order of degrees within an inspection, the shares of facilities.
#include <bit>
#include <limits>

#include "tests/bench/twin_engine.hpp"

namespace tiao::bench {
namespace {

constexpr bool yes(std::uint8_t flag) { return flag == 1; }

/// Per inspection and type of behaviour: the lowest points of each degree. The slots of rows some way ahead are fetched early.
class Lowest {
 public:
  explicit Lowest(std::uint32_t rows) : mask_(std::bit_ceil(std::uint64_t{rows} * 3 / 2 + 16) - 1), slots_(mask_ + 1) {}
  static std::uint64_t key(std::int64_t inspection, std::int64_t type) { return static_cast<std::uint64_t>(inspection) << 32 | static_cast<std::uint64_t>(type); }
  void fetch(std::uint64_t key) const { __builtin_prefetch(&slots_[first(key)]); }
  void fetch_slot(std::uint32_t slot) const { __builtin_prefetch(&slots_[slot]); }
  std::uint32_t find(std::uint64_t key) {
    std::uint64_t slot = first(key);
    while (slots_[slot].key != key) {
      if (slots_[slot].key == empty) {
        slots_[slot].key = key;
        break;
      }
      slot = (slot + 1) & mask_;
    }
    return static_cast<std::uint32_t>(slot);
  }
  std::int32_t* points(std::uint32_t slot) { return slots_[slot].points; }

 private:
  static constexpr std::uint64_t empty = ~std::uint64_t{0};
  static constexpr std::int32_t none_yet = std::numeric_limits<std::int32_t>::max();
  struct Slot { std::uint64_t key = empty; std::int32_t points[3] = {none_yet, none_yet, none_yet}; };
  std::uint64_t first(std::uint64_t key) const { return (key * 0x9e3779b97f4a7c15u) >> 20 & mask_; }
  std::uint64_t mask_;
  std::vector<Slot> slots_;
};

}  // namespace

void Twin::degrees() {
  constexpr std::uint32_t ahead = 24;
  const IncidentTable& t = t_.incident;
  Lowest lowest(t.rows);
  std::vector<std::uint32_t> slots(t.rows);
  auto key = [&](std::uint32_t i) { return Lowest::key(t.inspection[i], t.type[i]); };
  auto rank = [&](std::uint32_t i) { return std::countr_zero(static_cast<std::uint64_t>(t.degree[i])); };
  for (std::uint32_t i = 0; i < t.rows; ++i) {
    if (i + ahead < t.rows) lowest.fetch(key(i + ahead));
    if ((out_.incident[i] & (i_here | i_28_2)) != i_here) continue;
    if (t.points[i] > std::numeric_limits<std::int32_t>::max()) return fail("points beyond what the twin counts");
    slots[i] = lowest.find(key(i));
    std::int32_t& points = lowest.points(slots[i])[rank(i)];
    points = std::min(points, static_cast<std::int32_t>(t.points[i]));
  }
  for (std::uint32_t p = 0; p < t_.person.rows; ++p) {
    if ((out_.person[p] & p_applies) == 0) continue;
    for (std::uint32_t i = t.begin(p); i < t.end(p); ++i) {
      if (i + ahead < t.rows) lowest.fetch_slot(slots[i + ahead]);
      if ((out_.incident[i] & (i_here | i_28_2)) != i_here || t.decision[i] < start_ || t.decision[i] >= end_) continue;
      const std::int32_t* points = lowest.points(slots[i]);
      bool holds = true;
      for (int above = rank(i) + 1; above < 3; ++above) holds = holds && points[above] > t.points[i];
      check(q_30_5a, i, holds);
    }
  }
}

void Twin::facilities() {
  const FacilityTable& f = t_.facility;
  for (std::uint32_t x = 0; x < f.rows; ++x) {
    settle_if(d_8_1, x, in_force_, true, yes(f.rules[x]) && yes(f.training[x]) && yes(f.organised[x]) && yes(f.informed[x]));
    settle_if(d_8_2, x, in_force_, true, yes(f.registered[x]) && yes(f.maintained[x]) && yes(f.declared[x]));
    settle_if(d_8_3, x, in_force_, true, yes(f.connected[x]) && yes(f.registered[x]) && yes(f.maintained[x]) && yes(f.accurate[x]));
    settle_if(d_13, x, in_force_, true, yes(f.text_given[x]) && yes(f.urged[x]));
    const std::int64_t report_by = scalar::shift(known(f.signed_on[x]), known(month_unit)).lo;
    settle_by(d_14_2, x, in_force_, true, f.reported[x], report_by);
    settle_if(d_16_1, x, in_force_, true, yes(f.registered[x]) && yes(f.maintained[x]));
    settle_if(d_16_2, x, in_force_, true, yes(f.guidance[x]));
    settle_if(d_34, x, in_force_, true, yes(f.appeals[x]));

    std::uint32_t& bits = out_.facility[x];
    if (yes(f.late_registration[x]) || yes(f.late_maintenance[x])) bits |= h_late;
    if (yes(f.late_telling[x])) bits |= h_untold;
    const std::int64_t out = out_.out_heads[x], heads = f.heads[x];
    if (heads < 1 && out != 0) fail("nobody on the roll and somebody out");
    out_.share_over[x] = heads >= 1 ? out : 0;
    out_.share_under[x] = heads >= 1 ? heads : 100;   // 0% of nobody
    if (out >= 1 && heads >= 1) {
      if (out * 2 >= heads) bits |= h_half;
      else if (out * 5 >= heads) bits |= h_some;
    }
    if (!in_force_) continue;
    if ((bits & h_some) != 0) out_.remedies[r_suspend_settlement].add(x, 2, 1);
    if ((bits & h_half) != 0) out_.remedies[r_suspend_agreement].add(x, 0, 1);
    if ((bits & (h_late | h_untold)) != 0)
      for (const unsigned remedy : {r_recover, r_deduct}) out_.remedies[remedy].add(x, 0, bits >> 2 & 3);
  }
}

void Twin::bulletins() {
  const BulletinTable& b = t_.bulletin;
  for (std::uint32_t x = 0; x < b.rows; ++x) {
    if (b.through[x] > as_of_) continue;
    const std::int64_t subject = b.subject[x];
    settle_by(d_39_1, x, in_force_, subject == code::yearly_filing, b.sent[x], b.due[x]);
    settle_by(d_39_2, x, in_force_, subject == code::monthly_points, b.sent[x], b.due[x]);
    settle_by(d_39_3a, x, in_force_, subject == code::quarterly_offences, b.sent[x], b.due[x]);
    settle_if(d_39_3b, x, in_force_, subject == code::quarterly_offences, yes(b.acted[x]));
    if (!in_force_) continue;
    const auto end_of = [&](std::int64_t months) { return scalar::shift(known(b.from[x]), known(months * month_unit)).lo; };
    check(q_39_2, x, subject != code::monthly_points || b.through[x] < end_of(1));
    check(q_39_3, x, subject != code::quarterly_offences || b.through[x] < end_of(3));
  }
}

}  // namespace tiao::bench
