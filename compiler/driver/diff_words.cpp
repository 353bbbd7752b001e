// What a comparison says, in words.
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "compiler/driver/diff_report.hpp"
#include "runtime/value/format.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::driver {
namespace {

using verdict::Language;
using Kind = verdict::Change::Kind;

// Values as a verdict's data has them: written by the program itself, so nothing is expected that it does not write.
class ValueReader {
 public:
  ValueReader(std::string_view json, bool chinese) : json_(json), chinese_(chinese) {}

  std::string words() {
    skip();
    if (at_ >= json_.size()) return {};
    switch (json_[at_]) {
      case '"': return friendly(string());
      case '{': return object();
      case '[': {
        std::string out;
        for (const auto& one : array()) out += (out.empty() ? "" : say("、", ", ")) + one.value_or(say("未知", "unknown"));
        return out;
      }
      default: {
        const std::string word = bare();
        return word == "null" ? say("未知", "unknown") : word == "true" ? say("是", "yes") : word == "false" ? say("否", "no") : word;
      }
    }
  }

 private:
  std::string say(const char* zh, const char* en) const { return chinese_ ? zh : en; }
  void skip() {
    while (at_ < json_.size() && (json_[at_] == ' ' || json_[at_] == ',' || json_[at_] == ':')) ++at_;
  }
  std::string bare() {
    const std::size_t from = at_;
    while (at_ < json_.size() && std::string_view(" ,:]}").find(json_[at_]) == std::string_view::npos) ++at_;
    return std::string(json_.substr(from, at_ - from));
  }
  std::string string() {
    std::string out;
    for (++at_; at_ < json_.size() && json_[at_] != '"'; ++at_) {
      if (json_[at_] == '\\' && at_ + 1 < json_.size()) {
        const char c = json_[++at_];
        if (c == 'u') at_ += 4;   // control characters alone are written so
        out += c == 'n' || c == 't' || c == 'r' || c == 'u' || c == 'b' || c == 'f' ? ' ' : c;
      } else {
        out += json_[at_];
      }
    }
    ++at_;
    return out;
  }
  std::string friendly(const std::string& text) const {
    if (text == "unstated") return say("未载明", "unstated");
    if (text == "never") return say("从未", "never");
    std::int64_t packed = 0;
    if (text.starts_with('P') && parse_duration(text, packed) == Parse::ok) return verdict::duration_words(packed, chinese_ ? Language::zh : Language::en);
    return text;
  }
  // Nothing: an end that is not there.
  std::vector<std::optional<std::string>> array() {
    std::vector<std::optional<std::string>> out;
    for (++at_, skip(); at_ < json_.size() && json_[at_] != ']'; skip()) {
      if (json_.substr(at_).starts_with("null")) at_ += 4, out.emplace_back();
      else out.emplace_back(words());
    }
    ++at_;
    return out;
  }

  std::string object() {
    std::string out, of, event;
    bool in_principle = false;
    for (++at_, skip(); at_ < json_.size() && json_[at_] != '}'; skip()) {
      const std::string key = string();
      skip();
      if (key == "unknown" && at_ < json_.size() && json_[at_] == '[') {
        const auto ends = array();
        const auto low = ends.empty() ? std::nullopt : ends.front(), high = ends.empty() ? std::nullopt : ends.back();
        if (low && high) out = fmt::format(fmt::runtime(say("未知（{}至{}）", "unknown ({} to {})")), *low, *high);
        else if (low) out = fmt::format(fmt::runtime(say("未知（{}起）", "unknown (from {})")), *low);
        else if (high) out = fmt::format(fmt::runtime(say("未知（至{}）", "unknown (to {})")), *high);
        else out = say("未知", "unknown");
      } else if (key == "one_of") {
        for (const auto& one : array()) out += (out.empty() ? "" : say("或", " or ")) + one.value_or(say("未知", "unknown"));
        out += say("（待查明）", " (still to be found out)");
      } else if (key == "between") {
        const auto ends = array();
        out = ends.front().value_or("…") + say("至", " to ") + ends.back().value_or("…") + say("，由决定者定", ", for the decider to choose");
      } else if (key == "at_most") {
        out = say("不超过", "at most ") + words();
      } else if (key == "at_least") {
        out = say("不少于", "at least ") + words();
      } else if (key == "open") {
        out = words() == "until" ? say("直至事件发生", "until the event happens") : say("未载明", "not stated by the text");
      } else if (key == "event") {
        event = words();
      } else if (key == "of") {
        of = words();
      } else if (key == "in_principle") {
        in_principle = bare() == "true";
      } else if (key == "error") {
        bare();
        out = say("出错", "error");
      } else {
        out += (out.empty() ? "" : say("，", ", ")) + key + ' ' + words();
      }
    }
    ++at_;
    if (!event.empty()) out = say("直至", "until ") + event;
    if (!of.empty()) out += fmt::format(fmt::runtime(say("（{}）", " ({})")), of);
    return in_principle ? out + say("（原则上）", " (in principle)") : out;
  }

  std::string_view json_;
  bool chinese_;
  std::size_t at_ = 0;
};

template <class Enum>
bool word_of(const std::string& name, std::initializer_list<Enum> all, Language language, std::string& out) {
  for (const Enum one : all)
    if (name == verdict::name_of(one)) {
      out = verdict::words(one, language);
      return true;
    }
  return false;
}

std::string addresses(const std::vector<std::string>& list, bool chinese) {
  std::string out;
  for (const std::string& one : list) out += (out.empty() ? "" : chinese ? "、" : ", ") + one;
  return out;
}

const std::string& supplement_of(const DiffOperation& operation, bool chinese) {
  return chinese && !operation.supplement_label.empty() ? operation.supplement_label : operation.supplement;
}

}  // namespace

std::string value_words(const std::string& json, bool chinese) { return ValueReader(json, chinese).words(); }

std::string state_words(const std::string& name, bool chinese) {
  using enum verdict::DutyState;
  const Language language = chinese ? Language::zh : Language::en;
  std::string out;
  if (word_of(name, {verdict::Outcome::decided}, language, out) || word_of(name, {verdict::State::applies}, language, out) ||
      word_of(name, {fulfilled, breached, pending, undetermined, not_applicable, error}, language, out))
    return out;
  using program::Modality;
  return word_of(name, {Modality::must, Modality::must_not, Modality::may, Modality::automatic}, language, out) ? out : name;
}

std::string side_words(const DiffReport& report, bool later, bool chinese) {
  const DiffSide& side = later ? report.after : report.before;
  std::string more = side.edition;
  const auto add = [&](const std::string& words) { more += (more.empty() ? "" : chinese ? "，" : ", ") + words; };
  std::string names;
  for (const auto& [name, label] : side.supplements) names += (names.empty() ? "" : chinese ? "、" : ", ") + (chinese && !label.empty() ? label : name);
  if (!names.empty()) add((chinese ? "含" : "with ") + names);
  else if (report.same_agreement && !(later ? report.before : report.after).supplements.empty()) add(chinese ? "不含补充" : "without supplements");
  const std::string& name = chinese && !side.label.empty() ? side.label : side.agreement;
  return more.empty() ? name : fmt::format(fmt::runtime(chinese ? "{}（{}）" : "{} ({})"), name, more);
}

std::string operation_words(const DiffOperation& operation, bool chinese, bool with_supplement) {
  if (!operation.kind) return chinese ? "文本自定的有效期间" : "days that the text itself sets";
  const char* verb = "";
  switch (*operation.kind) {
    case document::OperationKind::insert: verb = chinese ? "增加" : "inserts"; break;
    case document::OperationKind::replace: verb = chinese ? "改写" : "replaces"; break;
    case document::OperationKind::append: verb = chinese ? "续写" : "adds to"; break;
    case document::OperationKind::repeal: verb = chinese ? "删去" : "repeals"; break;
    case document::OperationKind::renumber: verb = chinese ? "改号" : "renumbers"; break;
  }
  const std::string where = with_supplement ? supplement_of(operation, chinese) + ' ' + operation.address : operation.address;
  return fmt::format(fmt::runtime(chinese ? "{}（{}{}）" : "{} ({} {})"), where, verb, operation.target);
}

bool several_supplements(const DiffReport& report) {
  const auto& all = report.operations;
  return std::any_of(all.begin(), all.end(), [&](const DiffOperation& one) { return one.kind && one.supplement != all.front().supplement; });
}

std::string operation_names(const DiffReport& report, const std::vector<std::uint32_t>& operations, bool chinese) {
  const auto& all = report.operations;
  std::string out;
  for (const std::uint32_t k : operations) {
    if (!out.empty()) out += chinese ? "、" : ", ";
    const DiffOperation& operation = all[k];
    if (!operation.kind) {
      out += operation_words(operation, chinese);
      continue;
    }
    if (several_supplements(report)) out += supplement_of(operation, chinese) + ' ';
    out += operation.address;
    const auto here = [&](const DiffOperation& other) { return other.kind && other.supplement == operation.supplement && other.address == operation.address; };
    if (operation.address.empty() || std::count_if(all.begin(), all.end(), here) > 1) out += fmt::format(fmt::runtime(chinese ? "（{}）" : " ({})"), operation.target);
  }
  return out;
}

std::string cause_words(const DiffReport& report, const std::optional<Cause>& cause, bool chinese) {
  if (!cause) return chinese ? "所试的组合中没有能单独带来它的" : "no set that was tried brings it alone";
  if (cause->empty()) return chinese ? "读法不同" : "readings";
  return fmt::format(fmt::runtime(cause->size() == 1 ? "{}" : chinese ? "{} 共同作用" : "{} together"), operation_names(report, *cause, chinese));
}

std::string blame_words(const DiffReport& report, const Blame& blame, bool chinese) {
  if (blame.operations.empty()) return chinese ? "仅读法不同" : "the readings alone";
  std::string out = operation_names(report, blame.operations, chinese);
  if (!blame.built_on.empty()) out += fmt::format(fmt::runtime(chinese ? "（{} 是其基础）" : " ({} are what they build on)"), operation_names(report, blame.built_on, chinese));
  if (blame.several) out += chinese ? "（另有同样大小的组合也可得出）" : " (another set of this size does it as well)";
  if (blame.how == Blame::How::irreducible) out += chinese ? "（任一项都不能去掉）" : " (none of these can be left out)";
  return out;
}

std::string remedy_words(const DiffReport& report, const verdict::PortableRemedy& remedy, bool chinese) {
  const auto label = [&](const std::string& id) { return chinese ? report.label_of(id) : id; };
  std::string out;
  const auto add = [&](const std::string& part) { out += (out.empty() || chinese ? "" : " ") + part; };
  if (!remedy.actor.empty()) add(label(remedy.actor));
  if (remedy.in_principle && chinese) add("原则上");
  add(state_words(remedy.modality, chinese));
  if (remedy.in_principle && !chinese) add("in principle");
  add(label(remedy.remedy));
  out += fmt::format(fmt::runtime(chinese ? "（{}）" : " ({})"), row_words(report, remedy.target, chinese));
  for (const auto& [name, value] : remedy.values) out += (chinese ? "，" : ", ") + field_words(name, report, chinese) + ' ' + value_words(value, chinese);
  if (!remedy.choice.empty()) out += (chinese ? "，已定为" : ", chosen ") + value_words(remedy.choice, chinese);
  if (remedy.state != verdict::name_of(verdict::State::applies)) out += fmt::format(fmt::runtime(chinese ? "〔{}〕" : " [{}]"), state_words(remedy.state, chinese));
  if (!remedy.cites.empty()) out += fmt::format(fmt::runtime(chinese ? "；依据 {}" : "; by {}"), addresses(remedy.cites, chinese));
  return out;
}

std::string entry_value_words(Kind kind, const std::string& value, bool chinese) {
  if (kind == Kind::report) return value_words(value, chinese);
  if (kind != Kind::head && kind != Kind::duty) return value;
  const std::size_t end = std::min(value.find(' '), value.size());
  const std::string rest = value.substr(std::min(end + 1, value.size()));
  const std::string state = state_words(value.substr(0, end), chinese);
  if (rest.empty()) return state;
  // A head names the provision that is not supplied; a duty has the last day and the day on which it was done.
  if (kind == Kind::head) return fmt::format(fmt::runtime(chinese ? "{}（{}）" : "{} ({})"), state, rest);
  const std::size_t second = rest.front() == '{' ? rest.find("} ") + 1 : rest.find(' ');
  return fmt::format(fmt::runtime(chinese ? "{}（期限 {}，履行于 {}）" : "{} (due {}, done {})"), state, value_words(rest.substr(0, second), chinese),
                     value_words(rest.substr(second + 1), chinese));
}

std::string entry_words(const DiffReport& report, Kind kind, const verdict::PortableEntry& entry, bool chinese) {
  const std::string name = chinese ? report.label_of(entry.name) : entry.name;
  const std::string on = entry.row.key.empty() ? std::string() : fmt::format(fmt::runtime(chinese ? "（{}）" : " ({})"), row_words(report, entry.row, chinese));
  return fmt::format(fmt::runtime(chinese ? "{}{}：{}" : "{}{}: {}"), name, on, entry_value_words(kind, entry.value, chinese));
}

std::string field_words(const std::string& field, const DiffReport& report, bool chinese) {
  static const std::map<std::string, std::string> zh = {{"modality", "措辞"}, {"in_principle", "原则上"}, {"state", "状态"}, {"actor", "主体"}, {"alternative", "择一"},
                                                        {"for", "为期"}, {"from", "自"}, {"until", "至"}, {"choice", "所选"}};
  if (!chinese) return field;
  const auto there = zh.find(field);
  return there != zh.end() ? there->second : report.label_of(field);
}

std::string row_words(const DiffReport& report, const verdict::PortableRow& row, bool chinese) {
  return chinese ? report.label_of(row.entity) + row.key : row.entity + " " + row.key;
}

std::string change_words(const DiffReport& report, const verdict::Change& change, bool chinese) {
  const std::string name = chinese ? report.label_of(change.name) : change.name;
  const std::string on = change.row.key.empty() ? std::string() : fmt::format(fmt::runtime(chinese ? "（{}）" : " ({})"), row_words(report, change.row, chinese));
  const auto end = [&](const std::string& text) -> std::string {
    if (text.empty()) return chinese ? "无" : "none";
    if (is_json(change)) return value_words(text, chinese);
    if (change.kind == Kind::head || change.kind == Kind::duty) return entry_value_words(change.kind, text, chinese);
    if (change.kind == Kind::remedy_changed && change.field == "in_principle") return value_words(text, chinese);
    if (change.kind == Kind::remedy_changed && change.field == "actor") return chinese ? report.label_of(text) : text;
    if (change.kind == Kind::outcome || change.field == "modality" || change.field == "state") return state_words(text, chinese);
    return text;
  };
  const std::string from = end(change.before), to = end(change.after);
  switch (change.kind) {
    case Kind::outcome: return fmt::format(fmt::runtime(chinese ? "结论：{} → {}" : "outcome: {} -> {}"), from, to);
    case Kind::remedy_gained: return fmt::format(fmt::runtime(chinese ? "新增 {}{}，依据 {}" : "gained {}{}, by {}"), name, on, to);
    case Kind::remedy_lost: return fmt::format(fmt::runtime(chinese ? "不再 {}{}，原依据 {}" : "lost {}{}, was by {}"), name, on, from);
    case Kind::remedy_changed:
      return fmt::format(fmt::runtime(chinese ? "{}{} {}：{} → {}" : "{}{} {}: {} -> {}"), name, on, field_words(change.field, report, chinese), from, to);
    case Kind::head: return fmt::format(fmt::runtime(chinese ? "条款头 {}：{} → {}" : "head {}: {} -> {}"), change.name, from, to);
    case Kind::duty: return fmt::format(fmt::runtime(chinese ? "义务 {}{}：{} → {}" : "duty {}{}: {} -> {}"), change.name, on, from, to);
    case Kind::report: return fmt::format(fmt::runtime(chinese ? "{}{}：{} → {}" : "{}{}: {} -> {}"), name, on, from, to);
    case Kind::flag_gained: return fmt::format(fmt::runtime(chinese ? "新增提示 {}{}" : "new flag {}{}"), to, on);
    case Kind::flag_lost: return fmt::format(fmt::runtime(chinese ? "不再提示 {}{}" : "flag gone {}{}"), from, on);
    case Kind::basis:
      if (change.field == "cites") return fmt::format(fmt::runtime(chinese ? "{}{} 的依据：{} → {}" : "{}{} rests on: {} -> {}"), name, on, from, to);
      return (chinese ? "成立的条款：" : "provisions that hold: ") + (change.before.empty() ? std::string() : (chinese ? "不再有 " : "no longer ") + from) +
             (change.before.empty() || change.after.empty() ? "" : chinese ? "；" : "; ") + (change.after.empty() ? std::string() : (chinese ? "新有 " : "now ") + to);
  }
  return {};
}

std::string change_kind_words(Kind kind, bool chinese) {
  switch (kind) {
    case Kind::outcome: return chinese ? "结论" : "outcome";
    case Kind::remedy_gained: return chinese ? "新增处理" : "remedy gained";
    case Kind::remedy_lost: return chinese ? "不再处理" : "remedy lost";
    case Kind::remedy_changed: return chinese ? "处理内容有变" : "remedy changed";
    case Kind::head: return chinese ? "条款头" : "head";
    case Kind::duty: return chinese ? "义务" : "duty";
    case Kind::report: return chinese ? "报告值" : "report";
    case Kind::flag_gained: return chinese ? "新增提示" : "new flag";
    case Kind::flag_lost: return chinese ? "不再提示" : "flag gone";
    case Kind::basis: return chinese ? "依据" : "basis";
  }
  return {};
}

}  // namespace tiao::driver
