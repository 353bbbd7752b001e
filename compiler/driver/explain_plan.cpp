#include "compiler/driver/explain_plan.hpp"

#include <fmt/format.h>

#include "compiler/jit/engine.hpp"
#include "compiler/plan/memory.hpp"

namespace tiao::driver {
namespace {

std::string size_words(std::size_t bytes) {
  if (bytes < 10'000) return fmt::format("{} B", bytes);
  return bytes < 10'000'000 ? fmt::format("{:.0f} kB", static_cast<double>(bytes) / 1e3) : fmt::format("{:.0f} MB", static_cast<double>(bytes) / 1e6);
}

}  // namespace

std::string explain_plan(const Prepared& ready, const RunRequest& request) {
  const core::Program& program = ready.agreement.compiled.program;
  const jit::Planned planned = jit::plan_run(program, ready.facts, request.as_of, compile_options(ready.options));
  std::vector<std::uint64_t> rows;
  std::string listed;
  for (EntityId e = 0; e < program.schema.entities.size(); ++e) {
    rows.push_back(e < ready.facts.tables.size() ? ready.facts.tables[e].rows : 0);
    if (program.schema.entities[e].origin == EntityOrigin::register_ && rows.back() != 0)
      listed += fmt::format("  {}: {}\n", program.schema.entities[e].id, rows.back());
  }
  const plan::Footprint most = plan::expected_memory(planned.plan, *planned.program, plan::expected_rows(program.schema, rows));
  const EngineKind kind = request.engine == EngineKind::automatic ? chosen_engine(program, ready.options) : request.engine;
  std::string out = plan::print(planned.plan, *planned.program);
  out += request.language == verdict::Language::zh
             ? fmt::format("事实的行数\n{}引擎：{}\n事实与结果之外的内存：最多约 {}（第 {} 阶段；由引擎生成的行按其上级行数估算）\n", listed, name_of(kind), size_words(most.bytes), most.stage)
             : fmt::format("rows of facts\n{}engine: {}\nmemory beyond facts and results: about {} at most (in stage {}; rows that the engine makes are reckoned one for each row above them)\n",
                           listed, name_of(kind), size_words(most.bytes), most.stage);
  return out;
}

}  // namespace tiao::driver
