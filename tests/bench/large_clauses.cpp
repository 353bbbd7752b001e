#include <fmt/format.h>

#include "tests/bench/programs.hpp"

namespace tiao::bench {
namespace {

// A remedy, a reading, a band with items and an exception, a check, a ledger and a report.
std::string article(unsigned n) {
  return fmt::format(R"(
  # what is counted under article {0}, and what follows
  article {0} "第{0}类违规" {{
    remedy deduct_{0} "第{0}类扣分" of incident {{ severity 5  takes value "扣除分值" : mark in 0分..  combine highest value }}
    reading counts_{0} "第{0}类怎么算" {{ each "逐起" default, once "一次" }}
    for each incident
    when any item unless waived_{1} then agency must deduct_{0} (value: 1分)
    item 1 "轻" when decision_kind in {{penalty, agreement_decision}} and person_responsible and points at most 3分
    item 2 "重" when decision_kind is penalty and (degree at least important or loss_grade is major) and points over 3分
    item 3 "其他" when other_{1}
    sentence 2 require not person_responsible or notified_on on or before decision_date + 30 days otherwise "通报过迟"
    define weighed_{0} of incident : mark means if counts_{0} is each take points otherwise least(points, 3分)
    ledger total_{0} "第{0}类累计" of practitioner {{
      enter weighed_{0} among incident where (person_responsible) dated decision_date
      floor 0分
      opens at 0分 per calendar_year
    }}
    report sum_{0} "第{0}类合计" of practitioner means total_{0}(as_of)
  }}
)",
                     n, n % 40);
}

}  // namespace

std::string large_clauses(unsigned lines) {
  std::string text = R"(use stdlib.units
use stdlib.vocabulary
use stdlib.remedies
use stdlib.calendars

agreement bench.large "大文件" {
  subject practitioner
  extend incident {
    dated decision_date
)";
  for (unsigned i = 0; i < 40; ++i) text += fmt::format("    finding waived_{0} \"豁免{0}\"\n    finding other_{0} \"其他情形{0}\"\n", i);
  text += "  }\n";
  std::size_t count = 0;
  for (const char c : text) count += c == '\n' ? 1 : 0;
  const std::string sample = article(1);
  std::size_t each = 0;
  for (const char c : sample) each += c == '\n' ? 1 : 0;
  unsigned n = 1;
  for (; count + each + 1 <= lines; count += each) text += article(n++);
  for (; count + 1 < lines; ++count) text += "  # \n";
  return text + "}\n";
}

}  // namespace tiao::bench
