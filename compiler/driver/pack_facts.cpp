#include "compiler/driver/pack_facts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/driver/load_facts.hpp"
#include "compiler/jit/object_cache.hpp"
#include "runtime/facts/pack.hpp"
#include "runtime/verdict/output.hpp"

namespace tiao::driver {

Status pack_facts(const Project& project, const PackRequest& request, const Progress& progress, diag::Diagnostics& diagnostics, PackReport& report) {
  if (!request.out.ends_with(facts::packed_extension))
    return usage(fmt::format("打包的事实文件以 {} 结尾，--out 写的是“{}”", facts::packed_extension, request.out),
                 fmt::format("a file of packed facts ends in {}, --out names \"{}\"", facts::packed_extension, request.out));
  CompiledAgreement agreement;
  if (Status failed = compile_or_load(project, request.agreement, jit::default_cache_directory(), diagnostics, agreement)) return failed;
  const LoadProgress loading = [&](std::uint64_t done, std::uint64_t total) {
    if (progress) progress(Stage::loading, total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total));
  };
  facts::FactBase facts;
  if (Status failed = load_facts(agreement.schema(), request.facts, loading, facts, {}, request.jobs)) return failed;
  verdict::Output output(request.out);
  facts::pack(facts, [&](std::string_view bytes) {
    report.bytes += bytes.size();
    for (constexpr std::size_t some = 1 << 20; !bytes.empty() && output.good(); bytes.remove_prefix(std::min(some, bytes.size()))) {
      output.text() += bytes.substr(0, some);
      output.maybe_flush();
    }
  });
  if (!output.finish()) return usage(fmt::format("无法写入“{}”", request.out), fmt::format("cannot write \"{}\"", request.out));
  report.rows = rows_of(facts);
  report.skipped = facts.skipped_fields;
  return std::nullopt;
}

}  // namespace tiao::driver
