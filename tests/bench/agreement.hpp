// Facts for the agreements with facilities: facilities and their records, cases of breach, and the doctors.
#pragma once

#include <string_view>

#include "tests/bench/agreement_columns.hpp"
#include "tests/bench/people.hpp"

namespace tiao::bench::agreement {

enum class Register : std::uint8_t {
  facility, facility_agreement_events, practitioner, facility_case, responsible_staff, priced_items, purchases, claim, inventory_ledger,
  annual_settlements, assessment_result, monthly_points, violations, onsite_inspections, departments, department_doctors, neighbours,
  earlier_breaches, statistics_windows, peer_records, prescription_records, doctor_stage_history,
};

/// What others have to know about a facility; made from its number alone.
struct Profile {
  bool is_public = false;
  std::size_t grade = 0;      // of facility_grade
  std::string_view type;      // of facility_type
  bool clinic = false;        // a clinic or an outpatient department
};

/// The year that every agreement here is about, and what its rows are written with.
class Maker {
 public:
  Maker(const SampleOptions& options, Tables& tables);

  void parameters();
  void facility(std::uint32_t index);
  void one_case(std::uint32_t index);
  void doctor(std::uint32_t index);

 private:
  bool city() const { return options_.regime == Regime::tianjin_facility; }
  Profile profile(std::uint32_t index) const;
  Name facility_id(std::uint32_t index) const { return name_of('F', index + 1, 3); }
  Name doctor_id(std::uint32_t index) const { return name_of('P', index + 1, 4); }

  void put_standing(Random& random, std::uint32_t index);
  void put_events(Random& random, std::string_view id);
  void put_claims(Random& random, std::string_view id);
  void put_records(Random& random, std::string_view id, const Profile& profile);
  void put_city_records(Random& random, std::string_view id, std::uint32_t index);

  void put_act(Random& random, Row<columns::facility_case>& row);
  void put_case_children(Random& random, std::string_view id);

  void put_prescriptions(Random& random, std::string_view id);
  void put_reviews(Random& random, std::string_view id);

  const SampleOptions& options_;
  Tables& tables_;
  std::int64_t first_, last_;   // of the year
  std::uint64_t claims_ = 0, departments_ = 0;
};

void generate(const SampleOptions& options, Sink& sink);

}  // namespace tiao::bench::agreement
