#include "tests/bench/subject.hpp"

#include "compiler/driver/readings.hpp"
#include "runtime/value/scalar.hpp"
#include "tests/bench/sample_facts.hpp"
#include "tests/bench/twin.hpp"

namespace tiao::bench {

std::string_view agreement_name(Regime regime) {
  constexpr std::string_view names[]{"tianjin.practitioner", "jining.practitioner", "region.facility", "tianjin.facility_2025"};
  return names[static_cast<std::size_t>(regime)];
}

std::string compile_regime(const std::filesystem::path& root, Regime regime, Subject& out) {
  driver::ProjectRequest request;
  request.directory = root.string();
  if (const driver::Status failed = out.project.load(request)) return failed->en;
  check::AgreementRef reference;
  if (const driver::Status failed = driver::find_agreement(out.project, std::string(agreement_name(regime)), reference)) return failed->en;
  diag::Diagnostics diagnostics;
  if (driver::compile(out.project, reference, diagnostics, out.agreement)) return "the clauses do not compile";
  return {};
}

std::string make_case(const Subject& subject, std::uint32_t incidents, facts::FactBase& out) {
  if (std::string problem = make_facts(subject.agreement.schema(), case_options(incidents), out); !problem.empty()) return problem;
  driver::ReadingsOption option;
  if (const driver::Status failed = driver::parse_readings(twin_readings(), option)) return failed->en;
  std::vector<driver::ReadingChoice> choices;
  if (const driver::Status failed = driver::resolve_readings(subject.agreement.schema(), option, choices)) return failed->en;
  driver::apply_readings(subject.agreement.schema(), choices, out);
  return {};
}

std::int64_t as_of_day() { return scalar::day_number({2025, 12, 31}); }

SampleOptions case_options(std::uint32_t incidents) {
  SampleOptions options;
  options.incidents = incidents;
  options.complete = true;
  return options;
}

}  // namespace tiao::bench
