// What the written forms of a comparison share.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/driver/diff.hpp"
#include "runtime/value/text.hpp"
#include "runtime/verdict/json_text.hpp"

namespace tiao::driver {

/// Of one operation: the subjects of whose changes it causes some, alone or with others.
struct OperationTotal {
  std::uint64_t subjects = 0, together = 0;                     // together: it causes nothing for them without further operations
  std::map<std::string, std::uint64_t> gained, lost, changed;   // subjects, by remedy
};
std::vector<OperationTotal> totals(const DiffReport& report);

/// What is the weightiest that differs.
enum class DiffClass : std::uint8_t { remedies_come_or_go, remedies_change, outcome, others, basis };
DiffClass class_of(const DiffSubject& subject);
/// Indices of the differing subjects: those whose remedies come or go first, within a class in the order of verdicts.
std::vector<std::uint32_t> weightiest_first(const DiffReport& report);
/// Subjects with other remedies than before.
std::uint64_t with_other_remedies(const DiffReport& report);

/// 天津市…协议书（含补充…） / tianjin.facility (with tianjin.facility_2025)
std::string side_words(const DiffReport& report, bool later, bool chinese);
/// 补充协议 六（二）（改写第七十一条第一款） / made.extra 六（二） (replaces 第七十一条第一款)
std::string operation_words(const DiffOperation& operation, bool chinese, bool with_supplement = true);
bool several_supplements(const DiffReport& report);
/// As short as it stays clear which is meant: 六（二）; with what it touches where the supplement does several things at one place;
/// with the supplement where there are several of these.
std::string operation_names(const DiffReport& report, const std::vector<std::uint32_t>& operations, bool chinese);
/// 六（二）, or what it takes together.
std::string cause_words(const DiffReport& report, const std::optional<Cause>& cause, bool chinese);
std::string blame_words(const DiffReport& report, const Blame& blame, bool chinese);
/// 新增：中止协议（F0012） / gained: suspend_agreement (F0012)
std::string change_words(const DiffReport& report, const verdict::Change& change, bool chinese);
/// 医疗机构F0012 / facility F0012
std::string row_words(const DiffReport& report, const verdict::PortableRow& row, bool chinese);
/// 机构应当暂停结算（机构F001），为期 2个月；依据 第七十一条（十四）
std::string remedy_words(const DiffReport& report, const verdict::PortableRemedy& remedy, bool chinese);
std::string entry_words(const DiffReport& report, verdict::Change::Kind kind, const verdict::PortableEntry& entry, bool chinese);
std::string entry_value_words(verdict::Change::Kind kind, const std::string& value, bool chinese);
std::string field_words(const std::string& field, const DiffReport& report, bool chinese);
std::string change_kind_words(verdict::Change::Kind kind, bool chinese);
/// What a verdict has as JSON or as an identifier, for people: P2M is 2个月, {"unknown":[1,3]} is 未知（1 至 3）.
std::string value_words(const std::string& json, bool chinese);
std::string state_words(const std::string& name, bool chinese);
const char* name_of(document::OperationKind kind);
/// Is what a change says before and after JSON, or a word?
bool is_json(const verdict::Change& change);


// Members of the JSON object under construction.
void append_row(verdict::JsonText& json, const char* name, const verdict::PortableRow& row);
void append_verdict(verdict::JsonText& json, const verdict::PortableVerdict& verdict);
void append_change(verdict::JsonText& json, const verdict::Change& change);
/// An empty list is left out.
void append_strings(verdict::JsonText& json, const char* name, const std::vector<std::string>& list);

}  // namespace tiao::driver
