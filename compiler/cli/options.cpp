// Options that several commands take.
#include <CLI/CLI.hpp>

#include "compiler/cli/common.hpp"

namespace tiao::cli {

void help_words(CLI::App& app, const Common& common) {
  app.set_help_flag("-h,--help", common.say("显示这些说明", "print this help and leave"));
  if (!common.zh) return;
  app.option_defaults()->group("选项");
  app.get_help_ptr()->group("选项");
  const auto formatter = app.get_formatter();
  for (const auto& [word, chinese] : {std::pair{"Usage", "用法"}, {"OPTIONS", "选项"}, {"SUBCOMMAND", "命令"}, {"Positionals", "参数"}, {"REQUIRED", "必填"}, {"Excludes", "不可同用"}})
    formatter->label(word, chinese);
}

CLI::App& new_command(CLI::App& app, const Common& common, const CommandText& text) {
  CLI::App* command = app.add_subcommand(text.name, common.say(text.zh, text.en));
  command->footer(std::string(common.say("\n示例：\n", "\nExamples:\n")) + text.examples);
  command->fallthrough();
  if (common.zh) {
    command->group("命令");
    command->get_help_ptr()->group("选项");
  }
  return *command;
}

void paths_option(CLI::App& command, const Common& common, std::vector<std::string>& paths) {
  command.add_option("PATHS", paths, common.say("文件或目录；缺省为整个项目", "files or folders; the whole project by default"));
}

void agreement_option(CLI::App& command, const Common& common, std::string& agreement) {
  command.add_option("AGREEMENT", agreement, common.say("协议文本的名称或文件；加 @日期 则各行都依那一天有效的文本", "name of an agreement, or its file; with @DATE every row is judged by the text in force on that day"))->required();
}

void facts_option(CLI::App& command, const Common& common, std::string& facts) {
  command.add_option("--facts", facts, common.say("事实：JSON 文件、每个名册一个文件的目录，或打包的 .tiaof 文件", "facts: a JSON file, a folder with one file a register, or a packed .tiaof file"))->required();
}

void as_of_option(CLI::App& command, const Common& common, std::string& day) {
  command.add_option("--as-of", day, common.say("截至日", "the day on which the case stands"))->required();
}

void since_option(CLI::App& command, const Common& common, std::string& day) {
  command.add_option("--since", day, common.say("不列此日之前已结束的处理", "leave out remedies that were over before that day"));
}

void engine_option(CLI::App& command, const Common& common, std::string& engine) {
  command.add_option("--engine", engine, common.say("引擎；auto 依事实多少选用较快的一个，结论不变", "engine; auto takes the faster one for as many facts, with the same verdicts"))
      ->check(CLI::IsMember({"auto", "jit", "interp"}))->capture_default_str();
}

void format_option(CLI::App& command, const Common& common, std::string& format, const std::vector<std::string>& forms) {
  command.add_option("--format", format, common.say("输出格式", "form of the output"))->check(CLI::IsMember(forms))->capture_default_str();
}

void out_option(CLI::App& command, const Common& common, std::string& file) {
  command.add_option("--out", file, common.say("写入文件（完成后才出现）", "write to a file, which appears when it is whole"));
}

driver::EngineKind engine_of(const std::string& name) {
  if (name == "auto") return driver::EngineKind::automatic;
  return name == "jit" ? driver::EngineKind::jit : driver::EngineKind::interp;
}

}  // namespace tiao::cli
