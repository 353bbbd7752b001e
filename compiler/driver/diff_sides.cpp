#include "compiler/driver/diff_sides.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "compiler/driver/diff_tally.hpp"
#include "compiler/driver/load_facts.hpp"

namespace tiao::driver {
namespace {

// DIR:NAME, where DIR is a folder that is there.
std::pair<std::string, std::string> split(const std::string& spec) {
  const std::size_t colon = spec.rfind(':');
  if (colon == std::string::npos || colon == 0) return {{}, spec};
  std::error_code error;
  const std::string folder = spec.substr(0, colon);
  return std::filesystem::is_directory(folder, error) ? std::pair{folder, spec.substr(colon + 1)} : std::pair{std::string(), spec};
}

std::vector<std::string> supplements_of(const CompiledAgreement& agreement) {
  std::vector<std::string> names;
  for (const auto& supplement : agreement.compiled.tree.supplements()) names.push_back(supplement.name);
  return names;
}

// The agreement at the bottom.
const std::string& base_of(const CompiledAgreement& agreement) { return agreement.schema().nodes.front().agreement; }

DiffSide heading_of(const CompiledAgreement& agreement) {
  const AgreementInfo& info = agreement.schema().agreements.front();
  DiffSide side{info.name, info.label, info.edition, agreement.info.hash, {}};
  for (const auto& supplement : agreement.compiled.tree.supplements()) side.supplements.emplace_back(supplement.name, supplement.label);
  return side;
}

}  // namespace

verdict::PortableVerdict DiffSides::Evaluated::portable(const verdict::Verdict& verdict) const {
  return verdict::portable(verdict, assembler->names(), agreement->info);
}

verdict::PortableRow DiffSides::Evaluated::subject(std::size_t place) const {
  const verdict::SubjectRow at = assembler->subject(place);
  return {agreement->schema().entities[at.entity].id, assembler->run().facts.key(at.entity, at.row)};
}

Status DiffSides::find(const std::string& spec, Side& side, const ShowDiagnostics& show) const {
  const auto [folder, name] = split(spec);
  ProjectRequest wanted;
  wanted.directory = folder.empty() ? request_.project : folder;
  const std::string file = name.substr(0, name.rfind('@'));
  if (file.ends_with(".tiao") || file.ends_with(".md")) wanted.paths.push_back(file);
  wanted.scenarios = false;
  side.project = std::make_unique<Project>();
  if (Status failed = side.project->load(wanted)) return failed;
  if (side.project->syntax_errors()) {
    diag::Diagnostics syntax = side.project->diagnostics();
    show(side.project->sources(), syntax);
    return findings();
  }
  return find_agreement(*side.project, name, side.ref);
}

Status DiffSides::compile(Side& side, const ShowDiagnostics& show) const {
  diag::Diagnostics diagnostics;
  side.agreement = std::make_unique<CompiledAgreement>();
  const Status failed = driver::compile(*side.project, side.ref, diagnostics, *side.agreement);
  show(side.project->sources(), diagnostics);
  return failed;
}

Status DiffSides::choose(Side& side, const std::string& own, std::vector<ReadingChoice>& out) const {
  std::string all = request_.readings;
  if (!own.empty()) all += (all.empty() ? "" : ",") + own;
  ReadingsOption readings;
  if (Status failed = parse_readings(all, readings)) return failed;
  if (readings.all)
    return usage("比较时不能用 --readings all：每一边只有一种读法", "--readings all cannot be compared: each side has one set of readings");
  return resolve_readings(side.agreement->schema(), readings, out);
}

std::vector<std::string> DiffSides::parameters_of_both() const {
  std::vector<std::string> names;
  for (const Side* side : {&before_, &after_})
    for (const Parameter& parameter : side->agreement->schema().parameters)
      for (const std::string& name : {parameter.id, parameter.label})
        if (!name.empty()) names.push_back(name);
  return names;
}

Status DiffSides::load(Side& side, const Progress& progress, const std::string& readings) const {
  if (Status failed = choose(side, readings, side.readings)) return failed;
  side.facts = std::make_unique<facts::FactBase>();
  const LoadProgress loading = [&](std::uint64_t done, std::uint64_t total) {
    if (progress) progress(Stage::loading, total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total));
  };
  if (Status failed = load_facts(side.agreement->schema(), request_.facts, loading, *side.facts, parameters_of_both(), request_.jobs)) return failed;
  if (request_.max_rows != 0 && rows_of(*side.facts) > request_.max_rows)
    return Failure{Exit::limit, fmt::format("事实共 {} 行，超过上限 {} 行", rows_of(*side.facts), request_.max_rows),
                   fmt::format("the facts have {} rows, the limit is {}", rows_of(*side.facts), request_.max_rows)};
  EngineOptions options;
  options.jobs = request_.jobs;
  options.expected = expected_run(side.agreement->compiled.program, *side.facts);
  options.parameters_vary = true;
  options.max_bytes = static_cast<std::size_t>(request_.max_memory) << 20;
  if (progress) options.progress = [progress](double share) { progress(Stage::evaluating, share); };
  return make_engine(request_.engine, *side.agreement, options, side.engine);
}

// Verdicts of two texts that are about different registers have nothing to be compared by.
Status DiffSides::common_subject() const {
  const auto names = [](const Side& side) {
    std::set<std::string> out;
    for (const EntityId entity : side.agreement->schema().agreements.front().subjects) out.insert(side.agreement->schema().entities[entity].id);
    return out;
  };
  const std::set<std::string> before = names(before_), after = names(after_);
  if (std::any_of(before.begin(), before.end(), [&](const std::string& name) { return after.contains(name); })) return std::nullopt;
  const std::string old_names = fmt::format("{}", fmt::join(before, ", ")), new_names = fmt::format("{}", fmt::join(after, ", "));
  return usage(fmt::format("两个文本没有共同的对象：“{}”以 {} 为对象，“{}”以 {} 为对象", request_.before, old_names, request_.after, new_names),
               fmt::format("the two texts have no subject in common: those of \"{}\" are {}, those of \"{}\" {}", request_.before, old_names, request_.after, new_names));
}

// Is the later text the earlier one with further supplements, or the same text of another day?
bool DiffSides::built_on(const CompiledAgreement& before, const CompiledAgreement& after) const {
  if (split(request_.before).first != split(request_.after).first || base_of(before) != base_of(after)) return false;
  const std::vector<std::string> had = supplements_of(before), has = supplements_of(after);
  return std::all_of(had.begin(), had.end(), [&](const std::string& name) { return std::find(has.begin(), has.end(), name) != has.end(); });
}

void DiffSides::name_operations(DiffReport& report) {
  const check::Compiled& compiled = after_.agreement->compiled;
  const document::Tree& tree = compiled.tree;
  std::vector<std::uint32_t> place(tree.operations().size(), none);
  for (std::uint32_t i = 0; i < compiled.switches.size(); ++i) {
    if (compiled.switches[i] == none) continue;
    place[i] = static_cast<std::uint32_t>(switches_.size());
    switches_.push_back(compiled.switches[i]);
    const document::Operation& operation = tree.operations()[i];
    const document::Supplement& supplement = tree.supplements()[operation.supplement];
    report.operations.push_back({operation.kind, supplement.name, supplement.label, operation.address, operation.target, {}});
  }
  // An operation has nothing to act on without those that put what it acts on there.
  for (std::uint32_t i = 0; i < place.size(); ++i) {
    if (place[i] == none) continue;
    std::set<std::uint32_t> below;
    const auto add = [&](std::uint32_t node) {
      for (; node != document::no_node; node = tree[node].parent)
        if (const std::uint32_t put = tree[node].put_by; put != document::no_node && put != i && place[put] != none) below.insert(place[put]);
    };
    const document::Operation& operation = tree.operations()[i];
    if (operation.node != document::no_node) {
      add(tree[operation.node].parent);
      if (tree[operation.node].earlier != document::no_node) add(tree[operation.node].earlier);
    }
    for (std::uint32_t n = 0; n < tree.nodes().size(); ++n)
      if (const auto& ended = tree[n].ended_by; std::find(ended.begin(), ended.end(), i) != ended.end()) add(n);
    report.operations[place[i]].builds_on.assign(below.begin(), below.end());
  }
  if (compiled.switch_of_days != none) {
    switches_.push_back(compiled.switch_of_days);
    report.operations.push_back({std::nullopt, base_of(*after_.agreement), {}, {}, {}, {}});
  }
  operations_ = switches_.size();
}

// Without a day of its own a text is compared as it stands on the day of the comparison, or else with everything that is ever in force.
void DiffSides::compare_texts(DiffReport& report) const {
  const auto text = [&](const Side& from) {
    const std::int64_t day = from.ref.edition ? *from.ref.edition : request_.as_of != 0 ? request_.as_of : never_day - 1;
    return TextSide{from.project.get(), from.agreement.get(), day};
  };
  if (request_.reasons) report.wording_before = wording(text(before_)), report.wording_after = wording(text(after_));
  report.same_agreement = base_of(*before_.agreement) == base_of(*after_.agreement);
  if (report.same_agreement) report.text = text_changes(text(before_), text(after_));
  else report.concepts = concept_changes(text(before_), text(after_));
}

Status DiffSides::open(const Progress& progress, const ShowDiagnostics& show, DiffReport& report) {
  if (Status failed = find(request_.before, before_, show)) return failed;
  if (Status failed = find(request_.after, after_, show)) return failed;
  if (Status failed = compile(before_, show)) return failed;
  if (Status failed = compile(after_, show)) return failed;
  report.before = heading_of(*before_.agreement);
  report.after = heading_of(*after_.agreement);
  name_things({&after_.agreement->schema(), &before_.agreement->schema()}, {&after_.agreement->info, &before_.agreement->info}, report);
  compare_texts(report);
  report.with_verdicts = !request_.facts.empty();
  if (!report.with_verdicts) return std::nullopt;
  if (Status failed = common_subject()) return failed;
  one_text_ = built_on(*before_.agreement, *after_.agreement);
  if (one_text_) {
    after_.ref.earlier = check::Earlier{supplements_of(*before_.agreement), before_.ref.edition};
    if (Status failed = compile(after_, show)) return failed;
    name_operations(report);
    if (Status failed = choose(after_, request_.readings_before, earlier_readings_)) return failed;
  } else if (Status failed = load(before_, progress, request_.readings_before)) {
    return failed;
  }
  if (Status failed = load(after_, progress, request_.readings_after)) return failed;
  report.one_text = one_text_;
  report.rows = rows_of(*after_.facts);
  return std::nullopt;
}

void DiffSides::settle(bool later, const Mask& mask) {
  facts::FactBase& facts = *side(later).facts;
  apply_readings(side(later).agreement->schema(), one_text_ && !later ? earlier_readings_ : side(later).readings, facts);
  for (std::size_t i = 0; one_text_ && i < switches_.size(); ++i) {
    facts.parameters[switches_[i]] = known(static_cast<std::int64_t>(mask[i] ? Truth::yes : Truth::no));
    facts.parameter_set[switches_[i]] = 1;
  }
}

Status DiffSides::run(bool later, const Mask& mask, Evaluated& out) {
  Side& from = side(later);
  facts::FactBase& facts = *from.facts;
  const std::vector<Cell> parameters = facts.parameters;
  settle(later, mask);
  out.agreement = from.agreement.get();
  out.results = std::make_unique<Results>();
  const Status failed = from.engine->run(facts, request_.as_of, *out.results);
  facts.parameters = parameters;
  ++runs_;
  if (failed) return failed;
  out.assembler = std::make_unique<verdict::Assembler>(verdict::Run{from.agreement->schema(), from.agreement->info, facts, *out.results, request_.as_of, request_.since});
  return std::nullopt;
}

Status DiffSides::walk(bool later, const Evaluated& evaluated, const std::function<Status(EvidenceWalk&)>& visit) {
  facts::FactBase& facts = *side(later).facts;
  const std::vector<Cell> parameters = facts.parameters;
  settle(later, Mask(operations_, later));
  EvidenceWalk found(*evaluated.agreement, facts, *evaluated.results, request_.as_of);
  const Status failed = visit(found);
  facts.parameters = parameters;
  return failed;
}

}  // namespace tiao::driver
