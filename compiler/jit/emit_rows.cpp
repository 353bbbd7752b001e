// Slots, and the rows that folds and candidate kernels look at.
#include "compiler/jit/emitter.hpp"

namespace tiao::jit {

using core::ExprId;
using engine::EntityPlane;
using engine::IndexPlane;
using plan::Access;

// Defaults in the frame: eight zero bytes, then a byte `yes`.
IrValue Emitter::in_frame(std::size_t words) {
  IrBlock back = ir.here();
  ir.at_end_of(frame_);
  IrValue room = LLVMBuildArrayAlloca(ir.builder, ir.i64, ir.word(static_cast<std::int64_t>(words)), "");
  ir.at_end_of(back);
  return room;
}

IrValue Emitter::slot(std::uint32_t number) {
  IrValue& pointer = slot_values_[number];
  if (!pointer) pointer = in_setup([&] { return ir.load_at(ir.ptr, slots_, ir.word(number)); });
  return pointer;
}

Emitter::Plane Emitter::optional(std::uint32_t number, bool yes) {
  const std::uint32_t key = number * 2 + (yes ? 1 : 0);
  if (const auto there = planes_.find(key); there != planes_.end()) return there->second;
  IrValue pointer = slot(number);
  Plane plane = in_setup([&] {
    IrValue absent = ir.equal(pointer, ir.null());
    IrValue instead = yes ? ir.at(ir.i8, defaults_, ir.word(8)) : defaults_;
    return Plane{ir.select(absent, instead, pointer), ir.select(absent, ir.word(0), ir.word(-1))};
  });
  planes_.emplace(key, plane);
  return plane;
}

IrValue Emitter::byte_at(const Plane& plane, IrValue index) { return ir.load_at(ir.i8, plane.base, ir.bits_and(index, plane.stride)); }

IrValue Emitter::load_if(IrType type, IrValue base, IrValue index, IrValue valid) {
  if (!valid) return ir.load_at(type, base, index);
  return ir.load(type, ir.select(valid, ir.at(type, base, index), defaults_));
}

Value Emitter::membership_of(EntityId entity, IrValue row) {
  const plan::RowFacts& facts = plan_.rows[entity];
  if (!facts.out) return make_.truth(Truth::yes);
  return make_.truth_of_byte(byte_at(optional(layout_.entity(entity, EntityPlane::membership), true), row), facts.fails, facts.unknown);
}

// Bit 0: yes; bit 1: a ref on the way is in error, which is stronger.
Value Emitter::openness(std::uint32_t number, IrValue key, IrValue valid) {
  const Plane plane = optional(number, false);
  IrValue index = valid ? ir.select(valid, key, ir.word(0)) : key;
  // Behind a plane that is there the key may still be none: its first byte is then read for nothing, if there is one.
  IrValue address = ir.at(ir.i8, plane.base, ir.bits_and(index, plane.stride));
  if (valid) address = ir.select(valid, address, defaults_);
  IrValue byte = ir.load(ir.i8, address);
  Value open;
  open.yes = ir.equal(byte, ir.byte(1));
  open.error = ir.below(ir.byte(1), byte);
  open.no = ir.equal(byte, ir.byte(0));
  return open;
}

void Emitter::listed(RowSet& set, std::uint32_t offsets, IrValue key, IrValue valid) {
  // An entity of which nothing was supplied has no offsets: its one default element is 0.
  const Plane plane = optional(offsets, false);
  auto at = [&](IrValue index) {
    IrValue address = ir.at(ir.i32, plane.base, ir.bits_and(index, plane.stride));
    if (valid) address = ir.select(valid, address, defaults_);
    return ir.widen(ir.load(ir.i32, address), ir.i64);
  };
  set.first = at(key);
  set.count = ir.sub(at(ir.add(key, ir.word(1))), set.first);
}

Emitter::RowSet Emitter::row_set(const Access& access, const Value* start, const std::vector<core::Source::Same>& same) {
  RowSet set;
  set.entity = access.entity;
  IrValue key = ir.word(0), valid = nullptr;
  set.open = make_.truth(Truth::no);
  if (start) {
    key = start->lo;
    if (!start->always_known() || Scalars::fails(*start)) {
      valid = make_.known(*start);
      // A start that is not known names no row and leaves the set open.
      set.open.no = valid;
      set.open.error = start->error;
      set.open.yes = ir.and_(ir.not_(valid), ir.not_(start->error));
    }
  }
  const plan::RowFacts& facts = access.facts;
  set.facts = facts;
  auto also_open = [&](const std::function<Value()>& open) {
    if (facts.open || facts.fails) set.open = make_.or_(set.open, open());
  };
  auto index_slot = [&](IndexPlane p) { return layout_.index(access.index, p); };
  switch (access.kind) {
    case Access::whole:
      set.first = ir.word(0);
      set.count = ir.widen(in_setup([&, rows = slot(layout_.entity(access.entity, EntityPlane::rows))] { return ir.load(ir.i32, rows); }), ir.i64);
      break;
    case Access::partition: partition(set, access, same); break;
    case Access::itself:
      set.first = key;
      set.count = valid ? ir.widen(valid, ir.i64) : ir.word(1);
      break;
    case Access::children:
      listed(set, layout_.entity(access.entity, EntityPlane::offsets), key, valid);
      also_open([&] { return openness(layout_.entity(access.entity, EntityPlane::open), key, valid); });
      break;
    case Access::members:
      listed(set, layout_.entity(access.from, EntityPlane::member_offsets), key, valid);
      set.rows = slot(layout_.entity(access.from, EntityPlane::members));
      if (facts.unknown || facts.fails) set.way = optional(layout_.entity(access.from, EntityPlane::member_way), true);
      // Rows that we do not know may belong to any group of their parent.
      if (program_.schema.entities[access.from].parent != none)
        also_open([&] { return openness(layout_.entity(access.from, EntityPlane::open), parent_of(*start).lo, valid); });
      break;
    case Access::linked:
      listed(set, index_slot(IndexPlane::offsets), key, valid);
      set.rows = slot(index_slot(IndexPlane::rows));
      if (!access.keys_known) {
        set.known_count = set.count;
        set.unknown_rows = slot(index_slot(IndexPlane::unknown_rows));
        IrValue others = ir.widen(in_setup([&, n = slot(index_slot(IndexPlane::unknown_count))] { return ir.load(ir.i32, n); }), ir.i64);
        if (valid) others = ir.select(valid, others, ir.word(0));
        set.count = ir.add(set.count, others);
      }
      also_open([&] { return openness(index_slot(IndexPlane::open), key, valid); });
      break;
    case Access::path:
    case Access::whole_path:
      listed(set, index_slot(IndexPlane::offsets), key, valid);
      set.rows = slot(index_slot(IndexPlane::rows));
      // Ways that are out are not listed.
      if (facts.unknown || facts.fails) set.way = optional(index_slot(IndexPlane::way), true);
      set.way_is_all = true;
      also_open([&] { return openness(index_slot(IndexPlane::open), key, valid); });
      break;
  }
  if (access.kind == Access::whole || access.kind == Access::partition) {
    also_open([&] {
      IrValue open = slot(layout_.entity(access.population, EntityPlane::population_open));
      return make_.decided(in_setup([&] { return ir.differ(ir.load(ir.i8, open), ir.byte(0)); }));
    });
  }
  return set;
}

// Rows with the same known key, and those whose own key is not known; all rows where this row's key is not known.
void Emitter::partition(RowSet& set, const Access& access, const std::vector<core::Source::Same>& same) {
  auto index_slot = [&](IndexPlane p) { return slot(layout_.index(access.index, p)); };
  auto count_in = [&](IrValue address) { return ir.widen(in_setup([&] { return ir.load(ir.i32, address); }), ir.i64); };
  IrValue all = count_in(slot(layout_.entity(access.entity, EntityPlane::rows)));
  IrValue unknown_count = access.keys_known ? ir.word(0) : count_in(index_slot(IndexPlane::unknown_count));
  IrValue keyed = ir.bit(true), part = nullptr;
  // The row whose key is asked for has its part written down.
  if (access.own_key) {
    const Value row = eval(arg(program_.exprs[same[0].key], 0));
    part = ir.load_at(ir.i32, index_slot(IndexPlane::part_of), row.lo);
    if (!access.keys_known) keyed = ir.differ(part, ir.constant(ir.i32, none));
  } else {
    IrValue tuple = in_frame(same.size());
    for (std::size_t i = 0; i < same.size(); ++i) {
      const Value key = eval(same[i].key);
      keyed = ir.and_(keyed, make_.known(key));
      ir.store_at(ir.i64, make_.lo_of(key), tuple, ir.word(static_cast<std::int64_t>(i)));
    }
    IrValue find = make_.declare("tiao_partition_find", {ir.ptr, ir.i32, ir.ptr}, ir.i32, false);
    part = ir.call(LLVMGlobalGetValueType(find), find, {context_, make_.half(access.index), tuple});
  }
  IrValue found = access.own_key && access.keys_known ? nullptr : ir.and_(keyed, ir.differ(part, ir.constant(ir.i32, none)));
  RowSet matched;
  listed(matched, layout_.index(access.index, IndexPlane::offsets), ir.widen(part, ir.i64), found);
  set.rows = index_slot(IndexPlane::rows);
  set.by_key = true;
  if (!access.keys_known) set.unknown_rows = index_slot(IndexPlane::unknown_rows);
  if (!Ir::is_bit(keyed, true)) set.identity = ir.not_(keyed);
  set.keys_equal = access.keys_known && Ir::is_bit(keyed, true);
  set.first = ir.select(keyed, matched.first, ir.word(0));
  if (!access.keys_known) set.known_count = ir.select(keyed, matched.count, all);
  set.count = ir.select(keyed, access.keys_known ? matched.count : ir.add(matched.count, unknown_count), all);
}

Emitter::Candidate Emitter::candidate(const RowSet& set, IrValue position) {
  Candidate c;
  c.position = ir.add(set.first, position);
  IrValue other = set.known_count ? ir.not_(ir.less(position, set.known_count)) : ir.bit(false);
  if (!set.rows) {
    c.row = c.position;
  } else {
    IrValue address = ir.at(ir.i32, set.rows, c.position);
    if (set.known_count) address = ir.select(other, ir.at(ir.i32, set.unknown_rows, ir.sub(position, set.known_count)), address);
    if (set.identity) address = ir.select(set.identity, defaults_, address);
    c.row = ir.widen(ir.load(ir.i32, address), ir.i64);
    if (set.identity) c.row = ir.select(set.identity, c.position, c.row);
  }
  c.in = set.way_is_all ? make_.truth(Truth::yes) : membership_of(set.entity, c.row);
  if (set.way.base) c.in = make_.and_(c.in, make_.truth_of_byte(byte_at(set.way, c.position), set.facts.fails));
  // A row whose link is not known may be linked; one whose key is not known shows that in the comparison of keys.
  if (set.known_count && !set.by_key) {
    Value maybe = make_.decided(ir.bit(true));
    maybe.yes = ir.not_(other);
    maybe.no = ir.bit(false);
    maybe.decided = false;
    c.in = make_.and_(c.in, maybe);
  }
  return c;
}

Value Emitter::same_keys(const std::vector<core::Source::Same>& same, const Value& row) {
  Value all = make_.truth(Truth::yes);
  for (const auto& s : same) all = make_.and_(all, make_.compare(core::CmpOp::is, column(row, false, s.column), eval(s.key)));
  return all;
}

}  // namespace tiao::jit
