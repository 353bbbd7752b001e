// The regime that is measured: compiled clauses and facts to run them on.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "compiler/driver/program.hpp"
#include "compiler/driver/project.hpp"
#include "runtime/facts/tables.hpp"
#include "tests/bench/sample.hpp"

namespace tiao::bench {

/// Not movable: the program refers to the project's sources.
struct Subject {
  driver::Project project;
  driver::CompiledAgreement agreement;
};

/// By the name that `tiao run` takes.
std::string_view agreement_name(Regime regime);
/// Empty when all went well.
std::string compile_regime(const std::filesystem::path& root, Regime regime, Subject& out);
/// Facts without blanks, and the readings that the twin has written in.
std::string make_case(const Subject& subject, std::uint32_t incidents, facts::FactBase& out);
/// The day on which all samples are looked at: 2025-12-31.
std::int64_t as_of_day();
SampleOptions case_options(std::uint32_t incidents);

}  // namespace tiao::bench
