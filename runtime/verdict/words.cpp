#include "runtime/verdict/words.hpp"

#include <array>

#include <fmt/format.h>

#include "runtime/value/scalar.hpp"

namespace tiao::verdict {
namespace {

struct Word { std::string_view zh, en; };

template <class Enum, std::size_t N>
std::string_view pick(Enum value, const std::array<Word, N>& table, Language language) {
  const Word& word = table[static_cast<std::size_t>(value)];
  return language == Language::zh ? word.zh : word.en;
}

}  // namespace

std::string_view words(Outcome outcome, Language language) {
  return pick(outcome, std::array{Word{"已定", "decided"}, Word{"待定", "undetermined"}, Word{"出错", "error"}}, language);
}
std::string_view words(State state, Language language) {
  return pick(state, std::array{Word{"成立", "applies"}, Word{"待定", "undetermined"}, Word{"出错", "error"}}, language);
}
std::string_view words(Phase phase, Language language) {
  return pick(phase, std::array{Word{"", ""}, Word{"已过", "over"}, Word{"进行中", "running"}, Word{"未到", "ahead"}, Word{"时间待定", "undecided"}},
              language);
}
std::string_view words(DutyState state, Language language) {
  return pick(state,
              std::array{Word{"已履行", "fulfilled"}, Word{"已违反", "breached"}, Word{"期限内", "pending"}, Word{"待定", "undetermined"},
                         Word{"不适用", "not applicable"}, Word{"出错", "error"}},
              language);
}
std::string_view words(NeedKind kind, Language language) {
  return pick(kind,
              std::array{Word{"事实", "fact"}, Word{"认定", "judgment"}, Word{"参数", "parameter"}, Word{"读法", "reading"},
                         Word{"未尽名册", "open register"}, Word{"文本空缺", "gap in the text"}, Word{"另载文本", "text not supplied"}},
              language);
}
std::string_view words(program::Modality modality, Language language) {
  return pick(modality, std::array{Word{"应当", "must"}, Word{"不得", "must not"}, Word{"可以", "may"}, Word{"自动", "automatically"}}, language);
}

std::string_view named(std::string_view id, std::string_view label, Language language) {
  return language == Language::zh && !label.empty() ? label : id;
}

std::string duration_words(std::int64_t packed, Language language) {
  const bool zh = language == Language::zh;
  if (packed == unstated_duration) return zh ? "未载明" : "unstated";
  const std::int64_t months = scalar::duration_months(packed), days = scalar::duration_days(packed);
  const auto part = [&](std::int64_t n, const char* chinese, const char* english) {
    if (n == 0) return std::string{};
    if (zh) return fmt::format("{}{}", n, chinese);
    return fmt::format("{} {}{}", n, english, n == 1 ? "" : "s");
  };
  std::string out;
  for (const std::string& piece : {part(months / 12, "年", "year"), part(months % 12, "个月", "month"), part(days, "天", "day")}) {
    if (piece.empty()) continue;
    if (!out.empty() && !zh) out += ' ';
    out += piece;
  }
  return out.empty() ? (zh ? "0天" : "0 days") : out;
}

std::string act_words(const Names& names, const RemedyEntry& entry, Language language) {
  const bool zh = language == Language::zh;
  const Remedy& remedy = names.schema.remedies[entry.remedy];
  std::string out;
  const auto add = [&](std::string_view part) {
    if (!out.empty() && !zh) out += ' ';
    out += part;
  };
  if (entry.actor < names.schema.actors.size()) add(named(names.schema.actors[entry.actor].id, names.schema.actors[entry.actor].label, language));
  if (entry.in_principle && zh) add("原则上");
  add(words(entry.modality, language));
  if (entry.in_principle && !zh) add("in principle");
  add(named(remedy.id, remedy.label, language));
  return out;
}

std::string values_words(const Names& names, const RemedyEntry& entry, Language language) {
  const bool zh = language == Language::zh;
  std::string out;
  const auto add = [&](std::string_view name, const Value& value, std::string_view after) {
    if (!out.empty()) out += zh ? "，" : ", ";
    out += name;
    if (!zh) out += ' ';
    out += value_words(names, value, language);
    out += after;
  };
  const auto& params = names.schema.remedies[entry.remedy].params;
  for (const auto& [param, value] : entry.params) add(named(params[param].id, params[param].label, language), value, "");
  for (const auto& [time, value] : entry.times) {
    const std::string_view name = time;
    if (name == "for") add(zh ? "为期" : "for", value, "");
    if (name == "from") add(zh ? "自" : "from", value, zh ? "起" : "");
    if (name == "until" && value.form == ValueForm::until) add(zh ? "" : "running", value, "");
    if (name == "until" && value.form != ValueForm::until) add(zh ? "至" : "until", value, zh ? "（不含）" : " (not included)");
  }
  if (entry.has_choice) add(zh ? "已定为" : "chosen", entry.choice, "");
  return out;
}

std::string cites_words(const Names& names, const std::vector<NodeId>& cites, Language language) {
  std::string out;
  for (const NodeId cite : cites) {
    if (!out.empty()) out += language == Language::zh ? "、" : ", ";
    out += names.address(cite, language);
  }
  return out;
}

std::string thing_words(const Schema& schema, std::string_view name, Language language) {
  for (const Parameter& parameter : schema.parameters)
    if (parameter.id == name) return std::string(named(parameter.id, parameter.label, language));
  for (const Calendar& calendar : schema.calendars)
    if (calendar.id == name) return std::string(named(calendar.id, calendar.label, language));
  const bool zh = language == Language::zh;
  const std::size_t open = name.find('['), close = name.rfind(']'), of = name.find(" of ");
  for (const Entity& entity : schema.entities) {
    const std::string_view label = named(entity.id, entity.label, language);
    if (open != std::string_view::npos && close != std::string_view::npos && entity.id == name.substr(0, open)) {
      const std::string row = fmt::format(fmt::runtime(zh ? "{}{}" : "{} {}"), label, name.substr(open + 1, close - open - 1));
      if (close + 2 > name.size()) return row;
      const std::string column_id(name.substr(close + 2));
      const auto column = entity.find(column_id);
      return fmt::format(fmt::runtime(zh ? "{}的{}" : "{} {}"), row, column ? named(column_id, entity.columns[*column].label, language) : column_id);
    }
    if (of != std::string_view::npos && entity.id == name.substr(0, of))
      return fmt::format(fmt::runtime(zh ? "{1}的{0}" : "{0} of {1}"), label, name.substr(of + 4));
  }
  return std::string(name);
}

std::string need_words(const Names& names, const Need& need, Language language) {
  const bool zh = language == Language::zh;
  const std::string out = thing_words(names.schema, need.name, language);
  std::string by = need.by;
  for (const Actor& actor : names.schema.actors)
    if (actor.id == need.by) by = named(actor.id, actor.label, language);
  const std::string_view kind = words(need.kind, language);
  if (by.empty()) return zh ? fmt::format("{}（{}）", out, kind) : fmt::format("{} ({})", out, kind);
  return zh ? fmt::format("{}（{}，由{}）", out, kind, by) : fmt::format("{} ({}, by {})", out, kind, by);
}

std::string summary_words(const Summary& summary, std::string_view engine, std::uint64_t rows, Language language) {
  std::string out =
      language == Language::zh
          ? fmt::format("{} 个对象：{} 已定，{} 待定，{} 出错；{} 项处理，{} 条提示；引擎 {}，事实 {} 行", summary.verdicts(), summary.decided,
                        summary.undetermined, summary.errors, summary.remedies, summary.flags, engine, rows)
          : fmt::format("{} subjects: {} decided, {} undetermined, {} in error; {} remedies, {} flags; engine {}, {} rows of facts",
                        summary.verdicts(), summary.decided, summary.undetermined, summary.errors, summary.remedies, summary.flags, engine, rows);
  if (summary.without_subject != 0)
    out += language == Language::zh ? fmt::format("；{} 项处理不属于任何适用对象", summary.without_subject)
                                    : fmt::format("; {} remedies stand under no subject of the agreement", summary.without_subject);
  return out;
}

}  // namespace tiao::verdict
