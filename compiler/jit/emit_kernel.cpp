// Whole functions: void kernel(context, begin, end), a loop over rows that leaves values in slots.
#include "compiler/jit/emitter.hpp"
#include "runtime/engine/kernels.hpp"
#include "runtime/verdict/results.hpp"

namespace tiao::jit {

using engine::ColumnPlane;
using plan::Kernel;
using plan::Output;

static_assert(offsetof(engine::KernelContext, slots) == 0 && offsetof(engine::KernelContext, as_of) == 8);

Emitter::Emitter(Ir& ir, const core::Program& program, const plan::Plan& plan, const engine::SlotLayout& layout)
    : ir(ir), program_(program), plan_(plan), layout_(layout), make_(ir), same_as_(core::find_same(program)) {}

void Emitter::begin_function(const Kernel& kernel) {
  IrType parameters[] = {ir.ptr, ir.i32, ir.i32};
  IrValue function = LLVMAddFunction(ir.module, kernel.name.c_str(), LLVMFunctionType(ir.nothing, parameters, 3, 0));
  make_.function = function;
  context_ = LLVMGetParam(function, 0);
  begin_ = LLVMGetParam(function, 1);
  end_ = LLVMGetParam(function, 2);
  frame_ = ir.block(function, "frame");
  setup_ = ir.block(function, "setup");
  prologue_ = ir.block(function, "prologue");
  in_prologue_ = false;
  slot_values_.clear();
  planes_.clear();
  rows_.clear();
  own_.clear();
  in_registers_.clear();
  definitions_weights_.clear();
  answered_.clear();
  for (const std::uint32_t r : kernel.ranks) answered_.emplace(same_as_[plan_.ranks[r].answers], r);
  scopes_.assign(1, Scope{});
  ir.at_end_of(prologue_);
  make_.scratch = in_frame(4 * Scalars::scratch_cells);
  defaults_ = in_frame(2);
  in_setup([&] {
    ir.store(ir.word(0), defaults_);
    ir.store(ir.word(1), ir.at(ir.i64, defaults_, ir.word(1)));
    slots_ = ir.load(ir.ptr, context_);
    as_of_ = ir.load(ir.i64, ir.at(ir.i64, context_, ir.word(1)));
    begin_ = ir.widen(begin_, ir.i64);
    end_ = ir.widen(end_, ir.i64);
    return 0;
  });
  const auto own = [&](std::uint32_t index) {
    const core::Computed& computed = program_.computed[index];
    const std::uint64_t column = static_cast<std::uint64_t>(computed.entity) << 32 | computed.column;
    own_[column] = computed.expr;
    return column;
  };
  for (const Output& out : kernel.outputs) {
    if (out.computed == none) continue;
    const std::uint64_t column = own(out.computed);
    if (!out.home.stored()) in_registers_[column] = program_.computed[out.computed].expr;
  }
  for (const plan::LentPlan& lent : plan_.lent) own(lent.computed);
}

void Emitter::end_function() {
  LLVMBuildRetVoid(ir.builder);
  ir.at_end_of(frame_);
  ir.jump(setup_);
  ir.at_end_of(setup_);
  // The first block of the prologue follows the setup.
  ir.jump(LLVMGetNextBasicBlock(setup_));
}

void Emitter::emit(const Kernel& kernel) {
  begin_function(kernel);
  IrBlock body = ir.block(make_.function, "begin");
  ir.at_end_of(body);
  scopes_.emplace_back();
  switch (kernel.over) {
    case Kernel::rows:
      if (kernel.words) word_loop(kernel);
      else row_loop(kernel);
      break;
    case Kernel::once: once(kernel); break;
    case Kernel::candidates: candidate_loop(kernel); break;
  }
  end_function();
  ir.at_end_of(prologue_);
  ir.jump(body);
}

void Emitter::counted_loop(IrValue begin, IrValue end, const std::function<void(IrValue)>& body) {
  IrBlock before = ir.here(), head = ir.block(make_.function, "head"), inside = ir.block(make_.function, "body"), after = ir.block(make_.function, "after");
  ir.jump(head);
  ir.at_end_of(head);
  IrValue i = ir.phi(ir.i64);
  Ir::incoming(i, begin, before);
  ir.branch(ir.less(i, end), inside, after);
  ir.at_end_of(inside);
  body(i);
  Ir::incoming(i, ir.add(i, ir.word(1)), ir.here());
  ir.jump(head);
  ir.at_end_of(after);
}

void Emitter::row_loop(const Kernel& kernel) {
  // Rows of a part lie anywhere: what the rows after next need is asked for in advance.
  constexpr std::int64_t ahead = 24;
  IrValue order = kernel.order != none ? slot(layout_.index(kernel.order, engine::IndexPlane::rows)) : nullptr;
  IrValue last = order ? ir.sub(end_, ir.word(1)) : nullptr;
  auto row_at = [&](IrValue position) { return ir.widen(ir.load_at(ir.i32, order, position), ir.i64); };
  counted_loop(begin_, end_, [&](IrValue position) {
    scopes_.emplace_back();
    IrValue row = order ? row_at(position) : position;
    if (order) {
      IrValue later = row_at(ir.least(ir.add(position, ir.word(ahead)), last));
      for (const ColumnId c : kernel.fetched) fetch(kernel.entity, c, later);
    }
    const std::uint32_t slot_of_row = kernel.slot == none ? 0 : kernel.slot;
    rows_[slot_of_row] = make_.ref(kernel.entity, row, row);
    const Value in = membership_of(kernel.entity, row);
    fold_together(kernel);
    write_outputs(kernel, row, &in);
    rows_.erase(slot_of_row);
    scopes_.pop_back();
  });
}

void Emitter::once(const Kernel& kernel) { write_outputs(kernel, ir.word(0), nullptr); }

void Emitter::candidate_loop(const Kernel& kernel) {
  counted_loop(begin_, end_, [&](IrValue owner) {
    scopes_.emplace_back();
    const Value owner_ref = make_.ref(kernel.entity, owner, owner);
    rows_[0] = owner_ref;
    const RowSet set = row_set(kernel.access, &owner_ref, {});
    counted_loop(ir.word(0), set.count, [&](IrValue position) {
      scopes_.emplace_back();
      const Candidate c = candidate(set, position);
      const Value row = make_.ref(set.entity, c.row, c.row);
      rows_[kernel.slot] = row;
      const Value in = make_.and_(c.in, same_keys(kernel.same, row));
      write_outputs(kernel, c.position, &in);
      rows_.erase(kernel.slot);
      scopes_.pop_back();
    });
    scopes_.pop_back();
  });
}

// --- Outputs

void Emitter::write_outputs(const Kernel& kernel, IrValue position, const Value* membership) {
  std::vector<Value> made(kernel.outputs.size());
  // A ground's or flow's own state: made before, by this kernel or by one that left its bits.
  auto stands = [&](std::uint32_t temporary) {
    for (std::size_t j = 0; j < made.size(); ++j)
      if (made[j].yes && kernel.outputs[j].home.temporary == temporary) return made[j];
    return bits_at([&](std::uint32_t part) { return slot(layout_.temporary(temporary + part)); }, position, nullptr, true, true);
  };
  for (std::size_t i = 0; i < kernel.outputs.size();) {
    const std::uint32_t guard = kernel.outputs[i].guard;
    if (guard == none) {
      const Output& out = kernel.outputs[i];
      if (!out.home.stored()) {   // lives in registers, where something asks for it
        ++i;
        continue;
      }
      if (out.kind == Output::duty) {
        IrValue state = duty_state(program_.duties[out.index], membership_of(rows_.at(0).entity, rows_.at(0).lo));
        ir.store_at(ir.i8, state, slot(layout_.temporary(out.home.temporary + plan::truth_bytes)), position);
      } else {
        made[i] = output_value(out, membership);
        write(out, made[i], position);
      }
      ++i;
      continue;
    }
    // What a ground or a flow says of rows that are out is never read.
    IrBlock inside = ir.block(make_.function, "stands"), join = ir.block(make_.function, "join");
    ir.branch(make_.may_be(stands(guard)), inside, join);
    ir.at_end_of(inside);
    scopes_.emplace_back();
    for (; i < kernel.outputs.size() && kernel.outputs[i].guard == guard; ++i)
      write(kernel.outputs[i], output_value(kernel.outputs[i], membership), position);
    scopes_.pop_back();
    ir.jump(join);
    ir.at_end_of(join);
  }
}

Value Emitter::output_value(const Output& output, const Value* membership) {
  auto own_membership = [&] { return membership ? *membership : membership_of(rows_.at(0).entity, rows_.at(0).lo); };
  switch (output.kind) {
    case Output::value: return eval(output.exprs[0]);
    case Output::conjunction: return all_of(output.membership ? own_membership() : make_.truth(Truth::yes), output.exprs);
    case Output::register_membership: {
      const EntityId parent = program_.schema.entities[rows_.at(0).entity].parent;
      Value in = make_.truth(Truth::yes);
      if (parent != none && plan_.rows[parent].out) in = membership_of(parent, parent_of(rows_.at(0)).lo);
      return all_of(in, output.exprs);
    }
    case Output::duty:     // not a value of the language, see write_outputs
    case Output::any_of:   // made in words
      break;
    case Output::violation: {
      const core::Require& require = program_.requires_[output.index];
      std::vector<core::ExprId> scope;
      for (core::ExprId e : {require.scope_filter, require.applicable})
        if (e != none) scope.push_back(e);
      const Value in = all_of(own_membership(), scope);
      return guarded(make_.may_be(in), in, [&] { return make_.and_(in, make_.not_(eval(require.condition))); });
    }
  }
  return {};
}

void Emitter::write_planes(const std::vector<IrValue>& planes, const Value& value, bool ranges, IrValue position) {
  ir.store_at(ir.i64, make_.lo_of(value), planes[0], position);
  if (value.kind == Kind::choice) return;
  if (ranges) ir.store_at(ir.i64, make_.hi_of(value), planes[1], position);
  if (value.kind != Kind::ratio) return;
  ir.store_at(ir.i64, make_.lo_den_of(value), planes[2], position);
  if (ranges) ir.store_at(ir.i64, make_.hi_den_of(value), planes[3], position);
}

void Emitter::write(const Output& output, const Value& value, IrValue position) {
  const plan::Home& home = output.home;
  auto temporary = [&](unsigned part) { return slot(layout_.temporary(home.temporary + part)); };
  auto column = [&](ColumnPlane p) { return slot(layout_.column(home.entity, home.column, p)); };
  if (value.kind == Kind::boolean) {
    IrValue byte = make_.byte_of(value);
    if (home.temporary != none) ir.store_at(ir.i8, byte, temporary(plan::truth_bytes), position);
    else if (home.column != none) ir.store_at(ir.i8, byte, column(ColumnPlane::bytes), position);
    return;
  }
  if (home.temporary != none) {
    std::vector<IrValue> planes;
    for (unsigned part = 0; part < plan::temporaries_of(value.kind); ++part) planes.push_back(temporary(part));
    write_planes(planes, value, output.ranges, position);
  }
  if (home.column == none) return;
  std::vector<IrValue> planes{column(ColumnPlane::lo)};
  if (value.kind != Kind::choice) planes.push_back(column(ColumnPlane::hi));
  if (value.kind == Kind::ratio) planes.insert(planes.end(), {column(ColumnPlane::lo_den), column(ColumnPlane::hi_den)});
  write_planes(planes, value, output.ranges, position);
}

// A DutyState, as a byte.
IrValue Emitter::duty_state(const core::Duty& duty, const Value& membership) {
  auto state = [&](DutyState s) { return ir.byte(static_cast<unsigned>(s)); };
  const Value there = duty.scope_filter == none ? membership : all_of(membership, {duty.scope_filter});
  std::vector<core::ExprId> terms;
  for (core::ExprId e : {duty.applicable, duty.when})
    if (e != none) terms.push_back(e);
  const Value due = all_of(there, terms);
  // From the last question to the first, each overriding what follows it.
  IrValue failed = ir.bit(false);
  std::vector<std::pair<IrValue, DutyState>> answers;
  for (auto [expr, s] : {std::pair{duty.fulfilled, DutyState::fulfilled}, std::pair{duty.breached, DutyState::breached},
                         std::pair{duty.pending, DutyState::pending}}) {
    if (expr == none) continue;
    const Value holds = eval(expr);
    failed = ir.or_(failed, holds.error);
    answers.emplace_back(holds.yes, s);
  }
  IrValue byte = ir.select(failed, state(DutyState::error), state(DutyState::undetermined));
  for (auto answer = answers.rbegin(); answer != answers.rend(); ++answer) byte = ir.select(answer->first, state(answer->second), byte);
  byte = ir.select(due.yes, byte, state(DutyState::undetermined));
  byte = ir.select(due.error, state(DutyState::error), byte);
  byte = ir.select(due.no, state(DutyState::not_applicable), byte);
  return ir.select(there.no, state(DutyState::not_there), byte);
}

}  // namespace tiao::jit
