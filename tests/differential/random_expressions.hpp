// Random expressions of a wanted type over what a program provides so far.
#pragma once

#include <vector>

#include "compiler/core/builder.hpp"
#include "tests/differential/random.hpp"

namespace tiao::differential {

// What is readable where an expression stands: the entity of the row in each slot.
using Slots = std::vector<EntityId>;

class Expressions {
 public:
  Expressions(core::Program& program, Random& random) : program_(program), random_(random), build_(program) {}

  core::ExprId make(Type type, const Slots& slots, unsigned depth);
  core::ExprId condition(const Slots& slots, unsigned depth) { return make(core::boolean_type(), slots, depth); }
  // A set of rows seen from slot 0, as flows, spans and targets want it; `only`: none, or what must come out.
  core::Source rows_from_owner(EntityId owner, EntityId only);
  bool random_source(const Slots& slots, unsigned depth, core::Source& source);
  core::Builder& builder() { return build_; }

  // Rows of these may be read, with all columns that are defined so far.
  std::vector<EntityId> entities;
  std::vector<std::uint32_t> ledgers, timelines;

 private:
  core::ExprId leaf(Type type, const Slots& slots);
  core::ExprId constant(Type type);
  core::ExprId ref_to_any(const Slots& slots, unsigned depth, EntityId& entity);
  core::ExprId column_of(Type type, const Slots& slots);
  core::ExprId truth(const Slots& slots, unsigned depth);
  core::ExprId comparison(const Slots& slots, unsigned depth);
  core::ExprId number(Type type, const Slots& slots, unsigned depth);
  core::ExprId date(const Slots& slots, unsigned depth);
  core::ExprId duration(const Slots& slots, unsigned depth);
  core::ExprId ratio(const Slots& slots, unsigned depth);
  core::ExprId choice(Type type, const Slots& slots, unsigned depth);
  core::ExprId table(Type type, const Slots& slots, unsigned depth);
  core::ExprId fold(core::FoldKind kind, Type value, const Slots& slots, unsigned depth);
  core::ExprId standing(core::FoldKind kind, const Slots& slots, unsigned depth);
  bool hop(EntityId from, core::Hop& hop);
  Type any_type();
  std::int64_t wide_number();

  core::Program& program_;
  Random& random_;
  core::Builder build_;
};

// A value that expressions like to meet: small, at a boundary, now and then a range, unknown or huge.
Cell random_cell(Random& random, const Schema& schema, Type type, bool facts);

}  // namespace tiao::differential
