#include "compiler/driver/evaluate.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/check/check.hpp"
#include "compiler/interp/interpreter.hpp"
#include "compiler/driver/readings.hpp"
#include "compiler/syntax/parser.hpp"
#include "runtime/facts/builder.hpp"
#include "runtime/verdict/json_text.hpp"
#include "runtime/verdict/names.hpp"

namespace tiao::driver {
namespace {

std::string first_code(const diag::Diagnostics& diagnostics) {
  for (const diag::Diagnostic& d : diagnostics.all())
    if (diag::message(d.code).severity == diag::Severity::error) return std::string(diag::message(d.code).name);
  return "internal";
}

bool reads_as_of(const core::Program& program) {
  return std::any_of(program.exprs.begin(), program.exprs.end(), [](const core::Expr& e) { return e.op == core::Op::as_of; });
}

std::string end_text(const verdict::Names& names, const Type& type, std::int64_t value, std::int64_t den) {
  return value == neg_inf || value == pos_inf ? std::string{} : verdict::cell_text(names, type, value, den);
}

// unknown, unknown (3..5), a | b
std::string open_text(const verdict::Names& names, const Type& type, const Cell& cell) {
  if (type.kind == Kind::boolean) return "unknown";
  if (type.kind == Kind::choice) {
    std::string out;
    const std::size_t values = type.of < names.schema.enums.size() ? names.schema.enums[type.of].values.size() : 64;
    for (std::size_t i = 0; i < values; ++i)
      if ((static_cast<std::uint64_t>(cell.lo) >> i & 1) != 0) out += (out.empty() ? "" : " | ") + names.schema.enums[type.of].values[i].id;
    return out;
  }
  const std::string lo = end_text(names, type, cell.lo, cell.lo_den), hi = end_text(names, type, cell.hi, cell.hi_den);
  return lo.empty() && hi.empty() ? "unknown" : fmt::format("unknown ({}..{})", lo, hi);
}

bool known_value(const Type& type, const Cell& cell) {
  return is_known(cell, type.kind) && (type.kind == Kind::boolean || (cell.lo != neg_inf && cell.lo != pos_inf));
}

Evaluated value_of(const check::CompiledExpression& compiled, std::int64_t as_of) {
  const core::Program& program = compiled.program;
  facts::LoadErrors errors;
  facts::FactBuilder builder(program.schema, errors);
  builder.close_all();
  builder.add_row(program.reports.front().entity);
  facts::FactBase facts;
  Evaluated out;
  if (!builder.finish(facts)) {
    out.code = errors.listed.empty() ? "internal" : errors.listed.front().code;
    return out;
  }
  apply_readings(program.schema, {}, facts);
  interp::Interpreter interpreter(program, facts, {as_of});
  const Cell cell = interpreter.evaluate(compiled.expr, 0);
  const verdict::Names names{program.schema, &facts};
  if (is_error(cell, compiled.type.kind)) {
    const std::vector<EvidenceError> found = interpreter.errors_of(compiled.expr, 0);
    out.code = found.empty() ? "error" : found.front().code;
    out.message = found.empty() ? std::string{} : found.front().message;
    return out;
  }
  out.type = verdict::type_name(program.schema, compiled.type);
  out.text = known_value(compiled.type, cell) ? verdict::cell_text(names, compiled.type, cell.lo, cell.lo_den) : open_text(names, compiled.type, cell);
  verdict::JsonText json(out.json);
  verdict::append_cell(json, names, compiled.type, cell);
  return out;
}

Evaluated evaluate_in(Project& project, const std::string& expression, std::optional<std::int64_t> as_of, diag::Diagnostics& diagnostics) {
  const source::FileId file = project.add_text("EXPR", expression);
  syntax::Ast ast;
  ast.file = file;
  Evaluated out;
  const syntax::ExprId parsed = syntax::parse_expression(project.sources(), file, ast, diagnostics);
  check::CompiledExpression compiled;
  if (!parsed.valid() || diagnostics.has_errors() || !check::compile_expression(project.parsed(), ast, parsed, diagnostics, compiled)) {
    out.code = first_code(diagnostics);
    return out;
  }
  if (!as_of && reads_as_of(compiled.program)) {
    out.code = "as_of_missing";
    out.message = "--as-of";
    return out;
  }
  return value_of(compiled, as_of.value_or(0));
}

}  // namespace

Status Evaluator::prepare() {
  ProjectRequest request{directory_, {}};
  request.library_only = true;
  return library_.load(request);
}

// The project, if there is one that can be read.
Project* Evaluator::whole() {
  if (!whole_tried_) {
    whole_tried_ = true;
    whole_ = std::make_unique<Project>();
    ProjectRequest request{directory_, {}};
    request.scenarios = false;
    if (whole_->load(request) || whole_->syntax_errors()) whole_.reset();
  }
  return whole_.get();
}

Evaluated Evaluator::evaluate(const std::string& expression, std::optional<std::int64_t> as_of, diag::Diagnostics& diagnostics) {
  spoke_last_ = &library_;
  const Evaluated simple = evaluate_in(library_, expression, as_of, diagnostics);
  if (!diagnostics.has_errors() || whole() == nullptr) return simple;
  diag::Diagnostics again;
  const Evaluated found = evaluate_in(*whole_, expression, as_of, again);
  if (again.has_errors()) return simple;
  spoke_last_ = whole_.get();
  diagnostics = std::move(again);
  return found;
}

std::string batch_line(const Evaluated& evaluated) {
  std::string out = evaluated.failed() ? "{\"error\":{\"code\":" : "{\"value\":" + evaluated.json + ",\"type\":";
  verdict::append_json_string(out, evaluated.failed() ? evaluated.code : evaluated.type);
  return out + (evaluated.failed() ? "}}" : "}");
}

}  // namespace tiao::driver
