// Rows that do not depend on what anybody did: facilities, persons, registrations, commitments.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/bench/world.hpp"

namespace tiao::bench {

enum class Register : std::uint8_t {
  facility, facility_agreement_events, trainings, practitioner, registrations, departures, practitioner_agreements, test_records,
  incident, status_events, repairs, appeals, restoration_applications, fees, borrowings, practice_sites, bulletins, registration_forms,
};

struct TableInfo {
  std::string_view name;
  std::span<const Column> columns;
  unsigned of = ~0u;        // the regimes that have the register
  std::uint64_t rows = 0;   // a guess at their number, for reserving
};
/// In the order of Register.
std::vector<TableInfo> practitioner_tables(const SampleOptions& options);

/// Keeps of every row the columns that the regime reads. A register is named by its place among those given at the start.
class Tables {
 public:
  Tables(Regime regime, std::span<const TableInfo> tables, Sink& sink);
  template <class Id, std::size_t N>
  void put(Id id, const std::array<Value, N>& row) {
    const std::vector<std::uint8_t>& kept = kept_[static_cast<std::size_t>(id)];
    Value cells[N];
    std::size_t n = 0;
    for (const std::uint8_t c : kept) cells[n++] = row[c];
    sink_.row(static_cast<std::size_t>(id), {cells, n});
  }
  void parameter(std::string_view name, const Value& value) { sink_.parameter(name, value); }

 private:
  Sink& sink_;
  std::vector<std::vector<std::uint8_t>> kept_;   // by register: indexes of columns
};

template <const auto& columns>
using Row = std::array<Value, std::tuple_size_v<std::remove_cvref_t<decltype(columns)>>>;

/// Strikes out cells of samples that are to hold blanks: so many in a thousand are not known, or only within bounds.
class Blanks {
 public:
  Blanks(Random& random, bool complete) : random_(random), complete_(complete) {}
  bool strikes(unsigned permille) { return !complete_ && random_.chance(permille); }
  Value or_null(const Value& value, unsigned permille) { return strikes(permille) ? null() : value; }
  Value day_or_month(std::int64_t day, unsigned permille);

 private:
  Random& random_;
  bool complete_;
};

/// What the course of events has to say about a person's own row.
struct PersonFate {
  std::int64_t recommitted_on = never_day;
  bool out = false;                       // suspended or ended on the last day, as entered
  std::int64_t ban_years = 0;             // 0: none chosen
};

void put_person(const World& world, Tables& tables, Random& random, const PersonInfo& person, const PersonFate& fate);
void put_registrations(const World& world, Tables& tables, Random& random, const PersonInfo& person);
void put_facilities(const World& world, Tables& tables, const std::vector<std::uint32_t>& heads);
/// One event in a facility's record of a person's status.
void put_status(const World& world, Tables& tables, const PersonInfo& person, std::uint32_t site, std::string_view status, std::int64_t effective,
                std::string_view cause);

struct FeeCounter { std::uint64_t next = 1; };
void put_fee(const World& world, Tables& tables, Random& random, FeeCounter& counter, const PersonInfo& person, std::int64_t day);

}  // namespace tiao::bench
