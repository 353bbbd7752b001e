#include "compiler/driver/case.hpp"

#include <fmt/format.h>

namespace tiao::driver {

Case::Case(const CompiledAgreement& agreement, const facts::FactBase& facts, std::int64_t as_of, std::optional<std::int64_t> since)
    : agreement_(agreement), facts_(facts), as_of_(as_of), since_(since) {}

Status Case::evaluate(Engine& engine) {
  if (Status failed = engine.run(facts_, as_of_, results_)) return failed;
  assembler_ = std::make_unique<verdict::Assembler>(verdict::Run{agreement_.schema(), agreement_.info, facts_, results_, as_of_, since_});
  walk_.reset();
  return std::nullopt;
}

EvidenceWalk& Case::walk() {
  if (!walk_) walk_ = std::make_unique<EvidenceWalk>(agreement_, facts_, results_, as_of_);
  return *walk_;
}

Status Case::make(std::size_t i, Evidence evidence, verdict::Verdict& out) {
  out = assembler_->make(i);
  if (evidence == Evidence::nobody || (evidence == Evidence::open_cases && out.outcome == verdict::Outcome::decided)) return std::nullopt;
  walk().want_readings(evidence == Evidence::everybody);
  verdict::SubjectEvidence found;
  std::string where;
  if (!walk().collect(out, found, where))
    return internal_error(fmt::format("两个引擎的结果不一致：{}（{}）", where, out.subject.key),
                          fmt::format("the engines differ: {} ({})", where, out.subject.key));
  verdict::add_evidence(out, std::move(found));
  return std::nullopt;
}

verdict::WriterContext Case::context(verdict::Language language) const {
  return {assembler_->names(), agreement_.info, verdict::heading(agreement_.schema(), agreement_.info, as_of_), language};
}

Status Case::find(const std::string& key, std::size_t& out) const {
  const Schema& schema = agreement_.schema();
  const std::size_t colon = key.find(':');
  std::string entity = colon == std::string::npos ? "" : key.substr(0, colon);
  const std::optional<EntityId> wanted = entity.empty() ? std::nullopt : schema.find_entity(entity);
  const std::string wanted_key = wanted ? key.substr(colon + 1) : key;   // a key may hold a colon itself
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < assembler_->size(); ++i) {
    const verdict::SubjectRow subject = assembler_->subject(i);
    if ((!wanted || subject.entity == *wanted) && facts_.key(subject.entity, subject.row) == wanted_key) found.push_back(i);
  }
  if (found.empty()) return usage(fmt::format("没有对象“{}”", key), fmt::format("there is no subject \"{}\"", key));
  if (found.size() > 1) {
    const std::string& first = schema.entities[assembler_->subject(found[0]).entity].id;
    return usage(fmt::format("“{}”不止一个；请写成 {}:{}", key, first, key), fmt::format("\"{}\" is shared by two subjects; write {}:{}", key, first, key));
  }
  out = found.front();
  return std::nullopt;
}

}  // namespace tiao::driver
