// Stage machines: a column of the rows that move them says which moves each row opens, and a fold runs the machine over it.
#include <algorithm>

#include "compiler/check/checker.hpp"
#include "runtime/program/stages.hpp"

namespace tiao::check {

void Checker::declare_stages(std::uint32_t node, const syntax::Stages& written, Span span) {
  Stages stages{ast_, &written, node};
  const auto owner = written.of.given() ? entity_of_path(written.of) : std::optional<EntityId>(default_scope_);
  const auto rows = entity_of_path(written.on);
  if (!owner || *owner == none || !rows) return;
  stages.owner = *owner, stages.rows = *rows;
  bool under = false;   // the rows stand under the owner, so that each finds it
  for (EntityId e = *rows; e != none; e = schema_.entities[e].parent) under |= e == *owner;
  if (!under) { error(Code::no_rows_here, written.on.span, {schema_.entities[*rows].id}).hint = false; return; }
  if (written.states.size() > max_stage_states) { error(Code::too_many, span, {"states of " + written.name.id, std::to_string(max_stage_states)}); return; }
  if (written.moves.size() > max_stage_moves) { error(Code::too_many, span, {"moves of " + written.name.id, std::to_string(max_stage_moves)}); return; }
  // The state in which it starts is numbered first.
  std::vector<syntax::Name> states = written.states;
  const auto start = std::find_if(states.begin(), states.end(), [&](const auto& s) { return s.id == written.starts.text || s.label == written.starts.text; });
  if (start == states.end()) {
    std::vector<std::string> candidates;
    for (const auto& s : states) candidates.push_back(s.id), candidates.push_back(s.label);
    unknown(Code::unknown_value, written.starts.span, written.starts.text, candidates, {written.name.id});
    return;
  }
  std::rotate(states.begin(), start, start + 1);
  declare_enum(written.name.id + ".states", written.name.label, false, states, span);
  const auto enumeration = find_enum(written.name.id + ".states");
  if (!enumeration) return;
  stages.states = *enumeration;
  for (const std::string& name : {written.name.id, written.name.label})
    if (!name.empty() && (timelines_.count(name) || ledgers_.count(name) || !stage_names_.emplace(name, stages_.size()).second)) error(Code::name_twice, written.name.span, {name});
  stages_.push_back(stages);
}

ColumnId Checker::moves_of(std::size_t index, Span asked) {
  if (stages_[index].state == Stages::running) {
    error(Code::cyclic_definition, asked, {stages_[index].written->name.id + " → " + stages_[index].written->name.id});
    return none;
  }
  if (stages_[index].state == Stages::done) return stages_[index].column;
  stages_[index].state = Stages::running;
  const Stages& shape = stages_[index];
  const auto& written = *shape.written;
  const Aside aside(*this, shape.ast, shape.node);
  frames_ = {frame_of(shape.rows, written.alias.text)};

  const auto name_of = [&](const syntax::Ident& state) -> std::string {
    const auto value = enum_value(shape.states, state.text);
    if (!value) return {};
    const EnumValue& v = schema_.enums[shape.states].values[*value];
    return v.label.empty() ? v.id : v.label;
  };
  std::vector<ExprId> guards;
  std::vector<std::string> names;
  bool bad = false;
  for (const auto& move : written.moves) {
    for (const syntax::Ident* state : {&move.from, &move.to})
      if (!enum_value(shape.states, state->text)) {
        enum_constant(type_of(Kind::choice, shape.states), state->text, state->span, nullptr, true);
        bad = true;
      }
    guards.push_back(truth_value(move.when));
    bad |= guards.back() == none;
    names.push_back(name_of(move.from) + "→" + name_of(move.to));
  }
  if (!bad) {
    // One value for each set of moves that a row may open.
    Enum kinds;
    kinds.id = "§moves:" + written.name.id;
    for (std::uint32_t set = 0; set < 1u << guards.size(); ++set) {
      std::string text;
      for (std::size_t k = 0; k < guards.size(); ++k)
        if (set >> k & 1) text += (text.empty() ? "" : "、") + names[k];
      kinds.values.push_back({"moves" + std::to_string(set), text.empty() ? "—" : text});
    }
    schema_.enums.push_back(std::move(kinds));
    const Type type = type_of(Kind::choice, static_cast<std::uint32_t>(schema_.enums.size() - 1));
    const auto choose = [&](const auto& self, std::size_t k, std::uint32_t set) -> ExprId {
      if (k == guards.size()) return constant(choice_of(std::uint64_t{1} << set), type);
      const ExprId open = self(self, k + 1, set | 1u << k), shut = self(self, k + 1, set);
      return emit(Op::select, type, none, {guards[k], open, shut});
    };
    const ExprId expr = choose(choose, 0, 0);
    Column c;
    c.id = written.name.id + ".moves", c.label = written.name.label.empty() ? "" : written.name.label + "变动", c.kind = ColumnKind::computed, c.type = type;
    schema_.entities[shape.rows].columns.push_back(c);
    stages_[index].column = static_cast<ColumnId>(schema_.entities[shape.rows].columns.size() - 1);
    program_.computed.push_back({shape.rows, stages_[index].column, expr, shape.node, false});
  }
  stages_[index].state = Stages::done;
  return stages_[index].column;
}

Val Checker::stage_at(std::size_t index, ExprId owner, ExprId day, const syntax::Expr& written) {
  const ColumnId moves = moves_of(index, written.span);
  if (moves == none) return {};
  const Stages& shape = stages_[index];
  core::Fold fold;
  fold.kind = core::FoldKind::stages;
  fold.source.start = owner, fold.source.entity = shape.rows;
  for (EntityId e = shape.rows; e != shape.owner; e = schema_.entities[e].parent) fold.source.hops.insert(fold.source.hops.begin(), {core::Hop::children, e, none});
  fold.slot = ++slots_;
  const ExprId self = row(fold.slot, shape.rows);
  const ColumnId dated = schema_.entities[shape.rows].dated_column;
  if (dated != none && program_.exprs[day].op != Op::as_of) fold.filter = compare(core::CmpOp::at_most, column(self, dated), day);   // as-of has cut the rows already
  fold.value = column(self, moves);
  --slots_;
  StageMoves packed;
  for (unsigned k = 0; k < shape.written->moves.size(); ++k)
    packed.set(k, *enum_value(shape.states, shape.written->moves[k].from.text), *enum_value(shape.states, shape.written->moves[k].to.text));
  fold.n = packed.packed;
  const Type type = type_of(Kind::choice, shape.states);
  program_.folds.push_back(fold);
  return {emit(Op::fold, type, static_cast<std::uint32_t>(program_.folds.size() - 1), {}, &written), type};
}

}  // namespace tiao::check
