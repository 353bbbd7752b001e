// Runs both engines on random programs and facts, and compares all they yield; also the remedies of single rows, asked for last row
// first, as evidence does.
//   differential [--seeds N] [--first SEED] [--seconds S] [--rows N] [--facts N] [--full] [--plain] [--show]
//                                              each program on sets of facts until these hold N rows (default: on three sets)
//   differential --completions [--seeds N] …   runs the reference evaluator on facts with blanks and on completions of them: what
//                                              the first decides, the others must come to
// A failing seed is tried again at smaller sizes, and the smallest one that fails is printed; with --show, all of it.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "compiler/core/printer.hpp"
#include "compiler/core/verifier.hpp"
#include "compiler/interp/interpreter.hpp"
#include "compiler/jit/engine.hpp"
#include "tests/differential/completions.hpp"
#include "tests/differential/generator.hpp"
#include "tests/differential/tally.hpp"

namespace {

using namespace tiao;
using differential::Random;
using differential::Size;
using differential::Tally;

struct Arguments {
  std::uint64_t first = 1, seeds = 200;
  jit::Effort effort = jit::Effort::quick;
  std::uint64_t rows = 0;
  std::optional<std::uint64_t> facts;   // only these of the sets of facts of a program
  bool show = false, plain = false, completions = false;
  double seconds = 0;   // 0: no limit
};

bool parse(int count, char** list, Arguments& out) {
  for (int i = 1; i < count; ++i) {
    const std::string word = list[i];
    const bool more = i + 1 < count;
    if (word == "--seeds" && more) out.seeds = std::strtoull(list[++i], nullptr, 10);
    else if (word == "--first" && more) out.first = std::strtoull(list[++i], nullptr, 10);
    else if (word == "--seconds" && more) out.seconds = std::strtod(list[++i], nullptr);
    else if (word == "--rows" && more) out.rows = std::strtoull(list[++i], nullptr, 10);
    else if (word == "--facts" && more) out.facts = std::strtoull(list[++i], nullptr, 10);
    else if (word == "--full") out.effort = jit::Effort::full;
    else if (word == "--plain") out.plain = true;
    else if (word == "--completions") out.completions = true;
    else if (word == "--show") out.show = true;
    else return false;
  }
  return true;
}

// Rows of derived entities and remedies of one result: parent or target, and membership or state.
void print_rows(const core::Program& program, const char* whose, const Results& results) {
  for (EntityId e = 0; e < program.schema.entities.size(); ++e) {
    const DerivedRows& rows = results.derived[e];
    if (program.schema.entities[e].origin == EntityOrigin::register_) continue;
    std::printf("%s %s:", whose, program.schema.entities[e].id.c_str());
    for (std::size_t i = 0; i < rows.membership.size(); ++i)
      std::printf(" %d%c", rows.parent.empty() ? 0 : static_cast<int>(rows.parent[i]), "?+-!"[rows.membership[i]]);
    std::printf("\n");
  }
  for (RemedyId r = 0; r < program.schema.remedies.size(); ++r) {
    const RemedyTable& rows = results.remedies[r];
    std::printf("%s %s:", whose, program.schema.remedies[r].id.c_str());
    for (std::size_t i = 0; i < rows.target.size(); ++i)
      std::printf(" %lld%c(ground %lld row %lld)", static_cast<long long>(rows.target[i]), "?+-!"[rows.state[i]], static_cast<long long>(rows.lead[i]),
                  static_cast<long long>(rows.scope_row[i]));
    std::printf("\n");
  }
}

// What is decided on facts with blanks, and not on the facts that stand behind them; nothing: all holds.
std::optional<std::string> unsound(std::uint64_t seed, const Size& size, bool show) {
  Random random(seed);
  core::Program program = differential::random_program(random, size);
  differential::add_probes(program);
  const std::vector<std::string> faults = core::verify(program);
  if (!faults.empty()) return "the program is not well formed: " + faults.front();
  if (show) std::printf("%s\n", core::print(program).c_str());
  for (int round = 0; round < 3; ++round) {
    const facts::FactBase facts = differential::random_facts(random, program, size);
    interp::Interpreter interpreter(program, facts, {differential::as_of});
    const Results& found = interpreter.run();
    for (int n = 0; n < 6; ++n) {
      const differential::Completion completion = differential::complete(random, program, facts);
      interp::Interpreter completed(program, completion.facts, {differential::as_of});
      const std::string wrong = differential::first_contradiction(program, found, completion, completed.run());
      if (wrong.empty()) continue;
      if (show) std::printf("%s\ncompleted:\n%s\n", differential::describe(program, facts).c_str(), differential::describe(program, completion.facts).c_str());
      return "facts " + std::to_string(round) + " completion " + std::to_string(n) + ": " + wrong;
    }
  }
  return std::nullopt;
}

// Small sets of facts find most; some are wide, so that columns take more than one word of a plane. Joins of joins would not end.
Size size_of_facts(Random& random, const core::Program& program, Size size) {
  if (size.rows >= 8 && program.joins.empty() && random.one_in(8)) size.rows *= 20, size.children = 3;
  return size;
}

// Both engines on one set of facts; nothing: they agree.
std::optional<std::string> differ(const core::Program& program, const jit::Engine& engine, const facts::FactBase& facts, std::int64_t as_of, const jit::Limits& limits, bool show, Tally& tally,
                                  bool& in_parts) {
  interp::Interpreter interpreter(program, facts, {as_of});
  const Results& expected = interpreter.run();
  const jit::RunResult found = engine.run(facts, as_of, limits);
  if (found.outcome != jit::Outcome::done) return "does not run: " + found.error;
  in_parts = in_parts || found.plan->parts.root != none;
  tally.results_seen(program, expected);
  const std::string difference = differential::first_difference(program, expected, found.results);
  if (show && !difference.empty()) {
    std::printf("%s\nas of %lld\n", differential::describe(program, facts).c_str(), static_cast<long long>(as_of));
    print_rows(program, "expected", expected);
    print_rows(program, "found", found.results);
  }
  if (!difference.empty()) return difference;
  interp::Interpreter asked(program, facts, {as_of});
  const std::string on_demand = differential::first_difference_on_demand(program, facts, expected, asked);
  if (on_demand.empty()) return std::nullopt;
  if (show) std::printf("%s\n", differential::describe(program, facts).c_str());
  return "on demand: " + on_demand;
}

// A random program. in_parts: one of those that are taken part by part where registers are large; few are, so it is the first found.
core::Program chosen_program(Random& random, const Size& size, bool in_parts) {
  for (unsigned tries = 0;; ++tries) {
    core::Program program = differential::random_program(random, size);
    if (!in_parts || tries == 200 || !core::verify(program).empty()) return program;
    plan::Layout layout = plan::Layout::general(program.schema);
    for (std::uint8_t& bits : layout.entities) bits |= plan::Layout::large;
    if (plan::make_plan(program, layout).parts.root != none) return program;
  }
}

// What went wrong with a case; nothing: both engines agree.
std::optional<std::string> failure(std::uint64_t seed, const Size& size, const Arguments& arguments, bool show, Tally& tally) {
  if (arguments.completions) return unsound(seed, size, show);
  // Every other program is made for registers of which a few rows are already too many, and goes through them some at a time.
  const bool in_parts = arguments.effort == jit::Effort::full && seed % 2 == 0;
  Random random(seed);
  const core::Program program = chosen_program(random, size, in_parts);
  const std::vector<std::string> faults = core::verify(program);
  if (!faults.empty()) return "the program is not well formed: " + faults.front();
  if (show) std::printf("%s\n", core::print(program).c_str());
  jit::Options options{{}, arguments.effort, 1, false};
  if (in_parts) options.large_rows = 1;
  const jit::Engine::Made made = jit::Engine::compile(program, options);
  if (!made.engine) return "does not compile: " + made.error;
  if (show) std::printf("%s\n", plan::print(made.engine->plan(), program).c_str());
  ++tally.programs;
  // Facts may also come to no rows at all.
  bool taken_in_parts = false;
  const std::uint64_t until = tally.rows + arguments.rows, most = arguments.facts ? *arguments.facts + 1 : arguments.rows == 0 ? 3 : arguments.rows;
  for (std::uint64_t round = 0; round < most && (arguments.rows == 0 || arguments.facts || tally.rows < until); ++round) {
    const facts::FactBase facts = differential::random_facts(random, program, size_of_facts(random, program, size));
    const std::int64_t as_of = differential::random_as_of(random);
    if (arguments.facts && round != *arguments.facts) continue;
    tally.facts_seen(program, facts);
    jit::Limits limits;
    if (in_parts) limits.part_rows = static_cast<std::uint32_t>(1 + round % 3), limits.threads = 1 + round % 2;
    const auto wrong = differ(program, *made.engine, facts, as_of, limits, show, tally, taken_in_parts);
    if (wrong) return "facts " + std::to_string(round) + ": " + *wrong;
  }
  tally.in_parts += taken_in_parts;
  return std::nullopt;
}

// What a failure is about, whatever the numbers in it.
std::string about(const std::string& wrong) {
  std::string out;
  for (const char c : wrong.substr(0, wrong.find(" found")))
    if (c < '0' || c > '9') out += c;
  return out.substr(0, out.find_last_of(':'));
}

void report(std::uint64_t seed, const std::string& what, const Arguments& arguments) {
  for (unsigned rows : {1u, 2u, 4u, 8u})
    for (unsigned depth : {1u, 2u, 3u})
      for (unsigned declarations = 1; declarations <= 12; ++declarations) {
        const Size size{.declarations = declarations, .depth = depth, .rows = rows, .plain = arguments.plain};  // smallest first
        Tally tally;
        const auto wrong = failure(seed, size, arguments, false, tally);
        if (!wrong || about(*wrong) != about(what)) continue;
        std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), what.c_str());
        std::printf("  smaller: declarations %u, depth %u, rows %u: %s\n", declarations, depth, rows, wrong->c_str());
        if (arguments.show) failure(seed, size, arguments, true, tally);
        std::fflush(stdout);
        return;
      }
  std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), what.c_str());
}

}  // namespace

int main(int count, char** list) {
  Arguments arguments;
  if (!parse(count, list, arguments)) {
    std::fprintf(stderr, "usage: differential [--seeds N] [--first SEED] [--seconds S] [--rows N] [--facts N] [--full] [--plain] [--completions] [--show]\n");
    return 2;
  }
  if (arguments.show) std::setvbuf(stdout, nullptr, _IOLBF, 0);   // to be read after a crash
  const auto start = std::chrono::steady_clock::now();
  Tally tally;
  std::uint64_t done = 0;
  for (std::uint64_t seed = arguments.first; seed < arguments.first + arguments.seeds; ++seed) {
    if (arguments.seconds > 0 && std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() > arguments.seconds) break;
    ++done;
    if (const auto wrong = failure(seed, Size{.plain = arguments.plain}, arguments, arguments.show && arguments.seeds == 1, tally)) {
      ++tally.failures;
      report(seed, *wrong, arguments);
      if (tally.failures >= 10) break;
    }
  }
  if (arguments.completions) std::printf("%llu programs, %llu failures\n", static_cast<unsigned long long>(done), static_cast<unsigned long long>(tally.failures));
  else std::printf("%s\n", tally.line().c_str());
  return tally.failures == 0 ? 0 : 1;
}
