// What every subcommand shares: the options that go with all of them, and how a failure is told.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "compiler/diag/diag.hpp"
#include "compiler/driver/engine.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/driver/project.hpp"
#include "runtime/verdict/names.hpp"

namespace tiao::cli {

struct Common {
  bool zh = false;
  std::string project;

  const char* say(const char* chinese, const char* english) const { return zh ? chinese : english; }
  verdict::Language language() const { return zh ? verdict::Language::zh : verdict::Language::en; }
};

/// A subcommand is declared on the app, and what it does is called after parsing. Returns the exit code.
using Action = std::function<int()>;
struct CommandText { const char *name, *zh, *en, *examples; };
/// The words of the help itself, in the language of the messages.
void help_words(CLI::App& app, const Common& common);
CLI::App& new_command(CLI::App& app, const Common& common, const CommandText& text);
template <class Options>
void add_command(CLI::App& app, const Common& common, Action& action, const CommandText& text, void (*declare)(CLI::App&, const Common&, Options&),
                 int (*perform)(const Common&, const Options&)) {
  CLI::App& command = new_command(app, common, text);
  const auto options = std::make_shared<Options>();
  declare(command, common, *options);
  command.callback([&common, &action, options, perform] { action = [&common, options, perform] { return perform(common, *options); }; });
}

// Options that several commands take, in the same words.
void paths_option(CLI::App& command, const Common& common, std::vector<std::string>& paths);
/// The agreement, which may be pinned to the text of a day: NAME@DATE.
void agreement_option(CLI::App& command, const Common& common, std::string& agreement);
void facts_option(CLI::App& command, const Common& common, std::string& facts);
void as_of_option(CLI::App& command, const Common& common, std::string& day);
void since_option(CLI::App& command, const Common& common, std::string& day);
/// Threads, memory and rows of a request.
template <class Request>
void limit_options(CLI::App& command, const Common& common, Request& request) {
  command.add_option("--jobs", request.jobs, common.say("线程数；0 为处理器个数", "threads; 0 takes one a processor"))->capture_default_str();
  command.add_option("--max-memory", request.max_memory, common.say("编译引擎在事实之外所用内存上限（MB）；0 为不限", "megabytes that the compiled engine may use beyond the facts; 0 sets no limit"))
      ->capture_default_str();
  command.add_option("--max-rows", request.max_rows, common.say("事实行数上限；0 为不限", "refuse more rows of facts; 0 sets no limit"))->capture_default_str();
}
void engine_option(CLI::App& command, const Common& common, std::string& engine);
void format_option(CLI::App& command, const Common& common, std::string& format, const std::vector<std::string>& forms);
void out_option(CLI::App& command, const Common& common, std::string& file);
driver::EngineKind engine_of(const std::string& name);

void add_check(CLI::App& app, Common& common, Action& action);
void add_run(CLI::App& app, Common& common, Action& action);
void add_explain(CLI::App& app, Common& common, Action& action);
void add_test(CLI::App& app, Common& common, Action& action);
void add_consolidate(CLI::App& app, Common& common, Action& action);
void add_diff(CLI::App& app, Common& common, Action& action);
void add_coverage(CLI::App& app, Common& common, Action& action);
void add_eval(CLI::App& app, Common& common, Action& action);
void add_facts(CLI::App& app, Common& common, Action& action);
void add_dump(CLI::App& app, Common& common, Action& action);

/// Says why, on standard error, and gives the exit code.
int fail(const Common& common, const driver::Failure& failure);
/// Diagnostics on standard error, in the form for people.
void show(const Common& common, const source::SourceMap& sources, const diag::Diagnostics& diagnostics);
/// The same in the order of the text, and hands on how it went.
driver::Status told(const Common& common, const driver::Project& project, diag::Diagnostics& diagnostics, driver::Status status);
/// A line on standard error.
void note(const std::string& text);
inline int code(driver::Exit exit) { return static_cast<int>(exit); }
/// Data on standard output; false when it cannot be written.
bool put(const std::string& text);
/// All the data of a command on standard output. The exit code: `done`, unless they cannot be written, which is told.
int finish(const Common& common, const std::string& text, driver::Exit done = driver::Exit::done);
/// Tells that standard output takes nothing.
int fail_output(const Common& common);

/// Loads the project of a command that names an agreement; syntax errors are shown.
enum class Purpose { inspect, run };
driver::Status open_project(const Common& common, const std::string& agreement, driver::Project& project, Purpose purpose = Purpose::inspect);

}  // namespace tiao::cli
