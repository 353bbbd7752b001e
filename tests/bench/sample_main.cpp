// tiao_sample: synthetic facts on disk.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <string>

#include "tests/bench/sample_files.hpp"

int main(int argc, char** argv) {
  using namespace tiao::bench;
  CLI::App app{"make synthetic facts for the point regimes on persons and for the agreements with facilities; the same options give the same bytes"};
  SampleOptions options;
  const std::map<std::string, Regime> names{
      {"tianjin", Regime::tianjin}, {"jining", Regime::jining}, {"region", Regime::region}, {"tianjin_facility", Regime::tianjin_facility}};
  std::string regime, format = "csv", out;
  bool force = false;
  app.add_option("--regime", regime, "whose rules")->check(CLI::IsMember(names))->required();
  app.add_option("--incidents,--cases", options.incidents, "rows of the register of incidents or of facility cases")->check(CLI::Range(1u, 100'000'000u))->required();
  app.add_option("--practitioners", options.practitioners, "persons (default: three for ten incidents)")->check(CLI::Range(1u, 100'000'000u));
  app.add_option("--facilities", options.facilities, "facilities (default: one for seventeen persons, three for twenty cases)")->check(CLI::Range(1u, 10'000'000u));
  app.add_option("--seed", options.seed, "another number, other facts")->capture_default_str();
  app.add_flag("--complete", options.complete, "no blanks: everything is known");
  app.add_option("--format", format, "form of the files; csv has no room for who decided a judgment and why")->check(CLI::IsMember({"csv", "ndjson"}))->capture_default_str();
  app.add_option("--out", out, "directory to make")->required();
  app.add_flag("--force", force, "replace the directory if it exists");
  app.footer(
      "examples:\n"
      "  tiao_sample --regime tianjin --incidents 6000 --practitioners 2000 --facilities 120 --out facts\n"
      "  tiao_sample --regime jining --incidents 100000 --format ndjson --out jining\n"
      "  tiao_sample --regime region --cases 400 --format ndjson --out facts\n"
      "  tiao_sample --regime tianjin --incidents 1000000 --complete --seed 7 --out large --force");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  options.regime = names.at(regime);
  const Written written = write_files(options, format == "ndjson" ? FileFormat::ndjson : FileFormat::csv, out, force);
  if (!written.problem.empty()) {
    std::fprintf(stderr, "tiao_sample: %s\n", written.problem.c_str());
    return 2;
  }
  std::fprintf(stderr, "%llu rows, %.1f MB in %s\n", static_cast<unsigned long long>(written.rows), static_cast<double>(written.bytes) / 1e6, out.c_str());
  return 0;
}
