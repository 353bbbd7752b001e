#include "tests/bench/tianjin_cases.hpp"

#include <algorithm>
#include <array>

namespace tiao::bench::tianjin {
namespace {

constexpr unsigned plain_types = 12;
constexpr unsigned quota_type = 12, outside_type = 13, lent_type = 14, licence_type = 15, other_type = 16, fraud_type = 17;

/// What an inspection made of a plain type of behaviour.
Ground plain_ground(unsigned finding) {
  if (finding < 490) return Ground::agreement;
  if (finding < 650) return Ground::penalty;
  if (finding < 850) return Ground::damages;
  return finding < 940 ? Ground::nothing : Ground::person_penalty;
}

class Story {
 public:
  Story(const World& world, Random& random, const PersonInfo& person, Counters& counters)
      : world_(world), random_(random), person_(person), counters_(counters) {}

  std::vector<Case> tell(std::uint32_t count) {
    if (person_.number == World::example) tell_example(count);
    while (cases_.size() < count) {
      const std::uint64_t roll = random_.below(1000);
      if (roll < 50 && repeated()) continue;
      if (roll < 85 && second_circumstance()) continue;
      if (roll < 125 && same_kind()) continue;
      if (roll < 150 && decided_again()) continue;
      fresh();
    }
    return std::move(cases_);
  }

 private:
  Case& add(std::uint32_t facility, unsigned k, unsigned type, std::uint64_t behaviour) {
    const Inspection inspection = world_.inspection(facility, k);
    Case& c = cases_.emplace_back();
    c.number = counters_.incident++;
    c.behaviour = behaviour;
    c.facility = facility;
    c.k = k;
    c.type = type;
    c.behaviour_date = inspection.day - random_.between(3, 80);
    // Little of what is decided happened before the rules came into force.
    if (c.behaviour_date < world_.days().first && random_.chance(970)) c.behaviour_date = random_.between(world_.days().first, inspection.day - 1);
    c.decided_on = inspection.decided_on;
    c.noticed_on = inspection.noticed_on;
    c.finding = world_.verdict(facility, k, type);
    c.responsible = random_.chance(900);
    c.displaced = random_.chance(4);
    c.reason = random_.chance(100);
    const std::size_t degree = random_.pick({500u, 300u, 200u});
    c.degree = static_cast<int>(degree);
    switch (type) {
      case quota_type: c.ground = Ground::quota; break;
      case outside_type: c.ground = Ground::outside; break;
      case lent_type: c.ground = Ground::lent; name_beneficiary(c); break;
      case licence_type: c.ground = Ground::licence; break;
      case other_type: c.ground = Ground::other; break;
      case fraud_type: c.ground = Ground::fraud; break;
      default: c.ground = plain_ground(c.finding);
    }
    return c;
  }

  std::uint32_t site() { return person_.sites[random_.chance(700) ? 0 : random_.below(person_.sites.size())]; }

  void fresh() {
    const std::uint32_t facility = site();
    const auto k = static_cast<unsigned>(random_.below(inspections));
    const FacilityInfo info = world_.facility(facility);
    unsigned type = static_cast<unsigned>(random_.below(plain_types));
    const std::uint64_t roll = random_.below(1000);
    if (roll < 40 && info.is_public) type = quota_type;
    else if (roll < 60 && person_.person_class == Class::medical) type = outside_type;
    else if (roll < 80) type = lent_type;
    else if (roll < 83) type = licence_type;
    else if (roll < 108) type = other_type;
    else if (roll < 116) type = fraud_type;
    add(facility, k, type, counters_.behaviour++);
  }

  const Case* earlier_plain() {
    if (cases_.empty()) return nullptr;
    const Case& c = cases_[random_.below(cases_.size())];
    return c.type < plain_types && !c.review ? &c : nullptr;
  }

  // The same kind of act once more, after the first has been scored.
  bool repeated() {
    const Case* earlier = earlier_plain();
    if (earlier == nullptr) return false;
    const std::int64_t scored_on = earlier->decided_on;
    const unsigned type = earlier->type;
    const std::uint32_t facility = earlier->facility;
    for (unsigned k = earlier->k + 1; k < inspections; ++k) {
      const Inspection next = world_.inspection(facility, k);
      if (next.day <= scored_on + 2 || year_of(next.day) != year_of(scored_on)) continue;
      Case& c = add(facility, k, type, counters_.behaviour++);
      c.behaviour_date = random_.between(scored_on + (random_.chance(100) ? 0 : 1), next.day - 1);
      return true;
    }
    return false;
  }

  // The same behaviour under another head.
  bool second_circumstance() {
    const Case* earlier = earlier_plain();
    if (earlier == nullptr) return false;
    const Case first = *earlier;
    const std::size_t which = random_.pick({350u, 550u, 100u});
    Case& c = add(first.facility, first.k, std::array{lent_type, other_type, fraud_type}[which], first.behaviour);
    c.behaviour_date = first.behaviour_date;
    return true;
  }

  // Several of one type in one inspection.
  bool same_kind() {
    const Case* earlier = earlier_plain();
    if (earlier == nullptr) return false;
    const Case first = *earlier;
    Case& c = add(first.facility, first.k, first.type, counters_.behaviour++);
    c.behaviour_date = first.behaviour_date - random_.between(0, 20);
    return true;
  }

  // First the agency, then the authority, on one behaviour.
  bool decided_again() {
    const Case* earlier = earlier_plain();
    if (earlier == nullptr) return false;
    const Case first = *earlier;
    Case& c = add(first.facility, first.k, first.type, first.behaviour);
    c.behaviour_date = first.behaviour_date;
    c.review = true;
    c.ground = Ground::penalty;
    c.decided_on = first.decided_on + random_.between(20, 90);
    c.noticed_on = c.decided_on + random_.between(1, 8);
    return true;
  }

  void name_beneficiary(Case& c) {
    c.unlisted = random_.chance(550);
    if (c.unlisted && random_.chance(900)) return;
    for (int tries = 0; tries < 60; ++tries) {
      const auto number = static_cast<std::uint32_t>(random_.below(world_.options().practitioners));
      if (number == person_.number || world_.person(number).quiet == Quiet::no) continue;
      c.beneficiary = number;
      return;
    }
    c.unlisted = true;
  }

  // One person whose record shows what the rules do: points that add up, a suspension, a repair, an objection that failed.
  void tell_example(std::uint32_t count) {
    struct Chapter { unsigned k; Ground ground; int degree; };
    for (const Chapter& chapter : {Chapter{1, Ground::agreement, 1}, Chapter{4, Ground::penalty, 1}, Chapter{5, Ground::agreement, 2}, Chapter{6, Ground::agreement, 1}}) {
      if (cases_.size() == count) return;
      Case& c = add(person_.sites[0], chapter.k, story_type + chapter.k, counters_.behaviour++);
      c.ground = chapter.ground;
      c.degree = chapter.degree;
      c.responsible = true;
      c.displaced = false;
    }
  }

  const World& world_;
  Random& random_;
  const PersonInfo& person_;
  Counters& counters_;
  std::vector<Case> cases_;
};

/// Is the person in whose name the settlement was run out of the registers on that day, or not in normal standing?
bool out_on(const PersonInfo& p, std::int64_t day) {
  return day < p.from || day >= p.to || (p.quiet == Quiet::suspended_before && p.quiet_from <= day && day < p.quiet_until);
}

unsigned bands_of(const World& world, const Case& c) {
  const Place place = world.facility(c.facility).place;
  switch (c.ground) {
    case Ground::agreement: return c.responsible && place != Place::care ? 1u : 0u;
    case Ground::penalty: return c.responsible ? 2u : 0u;
    case Ground::quota: return c.finding < 600 && !c.reason ? 1u : 0u;
    case Ground::outside: return 2u;
    case Ground::lent:
      return c.unlisted || (c.beneficiary >= 0 && out_on(world.person(static_cast<std::uint32_t>(c.beneficiary)), c.behaviour_date)) ? 4u : 0u;
    case Ground::licence: return c.finding < 850 ? 8u : 0u;
    case Ground::other: return 1u << other_band(c.finding);
    case Ground::fraud: return c.responsible ? 8u : 0u;
    default: return 0u;
  }
}

int floor_of(unsigned bands) { return (bands & 8u) != 0 ? 10 : (bands & 4u) != 0 ? 7 : (bands & 2u) != 0 ? 4 : 1; }

bool is_scored(const PersonInfo& person, const Case& c) { return c.bands != 0 && person.covered && !c.displaced; }

/// Done again, in the year in which the first was scored. What was set aside altogether on objection was not scored.
bool is_again(const Case& c, const std::vector<Case>& all) {
  for (const Case& earlier : all)
    if (earlier.behaviour != c.behaviour && (earlier.bands & 3u) != 0 && !earlier.displaced && !(earlier.appeal == 3 && earlier.final_points == 0) &&
        earlier.type == c.type && c.behaviour_date > earlier.decided_on && year_of(c.behaviour_date) == year_of(earlier.decided_on) && ((c.bands & 3u) != 0 || c.responsible))
      return true;
  return false;
}

void relate(std::vector<Case>& cases) {
  for (Case& c : cases)
    c.later = std::any_of(cases.begin(), cases.end(), [&](const Case& p) { return p.scored && p.behaviour == c.behaviour && p.number != c.number && p.decided_on < c.decided_on; });
  for (Case& c : cases)
    c.twin = c.scored && !c.later && std::any_of(cases.begin(), cases.end(), [&](const Case& p) {
      return p.scored && !p.later && p.behaviour != c.behaviour && p.facility == c.facility && p.k == c.k && p.review == c.review && p.type == c.type && p.decided_on == c.decided_on;
    });
}

/// Of a behaviour of several kinds that it shares with others, the gravest circumstance says with which it counts.
bool carries(const Case& c, const std::vector<Case>& all) {
  return std::none_of(all.begin(), all.end(), [&](const Case& p) {
    return p.twin && p.behaviour == c.behaviour && (p.final_points > c.final_points || (p.final_points == c.final_points && p.number < c.number));
  });
}

int after_objection(const World& world, const Case& c) {
  return c.appeal == 3 && c.filed_on <= world.days().last && c.resolved_on <= world.days().last ? std::max(0, c.points - 2) : c.points;
}

void appeal(const World& world, Random& random, Case& c, bool story) {
  if (!c.scored || (!random.chance(45) && !story)) return;
  c.filed_on = c.noticed_on + random.between(2, 20);
  const std::size_t result = random.pick({150u, 600u, 250u});
  c.appeal = story ? 2 : 1 + static_cast<int>(result);
  c.resolved_on = c.appeal == 1 ? never_day : c.filed_on + random.between(8, 45);
  c.final_points = after_objection(world, c);
}

// Objections come after the points. What repeats only what was then set aside is no repeat; by order of decision, because its own points may be set
// aside with that.
void without_set_aside(const World& world, const PersonInfo& person, std::vector<Case>& cases) {
  std::vector<Case*> repeats;
  for (Case& c : cases)
    if (c.again) repeats.push_back(&c);
  std::stable_sort(repeats.begin(), repeats.end(), [](const Case* a, const Case* b) { return a->decided_on < b->decided_on; });
  for (Case* c : repeats) {
    if (is_again(*c, cases)) continue;
    const int before = floor_of(c->bands);
    c->again = false;
    c->bands = bands_of(world, *c);
    c->scored = is_scored(person, *c);
    if (c->bands == 0) c->degree = c->points = c->appeal = 0;
    else c->points += floor_of(c->bands) - before;
    c->final_points = after_objection(world, *c);
  }
}

// Circumstances of equal points leave open with which kind a behaviour counts.
void tell_kinds_apart(std::vector<Case>& cases) {
  for (Case& c : cases) {
    auto alike = [&](const Case& p) { return p.twin && p.behaviour == c.behaviour && p.type != c.type && p.final_points == c.final_points; };
    while (c.twin && c.appeal != 3 && std::any_of(cases.begin(), cases.end(), alike)) c.final_points = ++c.points;
  }
}

}  // namespace

std::string_view type_name(unsigned type) {
  constexpr std::string_view names[]{"重复收费", "超标准收费", "分解收费", "串换项目", "过度诊疗", "过度检查", "分解住院", "挂床住院", "记录不全",
                                     "无指征用药", "超限用药", "套餐检查", "集采超量", "超注册执业", "冒名结算", "证书处置", "其他违规", "虚构服务"};
  constexpr std::string_view story[]{"门诊重复开单", "入院评估缺失", "床位费多计", "护理费多计", "药品超量", "检查费多计", "耗材多计", "出院带药超量"};
  return type < story_type ? names[type] : story[type - story_type];
}

unsigned other_band(unsigned finding) {
  constexpr unsigned bands[]{0, 0, 0, 0, 0, 1, 1, 1, 2, 3};
  return bands[finding % 10];
}

std::vector<Case> cases_of(const World& world, Random& random, const PersonInfo& person, std::uint32_t count, Counters& counters) {
  std::vector<Case> cases = Story(world, random, person, counters).tell(count);
  for (Case& c : cases) c.bands = bands_of(world, c);
  for (Case& c : cases) c.again = is_again(c, cases);
  const bool example = person.number == World::example;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    Case& c = cases[i];
    if (c.again) c.bands |= 4u;
    c.scored = is_scored(person, c);
    if (c.bands == 0) {
      c.degree = 0;
    } else {
      c.points = floor_of(c.bands) + c.degree + (!example && random.chance(4) ? 3 : 0);   // a few lie outside the band
    }
    c.final_points = c.points;
    appeal(world, random, c, example && i == 2);
  }
  without_set_aside(world, person, cases);
  relate(cases);
  if (world.options().complete) tell_kinds_apart(cases);
  return cases;
}

std::vector<Entry> entries_of(const std::vector<Case>& cases, std::int64_t last) {
  std::vector<Entry> entries;
  auto enter = [&](std::int64_t day, int points) {
    if (points <= 0) return;
    const auto at = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.day == day; });
    if (at == entries.end()) entries.push_back({day, points, points});
    else *at = {day, at->entered + points, std::max(at->largest, points)};
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Case& c = cases[i];
    if (!c.scored || c.decided_on > last) continue;
    auto first_of = [&](auto&& same) {   // each group once, at its first row
      for (std::size_t j = 0; j < i; ++j)
        if (cases[j].decided_on <= last && same(cases[j])) return false;
      return true;
    };
    auto highest = [&](auto&& same) {
      int points = 0;
      for (const Case& p : cases)
        if (p.decided_on <= last && same(p)) points = std::max(points, p.final_points);
      return points;
    };
    auto of_one_behaviour = [](const Case& act) { return [&act](const Case& p) { return p.scored && !p.later && p.behaviour == act.behaviour; }; };
    if (c.later) {
      auto same = [&](const Case& p) { return p.scored && p.later && p.behaviour == c.behaviour && p.decided_on == c.decided_on; };
      const int before = highest([&](const Case& p) {
        return p.scored && p.number != c.number && p.behaviour == c.behaviour && p.decided_on < c.decided_on && year_of(p.decided_on) == year_of(c.decided_on);
      });
      if (first_of(same)) enter(c.decided_on, std::max(0, highest(same) - before));
    } else if (c.twin) {
      auto same = [&](const Case& p) { return p.twin && p.facility == c.facility && p.k == c.k && p.type == c.type && p.review == c.review && p.decided_on == c.decided_on; };
      int once = 0;
      for (const Case& p : cases)
        if (p.decided_on <= last && same(p) && carries(p, cases)) once = std::max(once, highest(of_one_behaviour(p)));
      if (first_of(same)) enter(c.decided_on, once);
    } else {
      auto same = of_one_behaviour(c);
      bool counted_elsewhere = false;
      for (const Case& p : cases) counted_elsewhere = counted_elsewhere || (p.twin && p.decided_on <= last && p.behaviour == c.behaviour);
      if (first_of(same) && !counted_elsewhere) enter(c.decided_on, highest(same));
    }
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.day < b.day; });
  return entries;
}

std::vector<std::int64_t> twelves_of(const std::vector<Case>& cases, std::int64_t last) {
  std::vector<std::int64_t> days;
  for (const Case& c : cases)
    if (c.scored && !c.later && c.final_points >= 12 && c.decided_on <= last) days.push_back(c.decided_on);
  return days;
}

}  // namespace tiao::bench::tianjin
