// What a facility and a person do about points: enter a status, repair, apply, come back. Follows a simple running total.
#pragma once

#include <string_view>
#include <vector>

#include "tests/bench/people.hpp"
#include "tests/bench/tianjin_cases.hpp"

namespace tiao::bench::tianjin {

enum class Status : std::uint8_t { normal, suspended, terminated };
struct StatusEvent { Status status; std::int64_t effective; std::string_view cause; };
struct Repair {
  bool training = true, consented = true, passed = true, cut = false;
  std::int64_t applied_on = 0, approved_on = 0;
  int points = 0;
};
struct Application { std::int64_t applied_on = 0, assessed_on = 0; bool consented = true, meets = true; };

struct Course {
  std::vector<StatusEvent> events;
  std::vector<Repair> repairs;
  std::vector<Application> applications;
  std::int64_t recommitted_on = never_day;
  bool out_at(std::int64_t day) const;
};

Course follow(const World& world, Random& random, const PersonInfo& person, const std::vector<Case>& cases);

}  // namespace tiao::bench::tianjin
