#include "compiler/driver/diff_report.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace tiao::driver {
namespace {

using Kind = verdict::Change::Kind;

std::string plain(const std::string& json) {
  return json.size() >= 2 && json.front() == '"' && json.back() == '"' ? json.substr(1, json.size() - 2) : json;
}

std::string or_nothing(const std::string& text, bool chinese) { return text.empty() ? (chinese ? "无" : "none") : plain(text); }

std::string field_words(const std::string& field, const DiffReport& report, bool chinese) {
  static const std::map<std::string, std::string> zh = {{"modality", "措辞"}, {"in_principle", "原则上"}, {"state", "状态"}, {"actor", "主体"}, {"alternative", "择一"},
                                                        {"for", "期限"}, {"from", "起"}, {"until", "止"}, {"choice", "所选"}};
  if (!chinese) return field;
  const auto there = zh.find(field);
  return there != zh.end() ? there->second : report.label_of(field);
}

}  // namespace

std::vector<OperationTotal> totals(const DiffReport& report) {
  std::vector<OperationTotal> out(report.operations.size());
  for (const DiffSubject& subject : report.differing) {
    struct Made { bool alone = false; std::map<std::string, unsigned> what; };
    std::map<std::uint32_t, Made> by;
    for (std::size_t i = 0; i < subject.causes.size(); ++i) {
      if (!subject.causes[i]) continue;
      const verdict::Change& change = subject.changes[i];
      const unsigned bit = change.kind == Kind::remedy_gained ? 1 : change.kind == Kind::remedy_lost ? 2 : change.kind == Kind::remedy_changed ? 4 : 0;
      for (const std::uint32_t k : *subject.causes[i]) {
        Made& made = by[k];
        made.alone = made.alone || subject.causes[i]->size() == 1;
        if (bit != 0) made.what[change.name] |= bit;
      }
    }
    for (const auto& [k, made] : by) {
      ++out[k].subjects;
      if (!made.alone) ++out[k].together;
      for (const auto& [remedy, bits] : made.what) {
        if (bits & 1) ++out[k].gained[remedy];
        if (bits & 2) ++out[k].lost[remedy];
        if (bits & 4) ++out[k].changed[remedy];
      }
    }
  }
  return out;
}

const char* name_of(document::OperationKind kind) {
  switch (kind) {
    case document::OperationKind::insert: return "insert";
    case document::OperationKind::replace: return "replace";
    case document::OperationKind::append: return "append";
    case document::OperationKind::repeal: return "repeal";
    case document::OperationKind::renumber: return "renumber";
  }
  return "";
}

std::string operation_words(const DiffOperation& operation, bool chinese) {
  if (!operation.kind) return chinese ? "文本自定的有效期间" : "days that the text itself sets";
  const char* verb = "";
  switch (*operation.kind) {
    case document::OperationKind::insert: verb = chinese ? "增加" : "inserts"; break;
    case document::OperationKind::replace: verb = chinese ? "改写" : "replaces"; break;
    case document::OperationKind::append: verb = chinese ? "补充" : "adds to"; break;
    case document::OperationKind::repeal: verb = chinese ? "废止" : "repeals"; break;
    case document::OperationKind::renumber: verb = chinese ? "改编号" : "renumbers"; break;
  }
  return chinese ? fmt::format("{} {}（{}{}）", operation.supplement, operation.address, verb, operation.target)
                 : fmt::format("{} {} ({} {})", operation.supplement, operation.address, verb, operation.target);
}

std::string row_words(const DiffReport& report, const verdict::PortableRow& row, bool chinese) {
  return chinese ? report.label_of(row.entity) + row.key : row.entity + " " + row.key;
}

bool is_json(const verdict::Change& change) {
  static const char* const words[] = {"modality", "in_principle", "state", "actor", "alternative"};
  if (change.kind == Kind::report) return true;
  return change.kind == Kind::remedy_changed && std::none_of(std::begin(words), std::end(words), [&](const char* w) { return change.field == w; });
}

std::string change_words(const DiffReport& report, const verdict::Change& change, bool chinese) {
  const std::string name = chinese ? report.label_of(change.name) : change.name;
  const std::string on = change.row.key.empty() ? std::string() : chinese ? fmt::format("（{}）", row_words(report, change.row, true)) : fmt::format(" ({})", row_words(report, change.row, false));
  const std::string from = or_nothing(change.before, chinese), to = or_nothing(change.after, chinese);
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
      return change.field == "cites" ? fmt::format(fmt::runtime(chinese ? "{}{} 的依据：{} → {}" : "{}{} rests on: {} -> {}"), name, on, from, to)
                                     : fmt::format(fmt::runtime(chinese ? "成立的条款：去 {}，来 {}" : "provisions that hold: gone {}, come {}"), from, to);
  }
  return {};
}

}  // namespace tiao::driver
