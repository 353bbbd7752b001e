#include <fmt/format.h>

#include "compiler/driver/scenario_run.hpp"
#include "runtime/value/text.hpp"

namespace tiao::driver {
namespace {

std::string failure_text(const FailedExpectation& failure, bool chinese) {
  return fmt::format("{}:{}: {}\n    {}{}\n", failure.file, failure.line, one_line(failure.expected), chinese ? "实得 " : "found ",
                     chinese ? failure.found_zh : failure.found_en);
}

}  // namespace

std::string test_text(const TestReport& report, bool chinese) {
  std::string out;
  for (const ScenarioResult& result : report.scenarios) {
    if (result.passed()) continue;
    out += fmt::format("{}{}:{}: “{}” ({})\n", chinese ? "未通过 " : "FAILED ", result.file, result.line, result.name, result.agreement);
    const std::string& trouble = chinese ? result.trouble_zh : result.trouble_en;
    if (!trouble.empty()) out += fmt::format("  {}\n", trouble);
    for (const FailedExpectation& failure : result.failures) out += "  " + failure_text(failure, chinese);
  }
  std::string agreement;
  for (std::size_t i = 0; i < report.scenarios.size();) {   // those of one agreement stand together
    const std::string& name = report.scenarios[i].agreement;
    std::size_t all = 0, passed = 0;
    for (; i < report.scenarios.size() && report.scenarios[i].agreement == name; ++i, ++all) passed += report.scenarios[i].passed() ? 1 : 0;
    out += chinese ? fmt::format("{}：{}/{} 个案例通过\n", name, passed, all) : fmt::format("{}: {}/{} scenarios passed\n", name, passed, all);
  }
  if (report.scenarios.empty()) out += chinese ? "没有案例\n" : "no scenarios\n";
  return out;
}

std::string test_junit(const TestReport& report, bool chinese) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites tests=\"{}\" failures=\"{}\">\n", report.scenarios.size(), report.failed());
  for (std::size_t i = 0; i < report.scenarios.size();) {
    const std::string& name = report.scenarios[i].agreement;
    std::size_t all = 0, failed = 0;
    std::string cases;
    for (; i < report.scenarios.size() && report.scenarios[i].agreement == name; ++i, ++all) {
      const ScenarioResult& result = report.scenarios[i];
      cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\"", xml_escaped(name), xml_escaped(result.name), xml_escaped(result.file), result.line);
      if (result.passed()) {
        cases += "/>\n";
        continue;
      }
      ++failed;
      std::string text = chinese ? result.trouble_zh : result.trouble_en;
      for (const FailedExpectation& failure : result.failures) text += (text.empty() ? "" : "\n") + failure_text(failure, chinese);
      cases += fmt::format(">\n      <failure>{}</failure>\n    </testcase>\n", xml_escaped(text));
    }
    out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">\n{}  </testsuite>\n", xml_escaped(name), all, failed, cases);
  }
  return out + "</testsuites>\n";
}

}  // namespace tiao::driver
