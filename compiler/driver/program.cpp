#include "compiler/driver/program.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <xxhash.h>

#include "compiler/core/serialize.hpp"
#include "compiler/core/verifier.hpp"
#include "compiler/driver/info.hpp"
#include "compiler/jit/object_cache.hpp"
#include "runtime/value/format.hpp"

namespace tiao::driver {
namespace {

// Names what the clauses say, whatever the layout of their files: places in the source are left out.
std::string content_hash(core::Program program) {
  program.hash.clear();
  program.origins.clear();
  for (core::Expr& e : program.exprs) e.origin = none;
  const std::string bytes = core::to_bytes(program);
  return fmt::format("{:016x}", static_cast<std::uint64_t>(XXH3_64bits(bytes.data(), bytes.size())));
}

bool looks_like_file(const std::string& text) {
  return text.ends_with(".tiao") || text.ends_with(".md") || text.find('/') != std::string::npos;
}

bool same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return std::filesystem::equivalent(a, b, error) && !error;
}

// The files that those asked for use, and those that these use.
std::set<std::uint32_t> used_by_requested(const Project& project) {
  const auto& files = project.parsed().files;
  std::set<std::uint32_t> used;
  for (bool more = true; more;) {
    more = false;
    for (const auto& file : files) {
      if (!project.requested(file.ast.file) && !used.contains(file.ast.file.value)) continue;
      for (const auto id : file.ast.top)
        if (const auto* use = std::get_if<syntax::Use>(&file.ast[id].what))
          for (const auto& other : files)
            if (other.module == use->path.text()) more |= used.insert(other.ast.file.value).second;
    }
  }
  return used;
}

std::string joined(const std::vector<check::AgreementRef>& agreements, const char* separator) {
  std::string out;
  for (const check::AgreementRef& ref : agreements) out += (out.empty() ? "" : separator) + ref.name;
  return out;
}

constexpr std::string_view own_text_suffix = "@base";

// NAME@DATE, or a file and a date.
std::optional<std::int64_t> split_edition(std::string& text) {
  const std::size_t at = text.rfind('@');
  std::int64_t lo = 0, hi = 0;
  if (at == std::string::npos || parse_date(text.substr(at + 1), lo, hi) != Parse::ok || lo != hi || lo >= never_day) return std::nullopt;
  text.resize(at);
  return lo;
}

}  // namespace

Status find_agreement(const Project& project, const std::string& selector, check::AgreementRef& out) {
  std::string text = selector;
  const bool own_text = text.ends_with(own_text_suffix);
  if (own_text) text.resize(text.size() - own_text_suffix.size());
  const std::optional<std::int64_t> edition = split_edition(text);
  const std::vector<check::AgreementRef> all = check::agreements(project.parsed());
  std::vector<check::AgreementRef> found;
  for (const check::AgreementRef& ref : all) {
    const std::string& path = project.sources().path(project.parsed().files[ref.file].ast.file);
    const bool hit = looks_like_file(text) ? same_file(path, text) : ref.name == text || (!ref.label.empty() && ref.label == text);
    if (hit) found.push_back(ref);
  }
  if (found.size() == 1) {
    out = found.front();
    out.edition = edition;
    out.own_text = own_text && !out.supplement;
    return std::nullopt;
  }
  if (found.empty())
    return usage(fmt::format("没有协议文本“{}”；本项目中有：{}", text, joined(all, "、")),
                 fmt::format("there is no agreement \"{}\"; this project has: {}", text, joined(all, ", ")));
  return usage(fmt::format("“{}”中有几份协议文本：{}", text, joined(found, "、")),
               fmt::format("\"{}\" holds several agreements: {}", text, joined(found, ", ")));
}

Status compile(const Project& project, const check::AgreementRef& agreement, diag::Diagnostics& diagnostics, CompiledAgreement& out) {
  out.ref = agreement;
  if (!check::compile(project.parsed(), agreement, diagnostics, out.compiled)) return findings();
#ifndef NDEBUG
  const std::vector<std::string> faults = core::verify(out.compiled.program);
  if (!faults.empty()) return internal_error("核心程序自检失败：" + faults.front(), "the core program does not verify: " + faults.front());
#endif
  out.compiled.program.hash = content_hash(out.compiled.program);
  out.info = info_of(out.compiled.program);
  return std::nullopt;
}

Status compile_or_load(const Project& project, const std::string& name, const std::filesystem::path& cache, diag::Diagnostics& diagnostics, CompiledAgreement& out) {
  std::vector<std::string> parts = project.declaring_texts();
  parts.insert(parts.begin(), {"program", jit::tool_identity(), name});
  const jit::ObjectCache kept(cache);
  const std::string key = jit::cache_key(parts);
  if (!cache.empty()) {
    core::Program program;
    const auto found = kept.load(key);
    if (found && found->size() == 1 && core::from_bytes(found->front(), program) && !program.schema.agreements.empty()) {
      out.compiled.program = std::move(program);
      out.ref = {};
      out.ref.name = out.compiled.program.schema.agreements.front().name;
      out.info = info_of(out.compiled.program);
      return std::nullopt;
    }
  }
  if (project.syntax_errors()) {
    diag::Diagnostics syntax = project.diagnostics();
    diagnostics.append(std::move(syntax));
    return findings();
  }
  check::AgreementRef ref;
  if (Status failed = find_agreement(project, name, ref)) return failed;
  if (Status failed = compile(project, ref, diagnostics, out)) return failed;
  // Warnings are shown by every run that gives them.
  if (!cache.empty() && diagnostics.empty()) kept.store(key, {core::to_bytes(out.compiled.program)});
  return std::nullopt;
}

diag::Diagnostics check_project(const Project& project) {
  diag::Diagnostics all;
  diag::Diagnostics syntax = project.diagnostics();
  all.append(std::move(syntax));
  // A file that could not be read whole would make every later message doubtful.
  if (!all.has_errors()) {
    for (const check::AgreementRef& ref : check::agreements(project.parsed())) {
      CompiledAgreement compiled;
      if (Status failed = compile(project, ref, all, compiled); failed && failed->exit == Exit::internal) break;
    }
    check::check_rest(project.parsed(), all);
  }
  all.sort();
  const std::set<std::uint32_t> used = used_by_requested(project);
  diag::Diagnostics wanted;
  for (const diag::Diagnostic& d : all.all()) {
    // What is wrong in a file that the asked for ones use keeps them from being checked: it is said, warnings apart.
    const bool error = diag::message(d.code).severity == diag::Severity::error;
    if (d.span.valid() && !project.requested(d.span.file) && !(error && used.contains(d.span.file.value))) continue;
    diag::Diagnostic& copy = wanted.add(d.code, d.span, d.args);
    copy.labels = d.labels;
    copy.hint_args = d.hint_args;
    copy.hint = d.hint;
  }
  return wanted;
}

}  // namespace tiao::driver
