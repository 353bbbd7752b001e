#include "compiler/driver/info.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "runtime/value/format.hpp"

namespace tiao::driver {
namespace {

using core::ExprId;
using core::Op;
using core::Program;

const core::Expr& at(const Program& program, ExprId id) { return program.exprs[id]; }
ExprId arg(const Program& program, ExprId id, std::uint32_t i) { return program.args[program.exprs[id].args + i]; }

// `at most 30% of m`: the percentage that stands as a constant in a product.
std::string share_of(const Program& program, ExprId id) {
  if (id == none) return {};
  const core::Expr& e = at(program, id);
  if (e.op == Op::round || e.op == Op::rescale) return share_of(program, arg(program, id, 0));
  if (e.op != Op::mul) return {};
  for (std::uint32_t i = 0; i < e.count; ++i) {
    const core::Expr& factor = at(program, arg(program, id, i));
    if (factor.op == Op::constant && factor.type.kind == Kind::percent) return format_percent(program.constants[factor.a].lo, factor.type.scale);
  }
  return {};
}

// The date column that an end waits for, behind whatever is added to it.
std::string event_of(const Program& program, ExprId id) {
  if (id == none) return {};
  const core::Expr& e = at(program, id);
  if (e.op == Op::column && e.type.kind == Kind::date) {
    const EntityId entity = at(program, arg(program, id, 0)).type.of;
    return program.schema.entities[entity].columns[e.a].id;
  }
  if (e.op == Op::shift || e.op == Op::shift_back || e.op == Op::shift_workdays) return event_of(program, arg(program, id, 0));
  if (e.op == Op::fold) return event_of(program, program.folds[e.a].value);
  return {};
}

program::ParamInfo param_info(const Program& program, const core::ParamRule& rule) {
  program::ParamInfo info{static_cast<program::ParamForm>(rule.form), rule.in_principle, {}, {}};
  if (rule.form == core::ParamForm::at_most) info.of = share_of(program, rule.hi);
  if (rule.form == core::ParamForm::at_least) info.of = share_of(program, rule.lo);
  if (rule.form == core::ParamForm::exact) info.event = event_of(program, rule.lo);
  return info;
}

// The items on which a ground rests: those that its own condition asks for, down to the smallest that have a condition.
class Vias {
 public:
  Vias(const Program& program, const core::Ground& ground) : program_(program), ground_(ground) {}

  std::vector<program::Via> all() {
    holds(ground_.own, none);
    return std::move(out_);
  }

 private:
  const core::Computed* own_condition(ExprId id, std::uint32_t& index) const {
    const core::Expr& e = at(program_, id);
    if (e.op != Op::column) return nullptr;
    const core::Expr& of = at(program_, arg(program_, id, 0));
    if (of.op != Op::row || of.a != 0 || of.type.of != ground_.scope) return nullptr;
    for (index = 0; index < program_.computed.size(); ++index) {
      const core::Computed& c = program_.computed[index];
      if (c.proposition && c.entity == ground_.scope && c.column == e.a) return &c;
    }
    return nullptr;
  }
  // Where this holds, so do all that it is joined of.
  void holds(ExprId id, std::uint32_t condition) {
    if (id == none) return;
    const core::Expr& e = at(program_, id);
    if (e.op == Op::and_) {
      for (std::uint32_t i = 0; i < e.count; ++i) holds(arg(program_, id, i), condition);
    } else {
      may_hold(id, condition);
    }
  }
  void may_hold(ExprId id, std::uint32_t condition) {
    const core::Expr& e = at(program_, id);
    std::uint32_t index = 0;
    if (const core::Computed* c = own_condition(id, index)) {
      if (c->node == ground_.cite) {
        const bool whole = at(program_, c->expr).op == Op::and_;
        holds(c->expr, whole ? index : condition);
      } else if (!parts(c->expr, condition)) {
        out_.push_back({condition, index, c->node});
      }
    } else if (e.op == Op::or_) {
      for (std::uint32_t i = 0; i < e.count; ++i) may_hold(arg(program_, id, i), condition);
    }
  }
  // An item that is nothing but the `or` of its own parts is cited by them.
  bool parts(ExprId id, std::uint32_t condition) {
    const core::Expr& e = at(program_, id);
    if (e.op != Op::or_) return false;
    std::uint32_t index = 0;
    for (std::uint32_t i = 0; i < e.count; ++i)
      if (own_condition(arg(program_, id, i), index) == nullptr) return false;
    for (std::uint32_t i = 0; i < e.count; ++i) may_hold(arg(program_, id, i), condition);
    return true;
  }

  const Program& program_;
  const core::Ground& ground_;
  std::vector<program::Via> out_;
};

program::GroundInfo ground_info(const Program& program, const core::Ground& ground) {
  program::GroundInfo info;
  info.remedy = ground.remedy;
  info.modality = static_cast<program::Modality>(ground.modality);
  info.in_principle = ground.in_principle;
  info.actor = ground.actor;
  info.cite = ground.cite;
  info.scope = ground.scope;
  info.on_own_row = core::on_own_row(program, ground);
  for (const core::ParamRule& rule : ground.params) info.params.push_back(param_info(program, rule));
  info.length = param_info(program, ground.length);
  info.from = param_info(program, ground.from);
  info.until = param_info(program, ground.until);
  info.alternative = ground.alternative;
  info.conventions = ground.conventions;
  info.via = Vias(program, ground).all();
  info.start_counted_by = ground.start_counted_by;
  info.end_counted_by = ground.end_counted_by;
  return info;
}

// Columns of the scope's own row that an expression reads.
void columns_of_row(const Program& program, ExprId id, std::vector<ColumnId>& out) {
  if (id == none) return;
  const core::Expr& e = at(program, id);
  if (e.op == Op::column) {
    const core::Expr& of = at(program, arg(program, id, 0));
    if (of.op == Op::row && of.a == 0) {
      const Column& column = program.schema.entities[of.type.of].columns[e.a];
      if (column.kind == ColumnKind::fact || column.kind == ColumnKind::finding || column.kind == ColumnKind::judgment) out.push_back(e.a);
    }
  }
  for (std::uint32_t i = 0; i < e.count; ++i) columns_of_row(program, arg(program, id, i), out);
  if (e.op != Op::fold) return;
  const core::Fold& fold = program.folds[e.a];
  for (const core::Source::Same& same : fold.source.same) columns_of_row(program, same.key, out);
  columns_of_row(program, fold.filter, out);
  columns_of_row(program, fold.value, out);
}

program::RequireInfo require_info(const Program& program, const core::Require& require) {
  program::RequireInfo info{require.cite, require.scope, require.message, {}};
  columns_of_row(program, require.condition, info.columns);
  std::sort(info.columns.begin(), info.columns.end());
  info.columns.erase(std::unique(info.columns.begin(), info.columns.end()), info.columns.end());
  return info;
}

bool is_head(const Node& node) { return node.address.ends_with("首段"); }

bool under(const Schema& schema, NodeId node, NodeId ancestor) {
  for (; node != none; node = schema.nodes[node].parent)
    if (node == ancestor) return true;
  return false;
}

// An item under a head that is not supplied, for which no rule says what follows.
void add_heads(const Program& program, program::ProgramInfo& info) {
  const Schema& schema = program.schema;
  for (NodeId head = 0; head < schema.nodes.size(); ++head) {
    if (schema.nodes[head].status != NodeStatus::elsewhere || !is_head(schema.nodes[head])) continue;
    const NodeId parent = schema.nodes[head].parent;
    for (const program::PropositionInfo& item : info.propositions) {
      if (item.node == parent || !under(schema, item.node, parent)) continue;
      const bool answered = std::any_of(program.grounds.begin(), program.grounds.end(), [&](const core::Ground& g) { return under(schema, g.cite, item.node); });
      if (!answered) info.heads.push_back({item.computed, item.entity, item.node, head, {}});
    }
  }
  for (const core::Missing& missing : program.missing)
    info.heads.push_back({missing.computed, program.computed[missing.computed].entity, missing.cite, none, missing.why});
}

}  // namespace

program::ProgramInfo info_of(const core::Program& program) {
  program::ProgramInfo info;
  info.hash = program.hash;
  for (const core::Ground& ground : program.grounds) info.grounds.push_back(ground_info(program, ground));
  for (const core::Duty& duty : program.duties) {
    program::DutyInfo d;
    d.cite = duty.cite;
    d.actor = duty.actor;
    d.scope = duty.scope;
    d.done_is_date = duty.done != none && at(program, duty.done).type.kind == Kind::date;
    d.has_due = duty.due != none;
    d.in_principle = duty.in_principle;
    d.breach_under = duty.breach_under;
    d.by_citation = duty.by_citation;
    d.counted_by = duty.counted_by;
    info.duties.push_back(d);
  }
  for (const core::Require& require : program.requires_) info.requires_.push_back(require_info(program, require));
  for (const core::Report& report : program.reports)
    info.reports.push_back({report.id, report.label, report.entity, at(program, report.expr).type, report.cite});
  for (std::uint32_t i = 0; i < program.computed.size(); ++i)
    if (program.computed[i].proposition) info.propositions.push_back({i, program.computed[i].entity, program.computed[i].node});
  add_heads(program, info);
  for (const core::Applicability& rule : program.applicabilities) info.applicabilities.push_back({rule.node, rule.entity});
  return info;
}

}  // namespace tiao::driver
