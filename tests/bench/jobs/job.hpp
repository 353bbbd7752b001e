// The three jobs that are also written by hand: what they have in common. A job is a small agreement (the .tiao files here), facts made
// straight into columns, the same rules by hand over a layout of their own, and a comparison of everything that is decided.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/driver/program.hpp"
#include "compiler/driver/project.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/verdict/results.hpp"

namespace tiao::bench {

/// A compiled agreement. Not movable: the program refers to the project's sources.
struct JobProgram {
  driver::Project project;
  driver::CompiledAgreement agreement;
  const core::Program& core() const { return agreement.compiled.program; }
  const Schema& schema() const { return agreement.schema(); }
};

/// From a file; empty when all went well.
std::string compile_job(const std::filesystem::path& root, const std::string& file, JobProgram& out);

/// The day on which all jobs are looked at: 2026-03-01.
std::int64_t job_day();

/// Bit i of word i / 64.
using Plane = std::vector<std::uint64_t>;
inline std::size_t words_of(std::size_t rows) { return (rows + 63) / 64; }
inline bool bit(const Plane& plane, std::size_t row) { return (plane[row / 64] >> (row % 64) & 1u) != 0; }
/// Of a pair of planes: known true, known false.
inline Truth truth_at(const Plane& yes, const Plane& no, std::size_t row) { return bit(yes, row) ? Truth::yes : bit(no, row) ? Truth::no : Truth::unknown; }

/// A register of a fact base that is filled a column at a time. The only place that writes the columns of facts.
class RegisterColumns {
 public:
  /// Closed, and each row with a key: the letter and the row's number.
  RegisterColumns(facts::FactBase& base, const char* register_name, std::uint32_t rows, char key_letter);
  /// unknown: the cell was given as null.
  void truths(const char* column, const std::function<Truth(std::uint32_t)>& at);
  void numbers(const char* column, const std::function<std::int64_t(std::uint32_t)>& low, const std::function<std::int64_t(std::uint32_t)>& high = {});
  /// The parent of each row, in ascending order.
  void parents(const std::vector<std::uint32_t>& parent, std::uint32_t parent_rows);

 private:
  facts::ColumnData& column(const char* name);
  facts::FactBase& base_;
  EntityId entity_;
  std::uint32_t rows_;
};

/// An empty base of that schema, all registers supplied.
facts::FactBase empty_facts(const Schema& schema);
/// Bytes of the columns, without the texts of keys.
std::size_t column_bytes(const facts::FactBase& facts);

/// Compares what an engine handed over with what is expected, value by value, and keeps examples of what differs.
class Expectation {
 public:
  Expectation(const core::Program& program, const Results& results) : program_(program), results_(results) {}

  void same(const std::string& what, std::size_t row, std::int64_t theirs, std::int64_t ours);
  /// A proposition by its entity and address; of those that stand for a part of a head's condition: #1, #2, … behind the address.
  void proposition(const char* entity, const std::string& address, std::size_t rows, const std::function<Truth(std::size_t)>& ours);
  /// What a remedy of which each target has at most one row says: state, modality, and which grounds hold and may hold.
  struct Decision { Truth state = Truth::no; std::uint64_t held = 0, open = 0; };
  void remedy(const char* id, core::Modality modality, std::size_t rows, const std::function<Decision(std::size_t)>& ours);
  const RemedyTable& remedy_table(const char* id);
  const CellColumn& report(const char* id);
  const DerivedRows& derived(const char* entity);

  std::uint64_t compared = 0, different = 0;
  std::vector<std::string> examples;

 private:
  void missing(const std::string& what);
  const core::Program& program_;
  const Results& results_;
};

/// Runs f(from, to) over parts of [0, count) on so many threads; parts are multiples of `grain`.
void in_parallel(unsigned threads, std::size_t count, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& f);

}  // namespace tiao::bench
