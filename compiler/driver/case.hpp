// One fact base, evaluated: the results of an engine, and verdicts made from them on demand.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/engine.hpp"
#include "compiler/driver/evidence.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/driver/program.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/verdict/assemble.hpp"
#include "runtime/verdict/writer.hpp"

namespace tiao::driver {

/// Who gets evidence: nobody; whoever is not decided, needs and errors; everybody, readings too.
enum class Evidence : std::uint8_t { nobody, open_cases, everybody };

class Case {
 public:
  /// Agreement and facts are borrowed; the readings of the facts are those of this evaluation.
  Case(const CompiledAgreement& agreement, const facts::FactBase& facts, std::int64_t as_of, std::optional<std::int64_t> since = {});

  Status evaluate(Engine& engine);
  const verdict::Assembler& assembler() const { return *assembler_; }
  const Results& results() const { return results_; }
  EvidenceWalk& walk();
  Status make(std::size_t i, Evidence evidence, verdict::Verdict& out);
  verdict::WriterContext context(verdict::Language language) const;
  /// Places of the subjects that KEY or ENTITY:KEY names. Fails when there is none, or when two entities share the key.
  Status find(const std::string& key, std::size_t& out) const;

 private:
  const CompiledAgreement& agreement_;
  const facts::FactBase& facts_;
  std::int64_t as_of_;
  std::optional<std::int64_t> since_;
  Results results_;
  std::unique_ptr<verdict::Assembler> assembler_;
  std::unique_ptr<EvidenceWalk> walk_;
};

}  // namespace tiao::driver
