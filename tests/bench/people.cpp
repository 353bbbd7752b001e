#include "tests/bench/people.hpp"

#include <algorithm>
#include <string>

#include "runtime/value/scalar.hpp"

namespace tiao::bench {
namespace {

enum Stream : std::uint64_t { facility_rows = 11 };

/// Is the register one that the regime reads? The others are there, without rows.
bool reads(Register id, Regime regime) {
  switch (id) {
    case Register::facility_agreement_events:
    case Register::trainings:
    case Register::practitioner_agreements:
    case Register::test_records: return regime == Regime::jining;
    case Register::departures:
    case Register::repairs:
    case Register::restoration_applications: return regime == Regime::tianjin;
    default: return true;
  }
}

Value mostly(Random& random, unsigned permille) { return boolean(random.chance(permille)); }

void put_bulletins(const World& world, Tables& tables, Random& random, std::string_view id, bool pharmacy) {
  using columns::bulletins;
  const unsigned count = static_cast<unsigned>(random.below(4));
  for (unsigned i = 0; i < count; ++i) {
    Row<columns::bulletins> row{};
    const std::size_t kind = pharmacy ? 2 : random.below(2);
    const std::int64_t from = plus_months(world.days().first, random.between(0, 20));
    const std::int64_t span = kind == 0 ? 12 : kind == 1 ? 1 : 3;
    const std::int64_t through = plus_months(from, span) - (random.chance(970) ? 1 : -6);
    row[col(bulletins, "facility")] = text(id);
    row[col(bulletins, "subject_matter")] = word(std::array{"yearly_filing", "monthly_points", "quarterly_offences"}[kind]);
    row[col(bulletins, "covers_from")] = date(from);
    row[col(bulletins, "covers_through")] = date(through);
    row[col(bulletins, "due_on")] = date(through + 15);
    row[col(bulletins, "sent_on")] = date(random.chance(40) ? never_day : through + random.between(2, 18));
    row[col(bulletins, "acted_on_pharmacy")] = mostly(random, 850);
    tables.put(Register::bulletins, row);
  }
}

void put_facility_history(const World& world, Tables& tables, Random& random, std::string_view id) {
  for (int year = 2024; year <= 2025; ++year)
    for (unsigned held = random.chance(850) ? 2 : 1, i = 0; i < held; ++i) {
      Row<columns::trainings> row{};
      row[col(columns::trainings, "facility")] = text(id);
      row[col(columns::trainings, "held_on")] = date(scalar::day_number({year, static_cast<int>(i) * 6 + static_cast<int>(random.between(1, 6)), static_cast<int>(random.between(1, 28))}));
      row[col(columns::trainings, "for_doctors")] = mostly(random, 950);
      tables.put(Register::trainings, row);
    }
  if (!random.chance(40)) return;
  Row<columns::facility_agreement_events> row{};
  const std::int64_t from = world.days().first + random.between(60, 640);
  const bool ended = random.chance(200);
  row[col(columns::facility_agreement_events, "facility")] = text(id);
  row[col(columns::facility_agreement_events, "kind")] = word(ended ? "ended" : "suspended");
  row[col(columns::facility_agreement_events, "from_date")] = date(from);
  row[col(columns::facility_agreement_events, "to_date")] = date(ended ? never_day : plus_months(from, random.between(1, 6)));
  tables.put(Register::facility_agreement_events, row);
}

}  // namespace

std::vector<TableInfo> practitioner_tables(const SampleOptions& options) {
  // Rows: for a thousand persons.
  std::vector<TableInfo> tables{{"facility", columns::facility, tj | jn, 60},
          {"facility_agreement_events", columns::facility_agreement_events, tj | jn, 2},
          {"trainings", columns::trainings, tj | jn, 200},
          {"practitioner", columns::practitioner, tj | jn, 1000},
          {"registrations", columns::registrations, tj | jn, 1200},
          {"departures", columns::departures, tj | jn, 60},
          {"practitioner_agreements", columns::practitioner_agreements, tj | jn, 1200},
          {"test_records", columns::test_records, tj | jn, 2000},
          {"incident", columns::incident, tj | jn, 0},
          {"status_events", columns::status_events, tj | jn, 500},
          {"repairs", columns::repairs, tj | jn, 200},
          {"appeals", columns::appeals, tj | jn, 200},
          {"restoration_applications", columns::restoration_applications, tj | jn, 100},
          {"fees", columns::fees, tj | jn, 400},
          {"borrowings", columns::borrowings, tj, 30},
          {"practice_sites", columns::practice_sites, tj, 350},
          {"bulletins", columns::bulletins, tj, 200},
          {"registration_forms", columns::registration_forms, jn, 1000}};
  for (std::size_t id = 0; id < tables.size(); ++id) {
    TableInfo& info = tables[id];
    info.rows = info.rows * options.practitioners / 1000;
    if (static_cast<Register>(id) == Register::incident) info.rows = options.incidents;
    if (!reads(static_cast<Register>(id), options.regime)) info.rows = 0;
  }
  return tables;
}

Tables::Tables(Regime regime, std::span<const TableInfo> tables, Sink& sink) : sink_(sink) {
  std::size_t id = 0;
  for (const TableInfo& info : tables) {
    kept_.emplace_back();
    if ((info.of >> static_cast<unsigned>(regime) & 1u) != 0) {
      std::vector<std::string_view> names;
      for (std::size_t c = 0; c < info.columns.size(); ++c)
        if (info.columns[c].in(regime)) {
          kept_.back().push_back(static_cast<std::uint8_t>(c));
          names.push_back(info.columns[c].name);
        }
      sink.table(id, info.name, names, static_cast<std::uint32_t>(info.rows));
    }
    ++id;
  }
}

Value Blanks::day_or_month(std::int64_t day, unsigned permille) {
  if (!strikes(permille)) return date(day);
  const scalar::Civil c = scalar::civil(day);
  return random_.chance(300) ? null() : month(c.year * 12 + c.month - 1);
}

void put_person(const World& world, Tables& tables, Random& random, const PersonInfo& person, const PersonFate& fate) {
  using columns::practitioner;
  Blanks blanks(random, world.options().complete);
  Row<columns::practitioner> row{};
  const Name id = world.person_id(person.number);
  const std::string name = "化名" + std::string(std::string_view(id).substr(1));
  const bool reviewer = person.person_class == Class::reviewer;
  row[col(practitioner, "person_id")] = text(id);
  row[col(practitioner, "person_name")] = text(name);
  row[col(practitioner, "person_class")] = word(word_of(person.person_class));
  row[col(practitioner, "provides_fund_settled_service")] = boolean(!reviewer);
  row[col(practitioner, "named_on_drug_licence")] = boolean(person.person_class == Class::head);
  row[col(practitioner, "is_other_responsible_person")] = blanks.or_null(boolean(person.other_responsible), 4);
  row[col(practitioner, "qualification")] = word(std::array{"physician", "licensed_pharmacist", "nurse", "technician", "none", "licensed_pharmacist",
                                                            "licensed_pharmacist", "licensed_pharmacist", "care_worker"}[static_cast<std::size_t>(person.person_class)]);
  row[col(practitioner, "qualification_registered")] = mostly(random, 985);
  row[col(practitioner, "prior_major_violation")] = blanks.or_null(mostly(random, 8), 6);
  row[col(practitioner, "birth_date")] = blanks.day_or_month(world.birth_date(person.number), 4);
  const std::int64_t signed_on = std::max(person.from, world.facility(person.sites[0]).signed_on) + random.between(-3, 6);
  row[col(practitioner, "commitment_signed_on")] = random.chance(15) ? date(never_day) : blanks.day_or_month(signed_on, 5);
  for (const std::size_t topic : {col(practitioner, "topic_law_and_agreement"), col(practitioner, "topic_reasonable_service"),
                                  col(practitioner, "topic_proper_fund_use"), col(practitioner, "topic_good_faith"), col(practitioner, "topic_no_fraud")})
    row[topic] = mostly(random, 996);
  if (fate.ban_years != 0) row[col(practitioner, "ban_years_chosen")] = months(fate.ban_years);
  row[col(practitioner, "multi_site_permitted")] = boolean(person.sites.size() > 1 && random.chance(960));
  row[col(practitioner, "recommitted_on")] = date(fate.recommitted_on);
  row[col(practitioner, "status_marked")] = boolean(fate.out && random.chance(900));
  row[col(practitioner, "work_handed_over")] = boolean(fate.out && random.chance(920));
  row[col(practitioner, "late_licence_notice")] = boolean(random.chance(3));
  row[col(practitioner, "good_ethics")] = blanks.or_null(mostly(random, 990), 5);
  row[col(practitioner, "willing_to_serve")] = mostly(random, 995);
  row[col(practitioner, "prescriptions_entered")] = mostly(random, 985);
  tables.put(Register::practitioner, row);
}

void put_registrations(const World& world, Tables& tables, Random& random, const PersonInfo& person) {
  using columns::registrations;
  const Name id = world.person_id(person.number);
  const Name code = name_of('D', 120000000000 + person.number + 1, 12);
  Blanks blanks(random, world.options().complete);
  for (std::size_t s = 0; s < person.sites.size(); ++s) {
    Row<columns::registrations> row{};
    const Name site = world.facility_id(person.sites[s]);
    // Nobody who has left is registered anywhere.
    const std::int64_t from = s == 0 ? person.from : std::min(person.from + random.between(0, 200), person.to - 1);
    const std::int64_t registered = std::max(from, world.facility(person.sites[s]).signed_on) + random.between(6, 30);
    row[col(registrations, "practitioner")] = text(id);
    row[col(registrations, "facility_id")] = text(site);
    row[col(registrations, "from_date")] = date(from);
    row[col(registrations, "to_date")] = date(person.to);
    row[col(registrations, "registered_on")] = date(registered);
    row[col(registrations, "national_code")] = text(random.chance(4) ? std::string_view() : std::string_view(code));
    for (std::size_t c = col(registrations, "has_code"); c <= col(registrations, "has_commitment"); ++c) row[c] = mostly(random, 998);
    row[col(registrations, "vetted_on")] = date(registered - 4);
    row[col(registrations, "uploaded_on")] = date(registered - random.between(-4, 4));
    row[col(registrations, "form_filled_on")] = date(registered - 6);
    row[col(registrations, "filed_on")] = blanks.day_or_month(registered + random.between(0, 4), 5);
    tables.put(Register::registrations, row);
  }
  if (world.options().regime == Regime::tianjin && person.sites.size() > 1 && person.person_class == Class::medical)
    for (const std::uint32_t site : person.sites) {
      Row<columns::practice_sites> row{};
      const Name site_id = world.facility_id(site);
      row[col(columns::practice_sites, "practitioner")] = text(id);
      row[col(columns::practice_sites, "facility_id")] = text(site_id);
      row[col(columns::practice_sites, "started_on")] = date(person.from + random.between(0, 60));
      tables.put(Register::practice_sites, row);
    }
  if (world.options().regime == Regime::tianjin && person.to != never_day) {
    Row<columns::departures> row{};
    const Name site_id = world.facility_id(person.sites[0]);
    row[col(columns::departures, "practitioner")] = text(id);
    row[col(columns::departures, "facility_id")] = text(site_id);
    row[col(columns::departures, "left_facility_on")] = date(person.to);
    row[col(columns::departures, "registry_updated_on")] = date(random.chance(60) ? never_day : person.to + random.between(1, random.chance(120) ? 60 : 12));
    tables.put(Register::departures, row);
  }
}

void put_facilities(const World& world, Tables& tables, const std::vector<std::uint32_t>& heads) {
  using columns::facility;
  for (std::uint32_t n = 0; n < heads.size(); ++n) {
    const FacilityInfo info = world.facility(n);
    Random random(world.options().seed, facility_rows, n);
    Blanks blanks(random, world.options().complete);
    Row<columns::facility> row{};
    const Name id = world.facility_id(n);
    const std::string name = (info.place == Place::hospital ? "虚构医院" : info.place == Place::pharmacy ? "虚构药店" : "虚构护理院") + std::to_string(n + 1);
    row[col(facility, "facility_id")] = text(id);
    row[col(facility, "facility_name")] = text(name);
    row[col(facility, "facility_kind")] = word(std::array{"medical_institution", "retail_pharmacy", "care_institution"}[static_cast<std::size_t>(info.place)]);
    row[col(facility, "facility_ownership")] = word(info.is_public ? "public" : "private");
    row[col(facility, "chain")] = boolean(info.place == Place::pharmacy && random.chance(400));
    row[col(facility, "registered_heads")] = blanks.or_null(number(heads[n] + static_cast<std::int64_t>(heads[n] == 0 ? 0 : random.below(heads[n] / 6 + 2))), 10);
    row[col(facility, "agreement_signed_on")] = date(info.signed_on);
    for (std::size_t c = col(facility, "commitment_text_given"); c <= col(facility, "guidance_given"); ++c) row[c] = mostly(random, 975);
    row[col(facility, "commitments_reported_on")] = date(info.signed_on + random.between(10, 40));
    for (const std::size_t c : {col(facility, "late_registration"), col(facility, "late_maintenance"), col(facility, "late_licence_telling")})
      row[c] = blanks.or_null(mostly(random, 30), 10);
    row[col(facility, "has_person_rules")] = mostly(random, 980);
    row[col(facility, "data_kept_current")] = mostly(random, 960);
    row[col(facility, "reports_truthfully")] = mostly(random, 970);
    tables.put(Register::facility, row);
    if (world.options().regime == Regime::tianjin) put_bulletins(world, tables, random, id, info.place == Place::pharmacy);
    else put_facility_history(world, tables, random, id);
  }
}

void put_status(const World& world, Tables& tables, const PersonInfo& person, std::uint32_t site, std::string_view status, std::int64_t effective,
                std::string_view cause) {
  using columns::status_events;
  Row<columns::status_events> row{};
  const Name id = world.person_id(person.number), site_id = world.facility_id(site);
  row[col(status_events, "practitioner")] = text(id);
  row[col(status_events, "facility_id")] = text(site_id);
  row[col(status_events, "status")] = word(status);
  row[col(status_events, "effective")] = date(effective);
  row[col(status_events, "cause")] = text(cause);
  tables.put(Register::status_events, row);
}

void put_fee(const World& world, Tables& tables, Random& random, FeeCounter& counter, const PersonInfo& person, std::int64_t day) {
  using columns::fees;
  Blanks blanks(random, world.options().complete);
  Row<columns::fees> row{};
  const Name fee = name_of('X', counter.next++, 6), id = world.person_id(person.number);
  const Name site = world.facility_id(person.sites[random.below(person.sites.size())]);
  row[col(fees, "fee_id")] = text(fee);
  row[col(fees, "practitioner")] = text(id);
  row[col(fees, "facility_id")] = text(site);
  row[col(fees, "service_date")] = date(day);
  row[col(fees, "billed_on")] = date(day + random.between(3, 30));
  row[col(fees, "amount")] = money(random.between(1200, 480000));
  row[col(fees, "emergency")] = blanks.or_null(word(std::array{"none", "emergency_visit", "rescue", "first_aid", "similar"}[random.pick({740u, 90u, 70u, 50u, 50u})]), 10);
  row[col(fees, "charged_to_insured")] = mostly(random, 25);
  row[col(fees, "discharged_on")] = blanks.day_or_month(day + (random.chance(300) ? random.between(1, 9) : 0), 8);
  row[col(fees, "lead_person")] = mostly(random, 800);
  tables.put(Register::fees, row);
}

}  // namespace tiao::bench
