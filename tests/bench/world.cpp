#include "tests/bench/world.hpp"

#include <algorithm>
#include <cstring>

#include "runtime/value/scalar.hpp"

namespace tiao::bench {
namespace {

enum Stream : std::uint64_t { facility_stream = 1, person_stream, inspection_stream, verdict_stream, birth_stream };

std::int64_t day(int year, int month, int day_of_month) { return scalar::day_number({year, month, day_of_month}); }

}  // namespace

Name name_of(char letter, std::uint64_t number, unsigned width) {
  char digits[24];
  unsigned n = 0;
  for (; number != 0; number /= 10) digits[n++] = static_cast<char>('0' + number % 10);
  while (n < width) digits[n++] = '0';
  Name name;
  name.data[name.size++] = letter;
  while (n > 0) name.data[name.size++] = digits[--n];
  return name;
}

Days::Days() : first(day(2024, 1, 1)), last(day(2025, 12, 31)) {}

std::int64_t year_of(std::int64_t d) { return scalar::civil(d).year; }
std::int64_t plus_months(std::int64_t d, std::int64_t count) { return scalar::shift(known(d), known(scalar::make_duration(count, 0))).lo; }

std::string_view word_of(Class c) {
  constexpr std::string_view words[]{"medical", "pharmaceutical", "nursing", "technical", "settlement_reviewer",
                                     "pharmacy_head", "pharmacy_other_responsible", "pharmacy_pharmacist", "carer"};
  return words[static_cast<std::size_t>(c)];
}

FacilityInfo World::facility(std::uint32_t number) const {
  Random random(options_.seed, facility_stream, number);
  FacilityInfo f;
  const std::size_t place = random.pick({660u, 300u, 40u});
  if (number != 0) f.place = static_cast<Place>(place);   // the first one is a hospital: there is always one
  f.is_public = number == 0 || (f.place == Place::hospital && random.chance(620));
  // Working days are known from 2024 on.
  f.signed_on = random.between(options_.complete ? day(2024, 1, 2) : day(2023, 12, 20), day(2024, 1, 25));
  return f;
}

PersonInfo World::person(std::uint32_t number) const {
  Random random(options_.seed, person_stream, number);
  PersonInfo p;
  p.number = number;
  // Few facilities are large; pharmacies and care homes are small.
  auto draw_site = [&] {
    for (int tries = 0;; ++tries) {
      const std::uint64_t among = random.chance(500) ? options_.facilities : std::max(1u, options_.facilities / 4);
      const auto site = static_cast<std::uint32_t>(random.below(among));
      if (facility(site).place == Place::hospital || random.chance(300) || tries == 8) return site;
    }
  };
  p.sites.push_back(number == example ? 0 : draw_site());
  const Place place = facility(p.sites[0]).place;
  if (place == Place::hospital)
    p.person_class = std::array{Class::medical, Class::nursing, Class::pharmaceutical, Class::technical, Class::reviewer}[random.pick({500u, 270u, 80u, 100u, 50u})];
  else if (place == Place::pharmacy)
    p.person_class = std::array{Class::head, Class::other_responsible, Class::pharmacist}[random.pick({350u, 250u, 400u})];
  else
    p.person_class = random.chance(300) ? Class::medical : Class::carer;
  if (number == example) p.person_class = Class::medical;
  p.other_responsible = p.person_class == Class::other_responsible || (p.person_class == Class::pharmacist && random.chance(200));
  if (number == example || (p.person_class == Class::medical && random.chance(300))) {
    const unsigned more = random.chance(250) ? 2 : 1;
    for (unsigned i = 0; i < more; ++i)
      for (int tries = 0; tries < 20; ++tries) {
        const auto site = static_cast<std::uint32_t>(random.below(options_.facilities));
        if (facility(site).place != Place::hospital || std::find(p.sites.begin(), p.sites.end(), site) != p.sites.end()) continue;
        p.sites.push_back(site);
        break;
      }
  }
  p.from = random.chance(850) ? random.between(day(2021, 3, 1), day(2023, 12, 31)) : random.between(days_.first, day(2025, 3, 31));
  if (number == example) p.from = day(2022, 9, 1);
  p.to = never_day;
  const std::size_t quiet = random.pick({880u, 60u, 40u, 20u});
  // The last one takes what incidents are left.
  if (number != example && number + 1 != options_.practitioners) p.quiet = static_cast<Quiet>(quiet);
  if (p.quiet == Quiet::gone) {
    p.from = random.between(day(2021, 3, 1), day(2023, 6, 30));
    p.to = random.between(options_.complete ? day(2024, 1, 2) : day(2023, 9, 1), day(2025, 9, 30));
  }
  if (p.quiet == Quiet::suspended_before) {
    p.from = random.between(day(2021, 3, 1), day(2023, 6, 30));
    p.quiet_from = random.between(day(2023, 10, 1), day(2023, 12, 31));
    p.quiet_until = plus_months(p.quiet_from, random.between(2, 12));
  }
  const bool in_hospital = p.person_class <= Class::reviewer;
  if (options_.regime == Regime::tianjin) {
    const bool at_hospital = std::any_of(p.sites.begin(), p.sites.end(), [&](std::uint32_t s) { return facility(s).place == Place::hospital; });
    p.covered = (in_hospital && at_hospital) || (place == Place::pharmacy && (p.person_class == Class::head || p.other_responsible));
  } else {
    p.covered = (in_hospital && p.person_class != Class::reviewer) || p.person_class == Class::pharmacist || p.person_class == Class::carer;
  }
  return p;
}

std::int64_t World::birth_date(std::uint32_t number) const {
  Random random(options_.seed, birth_stream, number);
  const auto year = static_cast<int>(random.between(1962, 2000)), month = static_cast<int>(random.between(1, 12));
  return day(year, month, static_cast<int>(random.between(1, 28)));
}

Inspection World::inspection(std::uint32_t number, unsigned k) const {
  Random random(options_.seed, inspection_stream, std::uint64_t{number} * inspections + k);
  Inspection i;
  i.day = days_.first + 5 + static_cast<std::int64_t>(k) * 90 + random.between(0, 75);
  i.decided_on = i.day + random.between(18, 55);
  // Some are decided at the turn of a year, where a day decides to which year the points belong.
  if (k % 4 == 3 && random.chance(300)) i.decided_on = day(k < 4 ? 2024 : 2025, 12, 31);
  if (k == 4 && random.chance(250)) {
    i.day = day(2024, 12, 2);
    i.decided_on = day(2025, 1, 1);
  }
  if (k == 7 && i.decided_on > days_.last && random.chance(800)) i.decided_on = days_.last - random.between(0, 20);
  i.decided_on = std::max(i.decided_on, i.day + 1);
  i.noticed_on = i.decided_on + random.between(1, 8);
  return i;
}

unsigned World::verdict(std::uint32_t number, unsigned k, unsigned type) const {
  return static_cast<unsigned>(Random(options_.seed, verdict_stream, (std::uint64_t{number} * inspections + k) * 64 + type).below(1000));
}

}  // namespace tiao::bench
