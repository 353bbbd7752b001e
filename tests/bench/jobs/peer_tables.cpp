#include <algorithm>

#include "tests/bench/jobs/breach.hpp"
#include "tests/bench/jobs/peers.hpp"
#include "tests/bench/jobs/points.hpp"
#include "tests/bench/jobs/tail.hpp"

namespace tiao::bench {
namespace {

void count(PeerCounts& counts, const std::string& name, std::size_t rows, const std::function<Truth(std::size_t)>& at) {
  auto& [yes, unknown] = counts[name];
  for (std::size_t row = 0; row < rows; ++row) {
    const Truth t = at(row);
    yes += t == Truth::yes;
    unknown += t == Truth::unknown;
  }
}

PeerJob breach_job(std::uint32_t rows) {
  using namespace breach;
  const auto facts = std::make_shared<const BreachFacts>(make_breach(rows));
  PeerTable cases{"cases", {names().begin(), names().end()}, rows, [facts](std::uint32_t row, std::int64_t* cells) {
    for (unsigned c = 0; c < booleans; ++c) {
      const Truth t = facts->truth(c, row);
      cells[c] = t == Truth::unknown ? PeerTable::null : t == Truth::yes;
    }
    cells[booleans] = facts->loss[row] == BreachFacts::no_level ? PeerTable::null : facts->loss[row];
    cells[booleans + 1] = facts->impact[row] == BreachFacts::no_level ? PeerTable::null : facts->impact[row];
  }};
  cases.columns.insert(cases.columns.end(), {"loss", "impact"});
  PeerJob job{"F", "breach.sql", {std::move(cases)}, {}, {}, facts};
  BreachTwin twin(*facts);
  twin.run();
  const auto add = [&](const std::string& name, const std::function<Truth(std::size_t)>& at) { count(job.expected, name, rows, at); };
  for (const auto& [name, item] : {std::pair("item_62_13", 12u), {"item_63_7", 19u}, {"item_64_11", 30u}}) add(name, [&twin, i = item](std::size_t row) { return twin.item(i, row); });
  for (unsigned p = 0; p < parts; ++p) add("part_" + std::to_string(p + 1), [&](std::size_t row) { return twin.part(p, row); });
  for (unsigned a = 0; a < 5; ++a) add("head_" + std::to_string(62 + a), [&](std::size_t row) { return twin.head(a, row); });
  for (unsigned r = 0; r < remedies; ++r) add(remedy_info()[r].id, [&](std::size_t row) { return twin.remedy(r, row); });
  job.results = {{"decided", {}}};
  for (const auto& [name, counts] : job.expected) job.results[0].second.push_back(name);
  return job;
}

PeerJob points_job(std::uint32_t rows) {
  const auto facts = std::make_shared<const PointsFacts>(make_points(rows));
  PeerJob job{"P",
              "points.sql",
              {{"incidents", {"person", "behaviour", "day", "lo", "hi"}, rows,
                [facts](std::uint32_t row, std::int64_t* cells) {
                  cells[0] = facts->person[row], cells[1] = facts->behaviour[row], cells[2] = facts->day[row];
                  cells[3] = facts->points[row] & 15, cells[4] = facts->points[row] >> 4;
                }},
               {"persons", {"person", "facility"}, facts->persons, [facts](std::uint32_t row, std::int64_t* cells) { cells[0] = row, cells[1] = facts->works_at[row]; }}},
              {},
              {{"outcomes", {"warn_person", "suspend_eligibility", "end_eligibility"}}, {"shares", {"suspend_settlement", "suspend_agreement"}}},
              facts};
  PointsTwin twin(*facts, false);
  twin.run();
  const std::size_t years = std::size_t{twin.persons()} * points::years;
  const auto of_year = [&](Truth PointsTwin::Year::*what) {
    return [&twin, what](std::size_t i) {
      const PointsTwin::Year year = twin.year(static_cast<std::uint32_t>(i / points::years), i % points::years);
      return year.there ? year.*what : Truth::no;
    };
  };
  count(job.expected, "warn_person", years, of_year(&PointsTwin::Year::warn));
  count(job.expected, "suspend_eligibility", years, of_year(&PointsTwin::Year::suspend));
  count(job.expected, "end_eligibility", years, of_year(&PointsTwin::Year::end));
  count(job.expected, "suspend_settlement", twin.facilities(), [&](std::size_t f) { return twin.share(static_cast<std::uint32_t>(f)).pause; });
  count(job.expected, "suspend_agreement", twin.facilities(), [&](std::size_t f) { return twin.share(static_cast<std::uint32_t>(f)).end; });
  return job;
}

PeerJob tail_job(std::uint32_t rows) {
  const auto facts = std::make_shared<const TailFacts>(make_tail(rows));
  PeerJob job{"tail",
              "tail.sql",
              {{"clinics", {"clinic", "kind", "district", "takes_part", "deferred", "lo", "hi"}, rows,
                [facts](std::uint32_t row, std::int64_t* cells) {
                  const std::int64_t of[]{row, facts->kind[row], facts->district[row], facts->takes_part[row], facts->deferred[row], facts->low[row], facts->high[row]};
                  std::copy(std::begin(of), std::end(of), cells);
                }}},
              {},
              {{"judged", {"in_tail", "end_agreement"}}},
              facts};
  TailTwin twin(*facts, TailTwin::Way::selection);
  twin.run();
  count(job.expected, "in_tail", rows, [&](std::size_t row) { return twin.in_tail(row); });
  count(job.expected, "end_agreement", rows, [&](std::size_t row) { return twin.ended(row); });
  return job;
}

}  // namespace

PeerJob peer_job(const std::string& job, std::uint32_t rows) { return job == "F" ? breach_job(rows) : job == "P" ? points_job(rows) : tail_job(rows); }

}  // namespace tiao::bench
