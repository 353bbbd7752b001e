#include "tests/bench/jobs/job.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "runtime/value/scalar.hpp"

namespace tiao::bench {

std::string compile_job(const std::filesystem::path& root, const std::string& file, JobProgram& out) {
  driver::ProjectRequest request;
  request.directory = root.string();
  request.paths = {file};
  if (const driver::Status failed = out.project.load(request)) return failed->en;
  check::AgreementRef reference;
  if (const driver::Status failed = driver::find_agreement(out.project, file, reference)) return failed->en;
  diag::Diagnostics diagnostics;
  if (driver::compile(out.project, reference, diagnostics, out.agreement)) return file + " does not compile";
  return {};
}

std::int64_t job_day() { return scalar::day_number({2026, 3, 1}); }

// ── facts ──

facts::FactBase empty_facts(const Schema& schema) {
  facts::FactBase base;
  base.schema = &schema;
  for (const std::string& text : schema.strings) base.strings.intern(text);
  base.tables.resize(schema.entities.size());
  for (EntityId e = 0; e < schema.entities.size(); ++e) {
    base.tables[e].entity = e;
    base.tables[e].supplied = schema.entities[e].origin == EntityOrigin::register_;
    base.tables[e].columns.resize(schema.entities[e].columns.size());
  }
  return base;
}

RegisterColumns::RegisterColumns(facts::FactBase& base, const char* register_name, std::uint32_t rows, char key_letter) : base_(base), rows_(rows) {
  const auto found = base.schema->find_entity(register_name);
  if (!found) throw std::runtime_error(std::string("no register ") + register_name);
  entity_ = *found;
  facts::Table& table = base.tables[entity_];
  table.rows = rows;
  table.source_line.resize(rows, 0);
  const Entity& entity = base.schema->entities[entity_];
  std::string key;
  numbers(entity.columns[entity.key_column].id.c_str(), [&](std::uint32_t row) {
    key = std::to_string(row);
    key.insert(0, 1, key_letter);
    return base_.strings.intern(key);
  });
}

facts::ColumnData& RegisterColumns::column(const char* name) {
  const auto found = base_.schema->entities[entity_].find(name);
  if (!found) throw std::runtime_error(std::string("no column ") + name);
  return base_.tables[entity_].columns[*found];
}

void RegisterColumns::truths(const char* name, const std::function<Truth(std::uint32_t)>& at) {
  facts::ColumnData& data = column(name);
  data.presence.resize(rows_, static_cast<std::uint8_t>(facts::Presence::given));
  data.truth.reserve(rows_);
  for (std::uint32_t row = 0; row < rows_; ++row) {
    const Truth t = at(row);
    data.truth.push_back(static_cast<std::uint8_t>(t));
    if (t == Truth::unknown) data.presence.set(row, static_cast<std::uint8_t>(facts::Presence::null));
  }
}

void RegisterColumns::numbers(const char* name, const std::function<std::int64_t(std::uint32_t)>& low, const std::function<std::int64_t(std::uint32_t)>& high) {
  facts::ColumnData& data = column(name);
  data.presence.resize(rows_, static_cast<std::uint8_t>(facts::Presence::given));
  const Entity& entity = base_.schema->entities[entity_];
  if (is_narrow(*base_.schema, entity.columns[*entity.find(name)].type)) {
    data.masks.resize(rows_);
    for (std::uint32_t row = 0; row < rows_; ++row) data.masks[row] = static_cast<std::uint8_t>(low(row));
    return;
  }
  data.lo.resize(rows_);
  for (std::uint32_t row = 0; row < rows_; ++row) data.lo[row] = low(row);
  if (!high) return;
  data.hi.resize(rows_);
  for (std::uint32_t row = 0; row < rows_; ++row) data.hi[row] = high(row);
}

void RegisterColumns::parents(const std::vector<std::uint32_t>& parent, std::uint32_t parent_rows) {
  const Entity& entity = base_.schema->entities[entity_];
  numbers(entity.columns[entity.parent_column].id.c_str(), [&](std::uint32_t row) { return parent[row]; });
  std::vector<std::uint32_t>& offsets = base_.tables[entity_].offsets;
  offsets.assign(parent_rows + 1, 0);
  for (const std::uint32_t p : parent) ++offsets[p + 1];
  for (std::uint32_t p = 0; p < parent_rows; ++p) offsets[p + 1] += offsets[p];
}

std::size_t column_bytes(const facts::FactBase& facts) {
  std::size_t bytes = 0;
  for (const facts::Table& t : facts.tables) {
    for (const facts::ColumnData& c : t.columns) bytes += c.truth.bytes() + c.presence.bytes() + c.masks.size() + (c.lo.size() + c.hi.size()) * sizeof(std::int64_t);
    bytes += (t.offsets.size() + t.source_line.size()) * sizeof(std::uint32_t);
  }
  return bytes;
}

// ── what was decided ──

void Expectation::same(const std::string& what, std::size_t row, std::int64_t theirs, std::int64_t ours) {
  ++compared;
  if (theirs == ours) return;
  ++different;
  if (examples.size() < 20) examples.push_back(what + " row " + std::to_string(row) + ": engine " + std::to_string(theirs) + ", twin " + std::to_string(ours));
}

void Expectation::missing(const std::string& what) {
  ++different;
  examples.push_back(what + " is not in the program");
}

void Expectation::proposition(const char* entity, const std::string& address, std::size_t rows, const std::function<Truth(std::size_t)>& ours) {
  for (std::size_t c = 0; c < program_.computed.size(); ++c) {
    const core::Computed& one = program_.computed[c];
    if (!one.proposition || program_.schema.entities[one.entity].id != entity || program_.schema.entities[one.entity].columns[one.column].id != "§" + address) continue;
    const BitPairs& theirs = results_.propositions[c];
    same(address + " rows", 0, static_cast<std::int64_t>(theirs.size()), static_cast<std::int64_t>(rows));
    for (std::size_t row = 0; row < std::min(rows, theirs.size()); ++row) {
      if (const Truth mine = ours(row); theirs[row] != static_cast<std::uint8_t>(mine)) same(address, row, theirs[row], static_cast<std::int64_t>(mine));
      else ++compared;
    }
    return;
  }
  missing(std::string(entity) + " " + address);
}

const RemedyTable& Expectation::remedy_table(const char* id) {
  static const RemedyTable nothing;
  for (RemedyId r = 0; r < program_.schema.remedies.size(); ++r)
    if (program_.schema.remedies[r].id == id) return results_.remedies[r];
  missing(std::string("remedy ") + id);
  return nothing;
}

void Expectation::remedy(const char* id, core::Modality modality, std::size_t rows, const std::function<Decision(std::size_t)>& ours) {
  const RemedyTable& theirs = remedy_table(id);
  const std::string what(id);
  std::size_t at = 0;
  for (std::size_t target = 0; target < rows; ++target) {
    const Decision mine = ours(target);
    const bool there = at < theirs.target.size() && theirs.target[at] == static_cast<std::int64_t>(target);
    if (const auto state = there ? theirs.state[at] : static_cast<std::int64_t>(Truth::no); state != static_cast<std::int64_t>(mine.state)) same(what, target, state, static_cast<std::int64_t>(mine.state));
    else ++compared;
    if (!there) continue;
    if (mine.state != Truth::no) {
      same(what + ".modality", target, theirs.modality[at], static_cast<std::int64_t>(modality));
      same(what + ".held", target, theirs.held[at], static_cast<std::int64_t>(mine.held));
      same(what + ".open", target, theirs.open[at], static_cast<std::int64_t>(mine.open));
    }
    ++at;
  }
  same(what + " rows", 0, static_cast<std::int64_t>(theirs.target.size()), static_cast<std::int64_t>(at));
}

const CellColumn& Expectation::report(const char* id) {
  static const CellColumn nothing;
  for (std::size_t r = 0; r < program_.reports.size(); ++r)
    if (program_.reports[r].id == id) return results_.reports[r];
  missing(std::string("report ") + id);
  return nothing;
}

const DerivedRows& Expectation::derived(const char* entity) {
  static const DerivedRows nothing;
  for (EntityId e = 0; e < program_.schema.entities.size(); ++e)
    if (program_.schema.entities[e].id == entity) return results_.derived[e];
  missing(std::string("rows of ") + entity);
  return nothing;
}

void in_parallel(unsigned threads, std::size_t count, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& f) {
  if (threads <= 1) return f(0, count);
  const std::size_t parts = (count + grain - 1) / grain, each = (parts + threads - 1) / threads * grain;
  std::vector<std::thread> others;
  for (unsigned t = 1; t < threads; ++t) others.emplace_back([&, t] { f(std::min(count, t * each), std::min(count, (t + 1) * each)); });
  f(0, std::min(count, each));
  for (std::thread& other : others) other.join();
}

}  // namespace tiao::bench
