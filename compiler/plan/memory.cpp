#include "compiler/plan/memory.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "runtime/value/bit_pairs.hpp"

namespace tiao::plan {
namespace {

constexpr std::size_t word = 8, row_number = 4;

// What lives, and the most that ever did.
class Reckoning {
 public:
  Reckoning(const Plan& plan, const core::Program& program, const std::vector<std::uint64_t>& rows)
      : plan_(plan), program_(program), schema_(program.schema), rows_(rows) {}

  Footprint run() {
    std::size_t stage = 0;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      while (stage < plan_.stage_starts.size() && plan_.stage_starts[stage] == i) ++stage;
      in_part_ = plan_.parts.root != none && i >= plan_.parts.first && i < plan_.parts.end;
      step(plan_.steps[i]);
      if (now_ > most_.bytes) most_ = {now_, stage == 0 ? 0 : stage - 1};
    }
    return most_;
  }

 private:
  enum class What : std::uint8_t { temporary, column, parents, members, table, index };
  using Key = std::pair<What, std::uint64_t>;
  static Key column_key(EntityId e, ColumnId c) { return {What::column, std::uint64_t{e} << 32 | c}; }

  std::size_t rows(EntityId e) const {
    if (e == none) return 1;
    if (!in_part_ || !plan_.parts.own[e]) return static_cast<std::size_t>(rows_[e]);
    const std::uint64_t all = std::max<std::uint64_t>(rows_[plan_.parts.root], 1);
    return static_cast<std::size_t>(rows_[e] * std::min<std::uint64_t>(rows_of_part(plan_.parts, schema_, rows_), all) / all);
  }
  void hold(Key key, std::size_t bytes) {
    std::size_t& held = held_[key];
    now_ += bytes;
    held += bytes;
  }
  void release(Key key) {
    const auto at = held_.find(key);
    if (at == held_.end()) return;
    now_ -= at->second;
    held_.erase(at);
  }

  static std::size_t of_cells(Kind kind, bool ranges, std::size_t rows) {
    switch (kind) {
      case Kind::boolean: return 2 * ((rows + 63) / 64) * word;
      case Kind::choice: return rows * word;
      case Kind::ratio: return rows * 4 * word;
      default: return rows * (ranges ? 2 : 1) * word;
    }
  }

  void kernel(const Kernel& k) {
    // Of candidates there are as many as rows at the end of the way, or one for each row at its start.
    const std::size_t n = k.over == Kernel::once ? 1 : k.over == Kernel::rows ? rows(k.entity) : std::max(rows(k.entity), rows(k.access.entity));
    for (const Output& out : k.outputs) {
      if (!out.home.stored() || out.passing) continue;
      std::size_t bytes = of_cells(out.type.kind, out.ranges, n);
      if (out.type.kind == Kind::boolean && !k.words && !k.by_stretch()) bytes += n;   // a byte a row, before it is bits
      hold(out.home.column != none ? column_key(out.home.entity, out.home.column) : Key{What::temporary, out.home.temporary}, bytes);
    }
  }

  void table(EntityId e) {
    if (e == none) return;
    std::size_t bytes = rows(e) * 2 * row_number;
    for (const Column& c : schema_.entities[e].columns)
      if (c.kind == ColumnKind::computed) bytes += of_cells(c.type.kind, true, rows(e));
    hold({What::table, e}, bytes);
  }

  void index(std::uint32_t i) {
    const IndexSpec& spec = plan_.indexes[i];
    const std::size_t keys = rows(spec.entity);
    std::size_t entries = keys, starts = keys + 1;
    if (spec.kind == IndexSpec::path && !spec.hops.empty()) entries = std::max(keys, rows(spec.hops.back().entity));
    if (spec.kind == IndexSpec::reverse) starts = rows(schema_.entities[spec.entity].columns[spec.columns[0]].type.of) + 1;
    hold({What::index, i}, (starts + entries) * row_number + (spec.kind == IndexSpec::partition ? entries * row_number : 0));
  }

  void step(const Step& s) {
    switch (s.kind) {
      case Step::parents: hold({What::parents, s.a}, rows(s.a) * row_number); break;
      case Step::membership: kernel(plan_.kernels[s.a]); break;
      case Step::index: index(s.a); break;
      case Step::kernel: kernel(plan_.kernels[s.a]); break;
      case Step::group: table(program_.groups[s.a].entity); break;
      case Step::ledger:
        table(program_.ledgers[s.a].steps);
        table(program_.ledgers[s.a].cycles);
        break;
      case Step::timeline: table(program_.timelines[s.a].spans); break;
      case Step::join: table(program_.joins[s.a].entity); break;
      case Step::remedy: table(schema_.remedies[s.a].rows); break;
      case Step::release_column: release(column_key(s.a, s.b)); break;
      case Step::release_members: release({What::members, s.a}); break;
      case Step::release_parents: release({What::parents, s.a}); break;
      case Step::release_entity: release({What::table, s.a}); break;
      case Step::release_index: release({What::index, s.a}); break;
      case Step::release_temporary: release({What::temporary, s.a}); break;
      case Step::ranking:
      case Step::rank:
      case Step::duty:
      case Step::require:
      case Step::report:
      case Step::applicability:
      case Step::proposition:
      case Step::release_fold: break;
    }
  }

  const Plan& plan_;
  const core::Program& program_;
  const Schema& schema_;
  const std::vector<std::uint64_t>& rows_;
  std::map<Key, std::size_t> held_;
  std::size_t now_ = 0;
  bool in_part_ = false;
  Footprint most_;
};

}  // namespace

std::vector<std::uint64_t> expected_rows(const Schema& schema, const std::vector<std::uint64_t>& of_registers) {
  std::vector<std::uint64_t> out(schema.entities.size(), 1);
  for (EntityId e = 0; e < out.size(); ++e) {
    EntityId of = e;
    while (of != none && schema.entities[of].origin != EntityOrigin::register_) of = schema.entities[of].parent;
    if (of != none) out[e] = of_registers[of];
  }
  return out;
}

std::uint32_t rows_of_part(const PartsPlan& parts, const Schema& schema, const std::vector<std::uint64_t>& rows) {
  std::uint64_t tree = 0;
  for (EntityId e = 0; e < rows.size(); ++e)
    if (parts.own[e] && schema.entities[e].origin == EntityOrigin::register_) tree += rows[e];
  constexpr std::uint64_t line = BitPairs::word_rows * BitPairs::block_words, kept = std::uint64_t{1} << 14;
  const std::uint64_t wanted = tree == 0 ? line : rows[parts.root] * kept / tree;
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>((wanted + line - 1) / line * line, line, kept));
}

Footprint expected_memory(const Plan& plan, const core::Program& program, const std::vector<std::uint64_t>& rows) { return Reckoning(plan, program, rows).run(); }

}  // namespace tiao::plan
