// The generator keeps its promises: same options same bytes, exact numbers, nothing half written, facts that load.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "runtime/facts/loader.hpp"
#include "tests/bench/sample_facts.hpp"
#include "tests/bench/sample_files.hpp"
#include "tests/bench/subject.hpp"

namespace tiao::bench {

void PrintTo(Regime regime, std::ostream* out) { *out << regime_name(regime); }

namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::map<std::string, std::string> files_of(const fs::path& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(directory)) files[entry.path().filename().string()] = content(entry.path());
  return files;
}

/// The register whose rows are counted by SampleOptions::incidents.
std::string main_register(Regime regime) { return of_facilities(regime) ? "facility_case" : "incident"; }

SampleOptions some(Regime regime, std::uint64_t seed = 1) {
  SampleOptions options;
  options.regime = regime;
  options.incidents = 300;
  options.seed = seed;
  return options;
}

class Sample : public testing::TestWithParam<Regime> {
 protected:
  void SetUp() override {
    work_ = fs::temp_directory_path() / ("tiao_sample_test." + std::to_string(getpid()) + "." + std::string(regime_name(GetParam())));
    fs::create_directories(work_);
  }
  void TearDown() override { fs::remove_all(work_); }

  facts::FactBase load(const Schema& schema, const fs::path& path) {
    facts::FactBase base;
    facts::LoadErrors errors(3);
    EXPECT_TRUE(facts::load(schema, path, base, errors)) << path << ": " << (errors.listed.empty() ? "" : errors.listed[0].path + ": " + errors.listed[0].en);
    EXPECT_EQ(base.skipped_fields, 0u);
    return base;
  }

  fs::path work_;
};

/// `whole`: the sample has every register of the schema, and not only those that the agreement reads.
void expect_same(const Schema& schema, const facts::FactBase& a, const facts::FactBase& b, bool whole) {
  ASSERT_EQ(a.tables.size(), b.tables.size());
  ASSERT_EQ(a.parameters.size(), b.parameters.size());
  for (std::size_t i = 0; i < a.parameters.size(); ++i) {
    SCOPED_TRACE(schema.parameters[i].id);
    // Ids of texts depend on the order in which files are read.
    if (schema.parameters[i].type.kind == Kind::text && a.parameters[i].lo == a.parameters[i].hi && a.parameters[i].lo != neg_inf) {
      EXPECT_EQ(a.strings.at(a.parameters[i].lo), b.strings.at(b.parameters[i].lo));
    } else {
      EXPECT_EQ(a.parameters[i], b.parameters[i]);
    }
  }
  for (EntityId e = 0; e < a.tables.size(); ++e) {
    if (schema.entities[e].origin != EntityOrigin::register_) continue;
    SCOPED_TRACE(schema.entities[e].id);
    EXPECT_TRUE(a.tables[e].supplied || !whole);
    ASSERT_EQ(a.tables[e].rows, b.tables[e].rows);
    EXPECT_EQ(a.tables[e].supplied, b.tables[e].supplied);
    EXPECT_EQ(a.tables[e].offsets, b.tables[e].offsets);
    for (ColumnId c = 0; c < a.tables[e].columns.size(); ++c) {
      const facts::ColumnData &x = a.tables[e].columns[c], &y = b.tables[e].columns[c];
      SCOPED_TRACE(schema.entities[e].columns[c].id);
      EXPECT_EQ(x.truth, y.truth);
      EXPECT_EQ(x.presence, y.presence);
      if (schema.entities[e].columns[c].type.kind != Kind::text) {
        EXPECT_EQ(x.masks, y.masks);
        EXPECT_EQ(x.lo, y.lo);
        EXPECT_EQ(x.hi, y.hi);
        continue;
      }
      // Ids of texts depend on the order in which files are read.
      ASSERT_EQ(x.lo.size(), y.lo.size());
      for (std::size_t row = 0; row < x.lo.size(); ++row)
        if (x.presence[row] == 2) {
          EXPECT_EQ(a.strings.at(x.lo[row]), b.strings.at(y.lo[row]));
        }
    }
  }
}

/// Who decided a judgment, when and why: a CSV file does not say it, the others do.
void expect_same_decisions(const Schema& schema, const facts::FactBase& a, const facts::FactBase& b, bool some) {
  std::size_t decisions = 0;
  for (EntityId e = 0; e < a.tables.size(); ++e)
    for (ColumnId c = 0; c < a.tables[e].columns.size(); ++c) {
      const auto &x = a.tables[e].columns[c].decided, &y = b.tables[e].columns[c].decided;
      SCOPED_TRACE(schema.entities[e].columns[c].id);
      ASSERT_EQ(x.size(), y.size());
      for (const auto& [row, decided] : x) {
        ASSERT_TRUE(y.contains(row));
        EXPECT_EQ(decided.by, y.at(row).by);
        EXPECT_EQ(decided.on, y.at(row).on);
        EXPECT_EQ(decided.grounds, y.at(row).grounds);
        ++decisions;
      }
    }
  EXPECT_EQ(decisions > 0, some);
}

TEST_P(Sample, SameOptionsSameBytes) {
  ASSERT_EQ(write_files(some(GetParam()), FileFormat::csv, work_ / "a", false).problem, "");
  ASSERT_EQ(write_files(some(GetParam()), FileFormat::csv, work_ / "b", false).problem, "");
  ASSERT_EQ(write_files(some(GetParam(), 2), FileFormat::csv, work_ / "c", false).problem, "");
  EXPECT_EQ(files_of(work_ / "a"), files_of(work_ / "b"));
  const std::string file = main_register(GetParam()) + ".csv";
  EXPECT_NE(content(work_ / "a" / file), content(work_ / "c" / file));
}

TEST_P(Sample, ReplacesOnlyWhenForced) {
  ASSERT_EQ(write_files(some(GetParam()), FileFormat::csv, work_ / "a", false).problem, "");
  const auto before = files_of(work_ / "a");
  EXPECT_NE(write_files(some(GetParam(), 2), FileFormat::csv, work_ / "a", false).problem, "");
  EXPECT_EQ(files_of(work_ / "a"), before);
  EXPECT_EQ(write_files(some(GetParam(), 2), FileFormat::csv, work_ / "a", true).problem, "");
  EXPECT_NE(files_of(work_ / "a"), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(work_), fs::directory_iterator()), 1) << "something was left beside the sample";
}

TEST_P(Sample, LoadsAlikeFromEverything) {
  Subject subject;
  ASSERT_EQ(compile_regime(TIAO_SOURCE_DIR, GetParam(), subject), "");
  const Schema& schema = subject.agreement.schema();
  ASSERT_EQ(write_files(some(GetParam()), FileFormat::csv, work_ / "csv", false).problem, "");
  ASSERT_EQ(write_files(some(GetParam()), FileFormat::ndjson, work_ / "ndjson", false).problem, "");
  const facts::FactBase csv = load(schema, work_ / "csv"), ndjson = load(schema, work_ / "ndjson");
  facts::FactBase memory;
  ASSERT_EQ(make_facts(schema, some(GetParam()), memory), "");
  EXPECT_EQ(csv.tables[*schema.find_entity(main_register(GetParam()))].rows, 300u);
  EXPECT_GE(csv.find(*schema.find_entity("practitioner"), "P0042"), 0);
  expect_same(schema, csv, ndjson, !of_facilities(GetParam()));
  expect_same(schema, csv, memory, !of_facilities(GetParam()));
  expect_same_decisions(schema, ndjson, memory, of_facilities(GetParam()));
}

// What stands beside the clauses is what the generator makes today, loads, and is small enough to ship.
TEST_P(Sample, ShippedFacts) {
  struct Shipped { std::string_view place; std::uint32_t incidents, practitioners, facilities; FileFormat format; };
  constexpr Shipped all[]{{"tianjin/practitioner", 4800, 2000, 120, FileFormat::csv}, {"jining/practitioner", 1100, 500, 32, FileFormat::csv},
                          {"region/facility", 400, 120, 60, FileFormat::ndjson}, {"tianjin/facility", 400, 120, 60, FileFormat::ndjson}};
  const Shipped& what = all[static_cast<std::size_t>(GetParam())];
  const fs::path shipped = fs::path(TIAO_SOURCE_DIR) / "clauses" / what.place / "facts";
  SampleOptions options = some(GetParam());
  options.incidents = what.incidents;
  options.practitioners = what.practitioners;
  options.facilities = what.facilities;
  const Written written = write_files(options, what.format, work_ / "again", false);
  ASSERT_EQ(written.problem, "");
  EXPECT_EQ(files_of(shipped), files_of(work_ / "again")) << "make them again: see README.md beside them";
  EXPECT_LT(written.bytes, 2'000'000u);
  Subject subject;
  ASSERT_EQ(compile_regime(TIAO_SOURCE_DIR, GetParam(), subject), "");
  const Schema& schema = subject.agreement.schema();
  const facts::FactBase base = load(schema, shipped);
  EXPECT_EQ(base.tables[*schema.find_entity("practitioner")].rows, options.practitioners);
  if (of_facilities(GetParam())) {
    EXPECT_EQ(base.tables[*schema.find_entity("facility_case")].rows, options.incidents);
    return;
  }
  const std::int64_t example = base.find(*schema.find_entity("practitioner"), "P0042");
  ASSERT_GE(example, 0);
  const facts::Table& events = base.tables[*schema.find_entity("status_events")];
  EXPECT_GT(events.offsets[static_cast<std::size_t>(example) + 1], events.offsets[static_cast<std::size_t>(example)]) << "P0042 has no status to tell of";
}

INSTANTIATE_TEST_SUITE_P(Regimes, Sample, testing::Values(Regime::tianjin, Regime::jining, Regime::region, Regime::tianjin_facility),
                         [](const auto& info) { return std::string(regime_name(info.param)); });

}  // namespace
}  // namespace tiao::bench
