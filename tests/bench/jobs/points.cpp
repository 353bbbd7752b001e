#include "tests/bench/jobs/points.hpp"

#include "runtime/value/scalar.hpp"
#include "tests/bench/random.hpp"

namespace tiao::bench {
namespace points {

std::int64_t first_day() { return scalar::day_number({2023, 1, 1}); }
std::uint16_t as_of() {
  static const auto day = static_cast<std::uint16_t>(job_day() - first_day());
  return day;
}

}  // namespace points

PointsFacts make_points(std::uint32_t incidents, std::uint64_t seed, std::uint32_t persons) {
  PointsFacts f;
  f.incidents = incidents;
  f.persons = persons != 0 ? persons : std::max(1u, incidents / 10 * 3);
  f.facilities = std::max(1u, f.persons / 17);
  f.works_at.resize(f.persons);
  Random people(seed, 1);
  for (std::uint32_t& at : f.works_at) at = static_cast<std::uint32_t>(people.below(f.facilities));
  f.person.resize(incidents), f.behaviour.resize(incidents), f.facility.resize(incidents), f.day.resize(incidents), f.points.resize(incidents);
  Random r(seed, 2);
  constexpr unsigned degrees[]{480, 270, 160, 90};   // one to three points, four to six, …
  for (std::uint32_t i = 0; i < incidents; ++i) {
    const auto person = static_cast<std::uint32_t>(r.below(f.persons));
    f.person[i] = person;
    // One of four behaviours of that person; the number says nothing but which.
    const std::uint64_t behaviour = mix(person * 4ull + r.below(4));
    f.behaviour[i] = static_cast<std::uint32_t>(behaviour >> 33);
    f.facility[i] = r.chance(900) ? f.works_at[person] : static_cast<std::uint32_t>(r.below(f.facilities));
    // Rows of a behaviour are decided within some weeks; some of the last are decided after the day on which all is looked at.
    f.day[i] = static_cast<std::uint16_t>((behaviour & 0xffff) * 1150 / 65536 + r.below(36));
    const auto low = static_cast<unsigned>(r.pick(degrees) * 3 + 1 + r.below(3));
    const unsigned high = r.chance(20) ? std::min<unsigned>(12, low + 1 + static_cast<unsigned>(r.below(4))) : low;
    f.points[i] = static_cast<std::uint8_t>(low | high << 4);
  }
  return f;
}

std::vector<std::uint32_t> by_person(const PointsFacts& f) {
  std::vector<std::uint32_t> next(f.persons + 1, 0), order(f.incidents);
  for (const std::uint32_t p : f.person) ++next[p + 1];
  for (std::uint32_t p = 0; p < f.persons; ++p) next[p + 1] += next[p];
  for (std::uint32_t i = 0; i < f.incidents; ++i) order[next[f.person[i]]++] = i;
  return order;
}

void fill(const PointsFacts& f, facts::FactBase& base) {
  RegisterColumns facilities(base, "facility", f.facilities, 'F');
  RegisterColumns persons(base, "practitioner", f.persons, 'P');
  persons.numbers("works_at", [&](std::uint32_t row) { return f.works_at[row]; });
  const std::vector<std::uint32_t> order = by_person(f);
  RegisterColumns incidents(base, "incident", f.incidents, 'I');
  std::vector<std::uint32_t> parent(f.incidents);
  for (std::uint32_t row = 0; row < f.incidents; ++row) parent[row] = f.person[order[row]];
  incidents.parents(parent, f.persons);
  incidents.numbers("facility_id", [&](std::uint32_t row) { return f.facility[order[row]]; });
  incidents.numbers("behaviour_id", [&](std::uint32_t row) { return f.behaviour[order[row]]; });
  incidents.numbers("decision_date", [&](std::uint32_t row) { return points::first_day() + f.day[order[row]]; });
  incidents.numbers("points", [&](std::uint32_t row) { return f.points[order[row]] & 15; }, [&](std::uint32_t row) { return f.points[order[row]] >> 4; });
}

void compare(const PointsTwin& twin, Expectation& engine) {
  // Rows of years: by person, from the first with an entry to that of the day in question.
  const DerivedRows& cycles = engine.derived("total.cycle");
  const CellColumn& totals = engine.report("year_points");
  struct Followed { const char* id; const RemedyTable& table; std::size_t at = 0; };
  Followed warn{"warn_person", engine.remedy_table("warn_person")}, suspend{"suspend_eligibility", engine.remedy_table("suspend_eligibility")}, end{"end_eligibility", engine.remedy_table("end_eligibility")};
  std::size_t row = 0;
  std::vector<Truth> items[3];
  const auto followed = [&](Followed& f, std::uint32_t person, unsigned year, Truth state) {
    if (state == Truth::no) return;
    const std::string what(f.id);
    const std::size_t i = f.at++;
    if (i >= f.table.target.size()) return engine.same(what + " rows", i, 0, 1);
    engine.same(what + ".target", i, f.table.target[i], person);
    engine.same(what + ".scope", i, f.table.scope_row[i], static_cast<std::int64_t>(row));
    engine.same(what + ".state", i, f.table.state[i], static_cast<std::int64_t>(state));
    engine.same(what + ".held", i, f.table.held[i], state == Truth::yes);
    engine.same(what + ".open", i, f.table.open[i], state == Truth::unknown);
    if (&f == &warn) return;
    const std::int64_t from = points::first_day() + points::year_starts[year + 1];
    engine.same(what + ".from", i, f.table.from.lo[i], from);
    engine.same(what + ".from upper", i, f.table.from.hi_at(i), from);
    if (&f != &suspend) return;
    const PointsTwin::Year y = twin.year(person, year);
    engine.same(what + ".length", i, f.table.length.lo[i], scalar::make_duration(y.months_low, 0));
    engine.same(what + ".length upper", i, f.table.length.hi_at(i), scalar::make_duration(y.months_high, 0));
    const auto until = [&](unsigned months) { return scalar::day_number({static_cast<std::int32_t>(2024 + year), static_cast<std::int32_t>(1 + months), 1}); };
    engine.same(what + ".until", i, f.table.until.lo[i], until(y.months_low));
    engine.same(what + ".until upper", i, f.table.until.hi_at(i), until(y.months_high));
  };
  for (std::uint32_t person = 0; person < twin.persons(); ++person)
    for (unsigned y = 0; y < points::years; ++y) {
      const PointsTwin::Year mine = twin.year(person, y);
      if (!mine.there) continue;
      if (row < cycles.parent.size()) {
        engine.same("total.cycle", row, cycles.parent[row], person);
        engine.same("year_points", row, totals.lo[row], mine.low);
        engine.same("year_points upper", row, totals.hi_at(row), mine.high);
      }
      items[0].push_back(mine.warn), items[1].push_back(mine.suspend), items[2].push_back(mine.end);
      followed(warn, person, y, mine.warn);
      followed(suspend, person, y, mine.suspend);
      followed(end, person, y, mine.end);
      ++row;
    }
  engine.same("total.cycle rows", 0, static_cast<std::int64_t>(cycles.parent.size()), static_cast<std::int64_t>(row));
  for (const Followed* f : {&warn, &suspend, &end}) engine.same(std::string(f->id) + " rows", 0, static_cast<std::int64_t>(f->table.target.size()), static_cast<std::int64_t>(f->at));
  constexpr const char* addresses[]{"第二条（一）", "第二条（二）", "第二条（三）"};
  for (unsigned i = 0; i < 3; ++i) engine.proposition("total.cycle", addresses[i], row, [&](std::size_t r) { return items[i][r]; });

  const CellColumn& shares = engine.report("out_share");
  for (std::uint32_t f = 0; f < twin.facilities() && f < shares.size(); ++f) {
    const PointsTwin::Share& mine = twin.share(f);
    const std::int64_t all = mine.out + mine.maybe + mine.in;
    const Cell theirs = shares.at(f);
    engine.same("out_share", f, theirs.lo * std::max<std::int64_t>(all, 1), mine.out * theirs.lo_den);
    engine.same("out_share upper", f, theirs.hi * std::max<std::int64_t>(all, 1), (mine.out + mine.maybe) * theirs.hi_den);
  }
  const auto state = [](Truth t) { return Expectation::Decision{t, t == Truth::yes, t == Truth::unknown}; };
  engine.remedy("suspend_settlement", core::Modality::may, twin.facilities(), [&](std::size_t f) { return state(twin.share(static_cast<std::uint32_t>(f)).pause); });
  engine.remedy("suspend_agreement", core::Modality::must, twin.facilities(), [&](std::size_t f) { return state(twin.share(static_cast<std::uint32_t>(f)).end); });
  engine.proposition("facility", "第三条（一）", twin.facilities(), [&](std::size_t f) { return twin.share(static_cast<std::uint32_t>(f)).pause; });
  engine.proposition("facility", "第三条（二）", twin.facilities(), [&](std::size_t f) { return twin.share(static_cast<std::uint32_t>(f)).end; });
}

}  // namespace tiao::bench
