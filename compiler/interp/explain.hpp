// The tree of an explanation: what was written, what it came to, and what lies beneath, down to facts, rows and days.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/interp/machine.hpp"
#include "runtime/verdict/evidence.hpp"

namespace tiao::interp {

class Explainer {
 public:
  explicit Explainer(Machine& machine) : m_(machine) {}

  TraceNode ground(std::uint32_t ground, std::uint32_t scope_row);
  TraceNode remedy(RemedyId remedy, std::uint32_t row);
  TraceNode report(std::uint32_t report, std::uint32_t row);
  TraceNode duty(std::uint32_t duty, std::uint32_t row);
  TraceNode expression(ExprId expr, std::uint32_t row);
  TraceNode ledger(std::uint32_t ledger, std::uint32_t owner);
  TraceNode timeline(std::uint32_t timeline, std::uint32_t owner);

 private:
  using Nodes = std::vector<TraceNode>;

  std::string shown(const Type& type, const Cell& c) const;
  TraceNode line(TraceNode::Kind kind, std::string text, const Type& type, const Cell& c) const;
  TraceNode truth_line(TraceNode::Kind kind, std::string text, Truth t) const { return line(kind, std::move(text), Type{}, of(t)); }
  // An expression that was written somewhere is a line of its own; what the compiler put in is passed through.
  void expr(ExprId expr, Frame frame, Nodes& out, bool decisive = true);
  void operands(const core::Expr& e, Frame frame, Nodes& out);
  void junction(const core::Expr& e, Frame frame, Nodes& out);
  void table(const core::Expr& e, Frame frame, Nodes& out);
  void column(const core::Expr& e, Frame frame, Nodes& out, bool decisive);
  void definition(std::uint32_t index, std::uint32_t row, TraceNode& node);
  void remedy_row(EntityId entity, std::uint32_t row, Nodes& out);
  void fold(const core::Fold& fold, Frame frame, Nodes& out);
  void named(const char* name, ExprId expr, Frame frame, Nodes& out);
  void rule(const std::string& name, const core::ParamRule& rule, Frame frame, Nodes& out);
  TraceNode posting(const core::Ledger& ledger, const Posting& p, std::uint32_t owner);
  NodeId place(const core::Expr& e) const { return e.origin == none ? none : m_.program.origins[e.origin].node; }

  Machine& m_;
  // Definitions, grounds, ledgers and timelines that were spelled out further up in this explanation.
  std::set<std::pair<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>>> told_;
  bool first_telling(std::uint32_t kind, std::uint32_t a, std::uint32_t b) { return told_.insert({kind, {a, b}}).second; }
};

}  // namespace tiao::interp
