// Lines of a trace in words, and what a trace comes down to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/program/schema.hpp"
#include "runtime/verdict/evidence.hpp"
#include "runtime/verdict/names.hpp"

namespace tiao::driver {

class TraceWords {
 public:
  TraceWords(verdict::Names names, verdict::Language language) : names_(names), schema_(names.schema), language_(language), zh_(language == verdict::Language::zh) {}

  /// One line: what it is about, its value, who decided it.
  std::string line(const TraceNode& node, NodeId outside) const;
  /// The conditions that a truth rests on, each with the facts right under it; at most `most` of them.
  std::string reasons(const TraceNode& node, std::size_t most) const;
  std::vector<std::string> reason_list(const TraceNode& node) const;
  /// A rule in short: the conditions that it rests on, and what its values come from; of each ground at most `most`.
  std::vector<std::string> rule(const TraceNode& ground, std::size_t most) const;
  /// Why a rule brought nothing about on a row.
  std::string silent(const TraceNode& ground, std::size_t most) const;
  /// Of a duty: the day it was done, the day it was due and what makes it due; not why the rule is in force.
  std::string duty(const TraceNode& duty, std::size_t most) const;
  std::string value(const TraceNode& node) const;
  /// incident[I7].points -> 违规记录I7的分值
  std::string thing(const TraceNode& node) const;
  /// Rows of registers met on the way: 违规记录I1、违规记录I2.
  std::string rows_under(const TraceNode& node) const;
  std::string facts(const TraceNode& node, std::size_t most) const;
  std::string colon(std::string_view name, std::string_view value) const;

 private:
  void collect_reasons(const TraceNode& node, std::vector<const TraceNode*>& found) const;
  void collect_facts(const TraceNode& node, std::vector<std::string>& found) const;
  void collect_rows(const TraceNode& node, std::vector<std::string>& found) const;
  void add_rule(const TraceNode& ground, std::size_t most, std::vector<std::string>& out) const;
  std::string value_name(const std::string& name) const;
  std::string decided(const TraceNode& node) const;
  std::string reason(const TraceNode& node) const;
  std::string joined(const std::vector<std::string>& parts, std::size_t most, const char* separator) const;
  const char* say(const char* chinese, const char* english) const { return zh_ ? chinese : english; }

  verdict::Names names_;
  const Schema& schema_;
  verdict::Language language_;
  bool zh_;
};

}  // namespace tiao::driver
