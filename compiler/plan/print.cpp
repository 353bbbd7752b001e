// The plan as text: stages, what each kernel computes, and what it costs.
#include <algorithm>

#include "compiler/plan/plan.hpp"

namespace tiao::plan {
namespace {

class Printer {
 public:
  Printer(const Plan& plan, const core::Program& program) : plan_(plan), program_(program), schema_(program.schema) {}

  std::string text() {
    std::size_t stage = 0;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      while (stage < plan_.stage_starts.size() && plan_.stage_starts[stage] == i) out_ += heading(stage++) + '\n';
      step(plan_.steps[i]);
    }
    totals();
    return std::move(out_);
  }

 private:
  std::string name(EntityId e) const { return e == none ? "run" : schema_.entities[e].id; }
  std::string name(EntityId e, ColumnId c) const { return name(e) + '.' + schema_.entities[e].columns[c].id; }
  void line(const std::string& text) { out_ += "  " + text + '\n'; }

  // Kept of a row until the last step that reads it.
  static std::size_t bits(const Kernel& kernel, const Output& output) {
    if (!output.home.stored() || (output.passing && !output.result)) return 0;
    switch (output.type.kind) {
      case Kind::boolean: return kernel.over == Kernel::rows ? 2 : 8;
      case Kind::choice: return 64;
      case Kind::ratio: return 256;
      default: return 128;
    }
  }
  static std::string bytes(std::size_t bits) {
    constexpr const char* parts[] = {"", ".25", ".5", ".75"};   // there are no odd numbers of bits
    return std::to_string(bits / 8) + parts[bits % 8 / 2];
  }

  std::string way(const Access& access) const {
    switch (access.kind) {
      case Access::whole: return "all rows";
      case Access::partition: return "partition #" + std::to_string(access.index);
      case Access::itself: return "the row itself";
      case Access::children: return "children";
      case Access::members: return "members";
      case Access::linked: return "reverse link #" + std::to_string(access.index);
      case Access::path:
      case Access::whole_path: return "path #" + std::to_string(access.index);
    }
    return {};
  }

  void kernel(std::uint32_t k) {
    const Kernel& kernel = plan_.kernels[k];
    std::size_t size = 0;
    for (const Output& output : kernel.outputs) size += bits(kernel, output);
    std::string head = "kernel " + kernel.name + " over " + name(kernel.entity);
    if (kernel.over == Kernel::candidates) head += " to " + name(kernel.access.entity) + " by " + way(kernel.access);
    if (kernel.order != none) head += " part by part of #" + std::to_string(kernel.order);
    line(head + ": " + std::to_string(kernel.outputs.size()) + " values, " + bytes(size) + " bytes a row, weight " +
         std::to_string(kernel.weight));
    for (const Output& output : kernel.outputs) {
      if (output.computed == none) continue;
      const core::Computed& computed = program_.computed[output.computed];
      line("  " + name(computed.entity, computed.column) + (output.home.stored() ? "" : " (in registers)"));
    }
  }

  void index(std::uint32_t i) {
    const IndexSpec& spec = plan_.indexes[i];
    std::string what = "index #" + std::to_string(i) + ' ';
    switch (spec.kind) {
      case IndexSpec::reverse: what += "reverse of " + name(spec.entity, spec.columns[0]); break;
      case IndexSpec::partition:
        what += "partition of " + name(spec.entity) + " by";
        for (ColumnId c : spec.columns) what += ' ' + schema_.entities[spec.entity].columns[c].id;
        break;
      case IndexSpec::path:
        what += spec.distinct ? "distinct path from " : "path from ";
        what += spec.population != none ? "all of " + name(spec.population) : name(spec.entity);
        for (const core::Hop& hop : spec.hops) what += " to " + name(hop.entity);
        break;
    }
    line(what);
  }

  void ranking(std::uint32_t fold) {
    const core::Source& source = program_.folds[fold].source;
    std::string what = "ranking #" + std::to_string(fold) + " of " + name(source.entity);
    for (const core::Source::Same& same : source.same) what += (&same == &source.same.front() ? " by " : " ") + schema_.entities[source.entity].columns[same.column].id;
    line(what);
  }

  void rank(const RankPlan& rank) {
    const core::Source& source = program_.folds[rank.fold].source;
    if (plan_.fold_shapes[rank.fold].kind == FoldShape::rank) return line("ranks of " + name(rank.entity) + " in #" + std::to_string(rank.fold));
    line("tally of " + name(source.entity) + " by " + schema_.entities[source.entity].columns[source.hops[0].column].id);
  }

  void step(const Step& s) {
    switch (s.kind) {
      case Step::parents: line("parents of " + name(s.a)); break;
      case Step::membership: line("membership of " + name(s.b)); break;
      case Step::index: index(s.a); break;
      case Step::kernel: kernel(s.a); break;
      case Step::ranking: ranking(s.a); break;
      case Step::rank: rank(plan_.ranks[s.a]); break;
      case Step::group: line("group " + name(program_.groups[s.a].entity)); break;
      case Step::ledger: line("ledger " + program_.ledgers[s.a].id); break;
      case Step::timeline: line("timeline " + program_.timelines[s.a].id); break;
      case Step::join: line("join " + name(program_.joins[s.a].entity)); break;
      case Step::remedy: line("remedy " + schema_.remedies[s.a].id); break;
      case Step::release_column: line("release " + name(s.a, s.b)); break;
      case Step::release_members: line("release members of " + name(s.a)); break;
      case Step::release_parents: line("release parents of " + name(s.a)); break;
      case Step::release_entity: line("release " + name(s.a)); break;
      case Step::release_index: line("release index #" + std::to_string(s.a)); break;
      case Step::duty:
      case Step::require:
      case Step::report:
      case Step::applicability:
      case Step::proposition:
      case Step::release_temporary:
      case Step::release_fold: break;
    }
  }

  std::string heading(std::size_t stage) const {
    if (plan_.parts.root == none) return "stage " + std::to_string(stage);
    return stage == 0 ? "for all rows, before" : stage == 1 ? "part by part of " + name(plan_.parts.root) : "for all rows, after";
  }

  // All that is ever kept for one row of an entity.
  void totals() {
    std::vector<std::size_t> all(schema_.entities.size(), 0);
    for (const Kernel& kernel : plan_.kernels)
      if (kernel.over == Kernel::rows)
        for (const Output& output : kernel.outputs) all[kernel.entity] += bits(kernel, output);
    out_ += "bytes a row, all kernels together\n";
    for (EntityId e = 0; e < all.size(); ++e)
      if (all[e] != 0) line(name(e) + ": " + bytes(all[e]));
    if (!plan_.lent.empty()) out_ += "results that the facts lend\n";
    for (const LentPlan& lent : plan_.lent) {
      const core::Computed& computed = program_.computed[lent.computed];
      line(name(computed.entity, computed.column) + " is " + name(computed.entity, lent.column));
    }
  }

  const Plan& plan_;
  const core::Program& program_;
  const Schema& schema_;
  std::string out_;
};

}  // namespace

std::string print(const Plan& plan, const core::Program& program) { return Printer(plan, program).text(); }

}  // namespace tiao::plan
