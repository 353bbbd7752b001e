// Counterfactuals for people.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/driver/case_words.hpp"
#include "compiler/driver/what_if.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::driver {
namespace {

using verdict::Language;

constexpr std::size_t effects_shown = 6;

class WhatIfText {
 public:
  WhatIfText(const WhatIf& what_if, Language language)
      : w_(what_if), zh_(language == Language::zh), language_(language), schema_(what_if.ready.agreement.schema()), names_(what_if.evaluated->assembler().names()) {}

  std::string text() {
    out_ = case_heading(schema_, w_.verdict, w_.as_of, language_);
    line(0, "");
    line(0, say("试改：以下每处改动都放进事实运行过，写明的就是运行的结果", "What if: every change below was put into the facts and run"));
    if (w_.asked.empty()) line(1, say("没有列出的处理", "no remedy is listed"));
    for (std::size_t i = 0; i < w_.asked.size(); ++i) {
      line(0, "");
      asked(i + 1, w_.asked[i]);
    }
    line(0, "");
    searched();
    return std::move(out_);
  }

 private:
  const char* say(const char* chinese, const char* english) const { return zh_ ? chinese : english; }
  void line(std::size_t depth, std::string_view text) {
    if (!text.empty()) out_.append(2 * depth, ' ');
    out_ += text;
    out_ += '\n';
  }
  std::string_view standing(RemedyStanding s) const {
    switch (s) {
      case RemedyStanding::on: return words(verdict::State::applies, language_);
      case RemedyStanding::undetermined: return words(verdict::State::undetermined, language_);
      case RemedyStanding::error: return words(verdict::State::error, language_);
      case RemedyStanding::off: return say("不成立", "off");
      case RemedyStanding::not_applicable: return say("条款不适用", "not applicable");
    }
    return {};
  }

  void asked(std::size_t number, const Asked& a) {
    const std::string name = a.entry ? remedy_on_target(names_, w_.verdict.remedies[*a.entry], w_.verdict.subject, language_) : act(a.act);
    line(1, fmt::format(fmt::runtime(zh_ ? "{}. {}：{}" : "{}. {}: {}"), number, name, standing(a.standing)));
    if (a.entry) {
      const std::string values = values_words(names_, w_.verdict.remedies[*a.entry], language_);
      if (!values.empty()) line(2, values);
    }
    line(2, fmt::format(fmt::runtime(zh_ ? "依据：{}" : "Cited: {}"), cites_words(names_, a.cites, language_)));
    if (a.entry)
      for (const Need& need : w_.verdict.remedies[*a.entry].needs) line(2, fmt::format(fmt::runtime(zh_ ? "尚需：{}" : "Needs: {}"), need_words(names_, need, language_)));
    if (!a.answerable) line(2, say("同类处理不止一项，事实改动后分不清是哪一项，故未试", "there is more than one of these, which cannot be told apart once facts are changed: not tried"));
    if (a.placeless) {
      const Entity& entity = schema_.entities[schema_.remedies[a.act.remedy].target];
      const auto name = verdict::named(entity.id, entity.label, language_);
      line(2, zh_ ? fmt::format("它落在“{}”上，而这个对象之下没有", name) : fmt::format("it falls on \"{}\", and nothing under this subject is one", name));
    }
    for (const Turn& t : a.turns) turn(t, a.standing);
  }
  std::string act(const Act& act) const {
    verdict::RemedyEntry entry;
    entry.remedy = act.remedy;
    entry.modality = act.modality;
    entry.actor = act.actor;
    return act_words(names_, entry, language_);
  }

  void turn(const Turn& t, RemedyStanding from) {
    const std::string_view goal = t.to == RemedyStanding::on ? say("就会成立", "it would apply")
                                  : from == RemedyStanding::on ? say("就不再成立", "it would no longer apply") : say("就可以排除", "it would be ruled out");
    if (t.shown.empty()) return none(t, goal);
    const bool pair = t.shown.front().proposal.parts.size() > 1;
    line(2, pair ? (zh_ ? fmt::format("同时改动两项事实，{}（其中任一项单独不够）：", goal) : fmt::format("If two facts were different at once, {} (neither alone does it):", goal))
                 : (zh_ ? fmt::format("只改动一项事实，{}：", goal) : fmt::format("If one fact were different, {}:", goal)));
    for (const Verified& v : t.shown) proposal(v, t);
    if (t.more != 0) line(3, zh_ ? fmt::format("另找到 {} 处，未列", t.more) : fmt::format("and {} more, not listed", t.more));
    if (t.extent.stopped) line(3, say("未全部试完：已到试算次数或事实数的上限", "not everything was tried: a limit was reached"));
  }

  void none(const Turn& t, std::string_view goal) {
    const SearchExtent& e = t.extent;
    if (e.facts + e.rows == 0) return line(2, say("没有可改的：本案没有它所依据的记录", "Nothing to change: the case has no record that it rests on"));
    if (e.none_can) {
      line(2, zh_ ? fmt::format("没有：本案可改的 {} 项事实中，任改一项或两项，不论改成什么值，都不会使它变化；少任何一行（共试 {} 行）也不会", e.facts, e.rows)
                  : fmt::format("Nothing: whatever the values of any one or two of the {} facts of this case, it stays as it is; so it does without any one of {} rows", e.facts, e.rows));
      return;
    }
    line(2, zh_ ? fmt::format("在试过的一项或两项事实的改动中，没有一处使它{}（试算 {} 次，涉及 {} 项事实、{} 行）", t.to == RemedyStanding::on ? "成立" : "不成立", e.evaluations, e.facts, e.rows)
                : fmt::format("None among the changes of one or two facts that were tried: {} evaluations over {} facts and {} rows, with none of which {}", e.evaluations, e.facts, e.rows, goal));
    if (e.stopped) line(2, say("未全部试完：已到试算次数或事实数的上限", "not everything was tried: a limit was reached"));
  }

  // --- one proposal
  std::string value(const Column& column, const Cell& cell, facts::Presence was) const {
    if (is_known(cell, column.type.kind)) return was == facts::Presence::absent ? fmt::format(fmt::runtime(zh_ ? "{}（未填）" : "{} (not given)"), cell_words(names_, column.type, cell, language_)) : cell_words(names_, column.type, cell, language_);
    return say("未知", "unknown");
  }
  std::string row(EntityId entity, std::uint32_t row) const {
    const Entity& e = schema_.entities[entity];
    return fmt::format(fmt::runtime(zh_ ? "{}{}" : "{} {}"), verdict::named(e.id, e.label, language_), names_.key(entity, row));
  }
  std::string change(const Alteration& a) const {
    if (a.without) {
      const std::size_t under = a.without->size() - 1;
      const std::string text = fmt::format(fmt::runtime(zh_ ? "没有{}" : "without {}"), row(a.without->entity(), a.without->row()));
      if (under == 0) return text;
      return text + (zh_ ? fmt::format("（连同其下 {} 行）", under) : fmt::format(" (and {} rows under it)", under));
    }
    const Column& column = schema_.entities[a.cell.entity].columns[a.cell.column];
    std::string text = fmt::format(fmt::runtime(zh_ ? "{}的{}：{} → {}" : "{} {}: {} → {}"), row(a.cell.entity, a.cell.row), verdict::named(column.id, column.label, language_),
                                   value(column, a.before, a.was), cell_words(names_, column.type, a.value, language_));
    std::string also;
    for (const Cell& other : a.also) also += (also.empty() ? "" : zh_ ? "、" : ", ") + cell_words(names_, column.type, other, language_);
    if (!also.empty()) text += fmt::format(fmt::runtime(zh_ ? "（{}也可）" : " (or {})"), also);
    if (a.falls_short) text += fmt::format(fmt::runtime(zh_ ? "（{}还不够）" : " ({} would not do)"), cell_words(names_, column.type, *a.falls_short, language_));
    return text;
  }

  void proposal(const Verified& v, const Turn& t) {
    std::string text;
    for (const Alteration& a : v.proposal.parts) text += (text.empty() ? "" : say("，并且 ", ", and ")) + change(a);
    if (t.to == RemedyStanding::off && v.after == RemedyStanding::not_applicable) text += say("；条款因此不适用", "; its rules would not be applicable");
    line(3, "- " + text);
    if (v.effects.empty()) return;
    line(4, say("其他处理：", "Other remedies:"));
    std::vector<std::string> effects;
    for (const Effect& e : v.effects)
      if (std::string told = effect(e); std::find(effects.begin(), effects.end(), told) == effects.end()) effects.push_back(std::move(told));
    for (std::size_t i = 0; i < effects.size() && i < effects_shown; ++i) line(5, effects[i]);
    if (effects.size() > effects_shown) line(5, zh_ ? fmt::format("另有 {} 项", effects.size() - effects_shown) : fmt::format("and {} more", effects.size() - effects_shown));
  }

  static bool same_name(std::uint32_t a, std::uint32_t b) { return a == b; }
  static bool same_name(std::string_view a, std::string_view b) { return a == b; }
  // Without what is the same on both sides.
  static void leave_out_same(verdict::RemedyEntry& a, verdict::RemedyEntry& b) {
    const auto leave_out = [](auto& x, auto& y) {
      const auto before = x;
      const auto is_in = [](const auto& list, const auto& one) {
        return std::any_of(list.begin(), list.end(), [&](const auto& other) { return same_name(other.first, one.first) && other.second == one.second; });
      };
      std::erase_if(x, [&](const auto& one) { return is_in(y, one); });
      std::erase_if(y, [&](const auto& one) { return is_in(before, one); });
    };
    leave_out(a.params, b.params);
    leave_out(a.times, b.times);
    if (a.has_choice && b.has_choice && a.choice == b.choice) a.has_choice = b.has_choice = false;
  }
  std::string effect(const Effect& e) const {
    const verdict::RemedyEntry& entry = e.before ? *e.before : *e.after;
    const auto side = [&](const std::optional<verdict::RemedyEntry>& listed) {
      return std::string(listed ? words(listed->state, language_) : standing(RemedyStanding::off));
    };
    std::string before = side(e.before), after = side(e.after);
    if (e.before && e.after && e.before->state == e.after->state) {
      verdict::RemedyEntry old = *e.before, now = *e.after;
      leave_out_same(old, now);
      before = values_words(names_, old, language_);
      after = values_words(names_, now, language_);
      for (std::string* words : {&before, &after})
        if (words->empty()) *words = "—";
    } else if (e.after && e.after->state == verdict::State::applies) {
      const std::string values = values_words(names_, *e.after, language_);
      if (!values.empty()) after += (zh_ ? "，" : ", ") + values;
    }
    return fmt::format(fmt::runtime(zh_ ? "{}：{} → {}" : "{}: {} → {}"), remedy_on_target(names_, entry, w_.verdict.subject, language_), before, after);
  }

  void searched() {
    line(0, say("试过的改动：数值、日期、期限向两边移到刚好起变化之处；查实、认定和其他是非改为相反，未知的定下来；列举换成其他值；某一行（如一条违规记录）不存在。",
                "Tried: numbers, days and lengths moved either way to where it just turns; findings, judgments and other truths reversed, blanks settled; other values of scales; a row (such as an incident) not there."));
    line(0, say("没有试：主键和关联、增加的行、三项以上的改动、别人的事实。条文、参数和读法都不变。",
                "Not tried: keys and links, rows added, three or more facts, the facts of other cases. Clauses, parameters and readings stay as they are."));
  }

  const WhatIf& w_;
  bool zh_;
  Language language_;
  const Schema& schema_;
  verdict::Names names_;
  std::string out_;
};

}  // namespace

std::string what_if_text(const WhatIf& what_if, Language language) { return WhatIfText(what_if, language).text(); }

}  // namespace tiao::driver
