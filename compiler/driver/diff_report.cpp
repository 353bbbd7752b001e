#include "compiler/driver/diff_report.hpp"

#include <algorithm>

namespace tiao::driver {
namespace {

using Kind = verdict::Change::Kind;

}  // namespace

std::vector<OperationTotal> totals(const DiffReport& report) {
  std::vector<OperationTotal> out(report.operations.size());
  for (const DiffSubject& subject : report.differing) {
    struct Made { bool alone = false; std::map<std::string, unsigned> what; };
    std::map<std::uint32_t, Made> by;
    for (std::size_t i = 0; i < subject.causes.size(); ++i) {
      if (!subject.causes[i]) continue;
      const verdict::Change& change = subject.changes[i];
      const unsigned bit = change.kind == Kind::remedy_gained ? 1 : change.kind == Kind::remedy_lost ? 2 : change.kind == Kind::remedy_changed ? 4 : 0;
      for (const std::uint32_t k : *subject.causes[i]) {
        Made& made = by[k];
        made.alone = made.alone || subject.causes[i]->size() == 1;
        if (bit != 0) made.what[change.name] |= bit;
      }
    }
    for (const auto& [k, made] : by) {
      ++out[k].subjects;
      if (!made.alone) ++out[k].together;
      for (const auto& [remedy, bits] : made.what) {
        if (bits & 1) ++out[k].gained[remedy];
        if (bits & 2) ++out[k].lost[remedy];
        if (bits & 4) ++out[k].changed[remedy];
      }
    }
  }
  return out;
}

DiffClass class_of(const DiffSubject& subject) {
  DiffClass out = DiffClass::basis;
  for (const verdict::Change& change : subject.changes)
    switch (change.kind) {
      case Kind::remedy_gained:
      case Kind::remedy_lost: out = std::min(out, DiffClass::remedies_come_or_go); break;
      case Kind::remedy_changed: out = std::min(out, DiffClass::remedies_change); break;
      case Kind::outcome: out = std::min(out, DiffClass::outcome); break;
      case Kind::basis: break;
      default: out = std::min(out, DiffClass::others);
    }
  return out;
}

std::vector<std::uint32_t> weightiest_first(const DiffReport& report) {
  std::vector<std::uint32_t> out(report.differing.size());
  for (std::uint32_t s = 0; s < out.size(); ++s) out[s] = s;
  std::vector<DiffClass> classes;
  for (const DiffSubject& subject : report.differing) classes.push_back(class_of(subject));
  std::stable_sort(out.begin(), out.end(), [&](const std::uint32_t a, const std::uint32_t b) { return classes[a] < classes[b]; });
  return out;
}

std::uint64_t with_other_remedies(const DiffReport& report) {
  return static_cast<std::uint64_t>(std::count_if(report.differing.begin(), report.differing.end(), [](const DiffSubject& s) { return class_of(s) <= DiffClass::remedies_change; }));
}

const char* name_of(document::OperationKind kind) {
  switch (kind) {
    case document::OperationKind::insert: return "insert";
    case document::OperationKind::replace: return "replace";
    case document::OperationKind::append: return "append";
    case document::OperationKind::repeal: return "repeal";
    case document::OperationKind::renumber: return "renumber";
  }
  return "";
}

bool is_json(const verdict::Change& change) {
  static const char* const words[] = {"modality", "in_principle", "state", "actor", "alternative"};
  if (change.kind == Kind::report) return true;
  return change.kind == Kind::remedy_changed && std::none_of(std::begin(words), std::end(words), [&](const char* w) { return change.field == w; });
}

}  // namespace tiao::driver
