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

/// 六（二）（改写第七十一条第一款） / 六（二） (replaces 第七十一条第一款)
std::string operation_words(const DiffOperation& operation, bool chinese);
/// 新增：中止协议（F0012） / gained: suspend_agreement (F0012)
std::string change_words(const DiffReport& report, const verdict::Change& change, bool chinese);
/// 医疗机构F0012 / facility F0012
std::string row_words(const DiffReport& report, const verdict::PortableRow& row, bool chinese);
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
