// Why a result is what it is, as plain data: what a reader would have to find out, which readings were relied on, what went
// wrong where, and the tree of an explanation. Made by the reference evaluator, written by the verdict writers.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/program/schema.hpp"
#include "runtime/value/value.hpp"

namespace tiao {

/// A blank that can still matter.
struct Need {
  enum class Kind : std::uint8_t { fact, judgment, parameter, reading, open_register, gap, text };
  Kind kind = Kind::fact;
  std::string name;   // incident[I7].degree; a parameter's or reading's id; `distance of F1`; the address of a gap or text; a calendar that ends too early
  std::string by;     // who decides a judgment, who owns a parameter
  friend auto operator<=>(const Need&, const Need&) = default;
};

constexpr const char* name(Need::Kind kind) {
  switch (kind) {
    case Need::Kind::fact: return "fact";
    case Need::Kind::judgment: return "judgment";
    case Need::Kind::parameter: return "parameter";
    case Need::Kind::reading: return "reading";
    case Need::Kind::open_register: return "open_register";
    case Need::Kind::gap: return "gap";
    case Need::Kind::text: return "text";
  }
  return "";
}

/// A reading that was relied on. Whether it matters is known only after all readings were run.
struct ReadingUse {
  std::uint32_t parameter = none;   // index into Schema::parameters
  std::optional<bool> sensitive;
  friend bool operator==(const ReadingUse&, const ReadingUse&) = default;
};

/// An error that a result came to, where it arose.
struct EvidenceError {
  std::string code;                 // division_by_zero, overflow, table_no_row, table_two_rows, only_two_values, conflict, date_out_of_range, no_rows
  NodeId cite = none;
  std::vector<NodeId> with;         // conflict: the other side
  std::string message;              // the expression as written
  friend bool operator==(const EvidenceError&, const EvidenceError&) = default;
};

/// One line of an explanation and what lies beneath it.
struct TraceNode {
  enum class Kind : std::uint8_t {
    ground, condition, expression, definition, fact, parameter, reading, fold, row, table_row, value,
    ledger, step, entry, credit, timeline, span, shortening,
  };
  Kind kind = Kind::expression;
  std::string text;                 // as written, or what the line is about
  std::string name;                 // of a fact or row: incident[I7].points, incident[I7]
  NodeId node = none;               // the address it stands under
  std::string value;                // as shown to a reader
  Type type;                        // the same value as data
  Cell cell;
  bool decisive = true;             // false: absorbed, or a row that is out; shown, and decides nothing
  std::uint32_t omitted = 0;        // rows that are not listed
  std::string by, on, grounds;      // a decided judgment
  std::string file;
  std::uint32_t line = 0;
  std::vector<TraceNode> children;
};

constexpr const char* name(TraceNode::Kind kind) {
  switch (kind) {
    case TraceNode::Kind::ground: return "ground";
    case TraceNode::Kind::condition: return "condition";
    case TraceNode::Kind::expression: return "expression";
    case TraceNode::Kind::definition: return "definition";
    case TraceNode::Kind::fact: return "fact";
    case TraceNode::Kind::parameter: return "parameter";
    case TraceNode::Kind::reading: return "reading";
    case TraceNode::Kind::fold: return "fold";
    case TraceNode::Kind::row: return "row";
    case TraceNode::Kind::table_row: return "table_row";
    case TraceNode::Kind::value: return "value";
    case TraceNode::Kind::ledger: return "ledger";
    case TraceNode::Kind::step: return "step";
    case TraceNode::Kind::entry: return "entry";
    case TraceNode::Kind::credit: return "credit";
    case TraceNode::Kind::timeline: return "timeline";
    case TraceNode::Kind::span: return "span";
    case TraceNode::Kind::shortening: return "shortening";
  }
  return "";
}

}  // namespace tiao
