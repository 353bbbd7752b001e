// tiao: parses arguments and calls the driver.
#include <CLI/CLI.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <new>
#include <string>

#include "compiler/cli/common.hpp"
#include "compiler/cli/version.hpp"
#include "runtime/verdict/output.hpp"

namespace {

// Help texts are worded before arguments are parsed, so the language is looked for first.
bool wants_chinese(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--lang" && i + 1 < argc) return std::strcmp(argv[i + 1], "zh") == 0;
    if (argument.starts_with("--lang=")) return argument == "--lang=zh";
  }
  for (const char* name : {"LC_ALL", "LANG"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return std::strncmp(value, "zh", 2) == 0;
  return false;
}

// Whoever starts the tool with a standard stream closed must not find its messages in the next file that is opened. What is
// opened here refuses what the stream is for.
void occupy_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0 && ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) std::_Exit(2);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace tiao::cli;
  occupy_standard_streams();
  tiao::verdict::Output::remove_unfinished_on_signals();
  std::signal(SIGXFSZ, SIG_IGN);   // a file that may grow no further is a write that fails, and is told
  Common common;
  common.zh = wants_chinese(argc, argv);
  Action action;
  CLI::App app(common.say("tiao（条）：把协议条文写成程序，对案件事实作出附理由的结论", "tiao: articles of agreements as programs, and explained verdicts from case facts"), "tiao");
  help_words(app, common);   // before anything is declared: subcommands take these over
  app.set_version_flag("--version", version_text(), common.say("显示版本", "print the version and leave"));
  app.require_subcommand(1);
  app.fallthrough();
  std::string language;
  app.add_option("--lang", language, common.say("消息的语言", "language of messages"))->check(CLI::IsMember({"zh", "en"}));
  app.add_option("--project", common.project, common.say("项目目录（含 clauses/）", "folder of the project (it holds clauses/)"));
  app.footer(std::string(common.say("\n示例：\n", "\nExamples:\n")) +
             "  tiao check\n  tiao run tianjin.practitioner --facts clauses/tianjin/practitioner/facts --as-of 2025-12-31\n"
             "  tiao explain tianjin.practitioner --facts FACTS --as-of 2025-12-31 --case P0042\n  tiao eval \"date 2025-01-31 + 1 month\"\n");
  add_check(app, common, action);
  add_run(app, common, action);
  add_explain(app, common, action);
  add_test(app, common, action);
  add_consolidate(app, common, action);
  add_diff(app, common, action);
  add_coverage(app, common, action);
  add_facts(app, common, action);
  add_eval(app, common, action);
  add_dump(app, common, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int result = app.exit(error);
    if (result == 0) return std::cout.flush() ? 0 : fail_output(common);
    return code(tiao::driver::Exit::usage);
  }
  try {
    return action();
  } catch (const std::bad_alloc&) {
    return fail(common, {tiao::driver::Exit::limit, "内存不足", "out of memory"});
  } catch (const std::exception& error) {
    return fail(common, tiao::driver::internal_error(std::string("内部错误：") + error.what(), std::string("internal error: ") + error.what()));
  }
}
