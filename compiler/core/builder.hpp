// Appends expressions to a program and works out their types, so that whoever makes core by hand or in a pass writes only what
// he means. Only `true` and `false` are folded: everything else is the engines' business.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/core/core.hpp"

namespace tiao::core {

constexpr Type boolean_type() { return {Kind::boolean, 0, none}; }
constexpr Type integer_type(std::uint32_t unit = none) { return {Kind::integer, 0, unit}; }
constexpr Type date_type() { return {Kind::date, 0, none}; }
constexpr Type duration_type() { return {Kind::duration, 0, none}; }
constexpr Type ratio_type() { return {Kind::ratio, 0, none}; }
constexpr Type text_type() { return {Kind::text, 0, none}; }
constexpr Type ref_type(EntityId entity) { return {Kind::ref, 0, entity}; }
constexpr Type choice_type(std::uint32_t enumeration) { return {Kind::choice, 0, enumeration}; }

/// Writes expressions into one program. Every method returns the id of the new expression.
class Builder {
 public:
  explicit Builder(Program& program) : program_(program) {}

  // What is appended from now on was written there.
  void written(NodeId node, std::string text, std::string file = {}, std::uint32_t line = 0);
  void unwritten() { origin_ = none; }

  ExprId constant(Cell value, Type type);
  ExprId truth(Truth value) { return constant(of(value), boolean_type()); }
  ExprId truth(bool value) { return truth(tiao::truth(value)); }
  ExprId integer(std::int64_t value, std::uint32_t unit = none) { return constant(known(value), integer_type(unit)); }
  ExprId date(std::int64_t day) { return constant(known(day), date_type()); }
  ExprId duration(std::int64_t months, std::int64_t days) { return constant(known(months * month_unit + days), duration_type()); }
  ExprId choice(std::uint32_t enumeration, std::uint32_t value) { return constant(choice_of(std::uint64_t{1} << value), choice_type(enumeration)); }
  ExprId unknown(Type type);                                // without bounds
  ExprId unknown(Type type, std::int64_t lo, std::int64_t hi) { return constant(between(lo, hi), type); }

  ExprId parameter(std::uint32_t parameter);
  ExprId is_set(std::uint32_t parameter) { return append(Op::is_set, boolean_type(), parameter, {}); }
  ExprId as_of() { return append(Op::as_of, date_type(), none, {}); }
  ExprId row(std::uint32_t slot, EntityId entity) { return append(Op::row, ref_type(entity), slot, {}); }
  ExprId parent(ExprId ref);
  ExprId column(ExprId ref, ColumnId column);
  ExprId column(ExprId ref, const std::string& name);       // by id or label; none when the entity has no such column
  ExprId remap(ExprId choice, std::uint32_t remap, std::uint32_t enumeration) { return append(Op::remap, choice_type(enumeration), remap, {choice}); }

  ExprId not_(ExprId a);
  ExprId conflict(ExprId a, NodeId with = none);
  ExprId and_(const std::vector<ExprId>& terms);            // flat; of nothing: true
  ExprId or_(const std::vector<ExprId>& terms);             // flat; of nothing: false
  ExprId compare(CmpOp op, ExprId a, ExprId b) { return append(Op::compare, boolean_type(), static_cast<std::uint32_t>(op), {a, b}); }
  ExprId select(ExprId condition, ExprId then, ExprId otherwise);

  ExprId add(ExprId a, ExprId b) { return append(Op::add, type(a), none, {a, b}); }
  ExprId sub(ExprId a, ExprId b) { return append(Op::sub, type(a), none, {a, b}); }
  ExprId mul(ExprId a, ExprId b);                           // scales add up, a percent factor brings two places
  ExprId neg(ExprId a) { return append(Op::neg, type(a), none, {a}); }
  ExprId least(const std::vector<ExprId>& of) { return append(Op::least, type(of[0]), none, of); }
  ExprId greatest(const std::vector<ExprId>& of) { return append(Op::greatest, type(of[0]), none, of); }
  ExprId rescale(ExprId a, std::uint8_t scale);
  ExprId round(ExprId a, Type to, Rounding how) { return append(Op::round, to, static_cast<std::uint32_t>(how), {a}); }
  ExprId ratio(ExprId numerator, ExprId denominator, ExprId if_none = none);
  ExprId as_ratio(ExprId percent) { return append(Op::as_ratio, ratio_type(), none, {percent}); }

  ExprId shift(ExprId date, ExprId by) { return append(Op::shift, date_type(), none, {date, by}); }
  ExprId shift_back(ExprId date, ExprId by) { return append(Op::shift_back, date_type(), none, {date, by}); }
  ExprId shift_workdays(ExprId date, ExprId by, std::uint32_t calendar) { return append(Op::shift_workdays, date_type(), calendar, {date, by}); }
  ExprId difference(ExprId a, ExprId b) { return append(Op::difference, duration_type(), none, {a, b}); }
  // year, month, day: an integer; year_start … month_end: a date.
  ExprId calendar_part(Op op, ExprId date);
  ExprId age(ExprId born, ExprId at) { return append(Op::age, integer_type(), none, {born, at}); }

  using Row = std::pair<ExprId, ExprId>;                    // condition, output
  ExprId table(HitPolicy policy, const std::vector<Row>& rows, ExprId otherwise = none);
  ExprId fold(Fold fold);
  /// Where a machine stands after the rows; `states`: the enum of its states.
  ExprId stages(Fold fold, std::uint32_t states);
  ExprId state_at(std::uint32_t timeline, ExprId owner, ExprId date);
  ExprId balance_at(std::uint32_t ledger, ExprId owner, ExprId date);

  const Type& type(ExprId e) const { return program_.exprs[e].type; }
  ExprId append(Op op, Type type, std::uint32_t a, const std::vector<ExprId>& args);

 private:
  // The value of a `true` or `false` constant, else unknown.
  Truth constant_truth(ExprId e) const;
  ExprId junction(Op op, Truth absorbing, const std::vector<ExprId>& terms);

  Program& program_;
  std::uint32_t origin_ = none;
};

// Rows of a set, in the order in which it is written: from a row, or the whole of an entity.
Source rows_from(ExprId start, EntityId start_entity, std::vector<Hop> hops = {});
Source whole_of(EntityId entity, std::vector<Hop> hops = {});
inline Hop children_of(EntityId entity) { return {Hop::children, entity, none}; }
inline Hop linked_by(EntityId entity, ColumnId column) { return {Hop::linked, entity, column}; }
inline Hop follow_to(EntityId entity, ColumnId column) { return {Hop::follow, entity, column}; }
inline Hop parent_in(EntityId entity) { return {Hop::parent, entity, none}; }
inline Hop members_in(EntityId entity) { return {Hop::members, entity, none}; }

}  // namespace tiao::core
