// The rows of one person, regime by regime.
#pragma once

#include "tests/bench/people.hpp"
#include "tests/bench/tianjin_cases.hpp"

namespace tiao::bench {

/// Under the rules of Tianjin.
class TianjinSample {
 public:
  TianjinSample(const World& world, Tables& tables) : world_(world), tables_(tables) {}
  void parameters();
  void person(Random& random, const PersonInfo& person, std::uint32_t incidents);

 private:
  void put_incident(Random& random, const PersonInfo& person, const tianjin::Case& c);
  void put_appeal(Random& random, const PersonInfo& person, const tianjin::Case& c);

  const World& world_;
  Tables& tables_;
  tianjin::Counters counters_;
  FeeCounter fees_;
};

/// Under the rules of Jining.
class JiningSample {
 public:
  JiningSample(const World& world, Tables& tables) : world_(world), tables_(tables) {}
  void parameters();
  void person(Random& random, const PersonInfo& person, std::uint32_t incidents);

 private:
  struct Case;
  void put_incident(Random& random, const PersonInfo& person, const Case& c);
  void put_standing(Random& random, const PersonInfo& person);
  void course(Random& random, const PersonInfo& person, std::vector<Case>& cases, PersonFate& fate);

  const World& world_;
  Tables& tables_;
  tianjin::Counters counters_;
  FeeCounter fees_;
};

}  // namespace tiao::bench
