// Program to machine code: plan, IR, objects, linked code; or the objects from the cache.
#include <algorithm>
#include <numeric>
#include <thread>

#include "compiler/core/settle.hpp"
#include "compiler/jit/engine.hpp"
#include "runtime/engine/support.hpp"

namespace tiao::jit {
namespace {

template <class F>
Symbol symbol(const char* name, F* function) {
  return {name, reinterpret_cast<void*>(function)};
}

// What generated code may call. memset and memcpy are for what LLVM makes of loops and stores.
std::vector<Symbol> symbols() {
#define TIAO_SYMBOL(name) symbol(#name, &name)
  return {
      TIAO_SYMBOL(tiao_mul), TIAO_SYMBOL(tiao_rescale), TIAO_SYMBOL(tiao_round), TIAO_SYMBOL(tiao_round_ratio), TIAO_SYMBOL(tiao_ratio),
      TIAO_SYMBOL(tiao_ratio_if_none), TIAO_SYMBOL(tiao_compare_ratio), TIAO_SYMBOL(tiao_hull), TIAO_SYMBOL(tiao_table),
      TIAO_SYMBOL(tiao_add_durations), TIAO_SYMBOL(tiao_sub_durations), TIAO_SYMBOL(tiao_neg_duration), TIAO_SYMBOL(tiao_mul_duration),
      TIAO_SYMBOL(tiao_shift), TIAO_SYMBOL(tiao_shift_back), TIAO_SYMBOL(tiao_shift_workdays), TIAO_SYMBOL(tiao_difference),
      TIAO_SYMBOL(tiao_year), TIAO_SYMBOL(tiao_month), TIAO_SYMBOL(tiao_day), TIAO_SYMBOL(tiao_age), TIAO_SYMBOL(tiao_year_start),
      TIAO_SYMBOL(tiao_year_end), TIAO_SYMBOL(tiao_month_start), TIAO_SYMBOL(tiao_month_end), TIAO_SYMBOL(tiao_state_at),
      TIAO_SYMBOL(tiao_balance_at), TIAO_SYMBOL(tiao_partition_find), TIAO_SYMBOL(tiao_fold_begin), TIAO_SYMBOL(tiao_fold_row),
      TIAO_SYMBOL(tiao_fold_open), TIAO_SYMBOL(tiao_fold_end), TIAO_SYMBOL(tiao_kept_find), TIAO_SYMBOL(tiao_kept_keep), TIAO_SYMBOL(tiao_rank),
      symbol("memset", &::memset), symbol("memcpy", &::memcpy),
  };
#undef TIAO_SYMBOL
}

std::string key_of(const core::Program& program, const plan::Layout& layout, Effort effort, const Machine& machine) {
  return cache_key({fingerprint(program), layout.key(), std::to_string(plan::version), tool_identity(), machine.description(),
                    effort == Effort::quick ? "quick" : "full"});
}

// Names not the code but that there is some, without asking LLVM which processor it would be for.
std::string trace_of(const core::Program& program, const plan::Layout& layout) {
  return cache_key({"trace", fingerprint(program), layout.key(), std::to_string(plan::version), tool_identity()});
}

// Kernels dealt out so that each module has about the same weight. One module for small programs: each costs a millisecond.
std::vector<std::vector<std::uint32_t>> deal(const plan::Plan& plan, unsigned threads) {
  const std::uint64_t weight = std::accumulate(plan.kernels.begin(), plan.kernels.end(), std::uint64_t{0},
                                               [](std::uint64_t sum, const plan::Kernel& k) { return sum + k.weight + 10; });
  const std::size_t modules = weight < 400 ? 1 : std::max(1u, threads);
  std::vector<std::uint32_t> order(plan.kernels.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return plan.kernels[a].weight > plan.kernels[b].weight; });
  std::vector<std::vector<std::uint32_t>> dealt(modules);
  std::vector<std::uint64_t> loads(modules, 0);
  for (std::uint32_t k : order) {
    if (plan.kernels[k].idle) continue;
    const auto lightest = static_cast<std::size_t>(std::min_element(loads.begin(), loads.end()) - loads.begin());
    dealt[lightest].push_back(k);
    loads[lightest] += plan.kernels[k].weight + 10;
  }
  return dealt;
}

// Without anything to settle the program stays the caller's.
std::shared_ptr<const core::Program> settled(const core::Program& program, const plan::Layout& layout) {
  if (!layout.settles) return {std::shared_ptr<const core::Program>(), &program};
  std::vector<core::SettledParameter> parameters(layout.parameters.size());
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    if ((layout.parameters[p] & plan::Layout::settled) != 0) parameters[p].value = known(layout.values[p]);
    parameters[p].set = (layout.parameters[p] & plan::Layout::set) != 0;
  }
  return std::make_shared<const core::Program>(core::settle(program, parameters));
}

}  // namespace

Planned plan_run(const core::Program& program, const facts::FactBase& facts, std::int64_t as_of, const Options& options) {
  const plan::Layout layout = options.effort == Effort::full ? describe_facts(program, facts, as_of, options.settle, options.large_rows) : plan::Layout::general(program.schema);
  Planned out{settled(program, layout), {}};
  out.plan = plan::make_plan(*out.program, layout);
  return out;
}

bool kept_before(const core::Program& program, const Options& options) {
  return options.effort == Effort::quick && ObjectCache(options.cache_dir).load(trace_of(program, plan::Layout::general(program.schema))).has_value();
}

std::shared_ptr<const Variant> make_variant(const core::Program& whole, const plan::Layout& layout, const Options& options, std::string& error) {
  auto variant = std::make_shared<Variant>();
  variant->facts = layout;
  variant->whole = &whole;
  variant->program = settled(whole, layout);
  const core::Program& program = *variant->program;
  variant->plan = std::make_shared<const plan::Plan>(plan::make_plan(program, layout));
  const plan::Plan& plan = *variant->plan;
  variant->slots = engine::SlotLayout(program.schema, static_cast<std::uint32_t>(plan.indexes.size()), plan.temporaries);
  if (plan.kernels.empty()) return variant;
  const Machine* llvm = machine(error);
  if (!llvm) return nullptr;

  auto linked = [&](const std::vector<std::string>& objects) {
    error.clear();
    variant->kernels.clear();
    variant->code = llvm->link(objects, symbols(), error);
    for (const plan::Kernel& kernel : plan.kernels) {
      if (!variant->code) return false;
      void* function = kernel.idle ? nullptr : variant->code->find(kernel.name, error);
      if (!kernel.idle && !function) return false;
      variant->kernels.push_back(reinterpret_cast<engine::RowKernel>(function));
    }
    return true;
  };
  const ObjectCache cache(options.keep_llvm ? std::filesystem::path() : options.cache_dir);
  const std::string key = options.cache_dir.empty() ? std::string() : key_of(whole, layout, options.effort, *llvm);
  auto leave_trace = [&] {
    if (options.effort != Effort::quick || options.cache_dir.empty() || options.keep_llvm) return;
    if (const std::string trace = trace_of(whole, layout); !cache.load(trace)) cache.store(trace, {});
  };
  if (const auto kept = cache.load(key); kept && linked(*kept)) {
    variant->from_cache = true;
    leave_trace();
    return variant;
  }

  const auto dealt = deal(plan, options.threads);
  std::vector<Piece> pieces(dealt.size());
  auto make = [&](std::size_t i) { pieces[i] = llvm->make(program, plan, variant->slots, dealt[i], options.effort, options.keep_llvm); };
  std::vector<std::thread> workers;
  for (std::size_t i = 1; i < dealt.size(); ++i)
    workers.emplace_back(make, i);
  make(0);
  for (std::thread& worker : workers) worker.join();
  std::vector<std::string> objects;
  for (Piece& piece : pieces) {
    if (!piece.error.empty()) {
      error = piece.error;
      return nullptr;
    }
    variant->llvm += piece.llvm;
    objects.push_back(std::move(piece.object));
  }
  cache.store(key, objects);
  leave_trace();
  if (!linked(objects)) return nullptr;
  return variant;
}

}  // namespace tiao::jit
