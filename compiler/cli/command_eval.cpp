#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include "compiler/cli/common.hpp"
#include "compiler/driver/evaluate.hpp"
#include "compiler/driver/run.hpp"
#include "compiler/source/source.hpp"

namespace tiao::cli {
namespace {

struct EvalOptions {
  std::string expression, batch, as_of;
  bool verbose = false;
};

int eval_one(const Common& common, driver::Evaluator& evaluator, const EvalOptions& options, std::optional<std::int64_t> as_of) {
  diag::Diagnostics diagnostics;
  const driver::Evaluated result = evaluator.evaluate(options.expression, as_of, diagnostics);
  show(common, evaluator.sources(), diagnostics);
  if (!result.failed()) return finish(common, result.text + (options.verbose ? " : " + result.type : "") + '\n');
  if (!diagnostics.has_errors()) note(std::string(common.say("出错：", "error: ")) + result.code + (result.message.empty() ? "" : ": " + result.message));
  return code(driver::Exit::findings);
}

// The next line, without its end. Of a line that is too long to be read, just enough to tell: the rest is passed over.
bool next_line(std::istream& in, std::string& line) {
  line.clear();
  std::streambuf& bytes = *in.rdbuf();
  try {
    for (int c = bytes.sbumpc(); c != std::char_traits<char>::eof(); c = bytes.sbumpc()) {
      if (c == '\n') return true;
      if (line.size() <= source::max_file_bytes) line += static_cast<char>(c);
    }
  } catch (const std::ios_base::failure&) {   // a folder, a device that fails
    in.setstate(std::ios::badbit);
    return false;
  }
  return !line.empty();
}

int eval_batch(const Common& common, driver::Evaluator& evaluator, const EvalOptions& options, std::optional<std::int64_t> as_of) {
  std::ifstream file;
  if (options.batch != "-") file.open(options.batch, std::ios::binary);
  std::istream& in = options.batch == "-" ? std::cin : file;
  const driver::Failure unreadable = driver::usage("无法读取文件“" + options.batch + "”", "cannot read the file \"" + options.batch + "\"");
  if (!in.good()) return fail(common, unreadable);
  for (std::string line; next_line(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    diag::Diagnostics diagnostics;
    if (!put(driver::batch_line(evaluator.evaluate(line, as_of, diagnostics)) + '\n')) return fail_output(common);
  }
  return in.bad() ? fail(common, unreadable) : 0;
}

int eval(const Common& common, const EvalOptions& options) {
  if (options.expression.empty() == options.batch.empty())
    return fail(common, driver::usage("请给出一个表达式，或 --batch 文件", "give one expression, or --batch FILE"));
  std::optional<std::int64_t> as_of;
  if (!options.as_of.empty())
    if (driver::Status failed = driver::parse_day(options.as_of, "--as-of", as_of.emplace())) return fail(common, *failed);
  driver::Evaluator evaluator(common.project);
  if (driver::Status failed = evaluator.prepare()) return fail(common, *failed);
  return options.batch.empty() ? eval_one(common, evaluator, options, as_of) : eval_batch(common, evaluator, options, as_of);
}

void declare(CLI::App& command, const Common& common, EvalOptions& options) {
  command.add_option("EXPR", options.expression, common.say("表达式", "the expression"));
  command.add_option("--batch", options.batch, common.say("每行一个表达式的文件（- 为标准输入）", "file with one expression a line (- for standard input)"));
  command.add_option("--as-of", options.as_of, common.say("截至日", "the day that as_of stands for"));
  command.add_flag("--verbose,-v", options.verbose, common.say("同时显示类型", "show the type as well"));
}

}  // namespace

void add_eval(CLI::App& app, Common& common, Action& action) {
  add_command(app, common, action,
              CommandText{"eval", "计算一个表达式", "evaluate an expression",
                "  tiao eval \"date 2025-01-31 + 1 month\"        # 2025-02-28\n  tiao eval \"unknown and false\"                # false\n"
                "  tiao eval --batch expressions.txt            # one JSON line each\n"},
              declare, eval);
}

}  // namespace tiao::cli
