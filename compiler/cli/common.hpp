// What every subcommand shares: the options that go with all of them, and how a failure is told.
#pragma once

#include <functional>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "compiler/diag/diag.hpp"
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
CLI::App* add_command(CLI::App& app, const Common& common, Action& action, const char* name, const char* zh, const char* en, const char* examples);

void add_check(CLI::App& app, Common& common, Action& action);
void add_run(CLI::App& app, Common& common, Action& action);
void add_explain(CLI::App& app, Common& common, Action& action);
void add_test(CLI::App& app, Common& common, Action& action);
void add_consolidate(CLI::App& app, Common& common, Action& action);
void add_diff(CLI::App& app, Common& common, Action& action);
void add_coverage(CLI::App& app, Common& common, Action& action);
void add_eval(CLI::App& app, Common& common, Action& action);
void add_dump(CLI::App& app, Common& common, Action& action);

/// Says why, on standard error, and gives the exit code.
int fail(const Common& common, const driver::Failure& failure);
/// Diagnostics on standard error, in the form for people.
void show(const Common& common, const source::SourceMap& sources, const diag::Diagnostics& diagnostics);
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
