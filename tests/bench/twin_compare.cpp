#include "tests/bench/twin_compare.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "tests/bench/twin_words.hpp"

namespace tiao::bench {
namespace {

constexpr std::uint32_t everything = 0;

class Comparer {
 public:
  Comparer(const core::Program& program, const Results& engine, const TwinResult& twin) : program_(program), engine_(engine), twin_(twin) {}

  Comparison go() {
    remedies();
    duties();
    requires_();
    propositions();
    reports();
    return std::move(out_);
  }

 private:
  void same(const std::string& what, std::size_t row, std::int64_t engine, std::int64_t twin) {
    ++out_.compared;
    if (engine == twin) return;
    ++out_.different;
    if (out_.examples.size() < 20)
      out_.examples.push_back(what + " row " + std::to_string(row) + ": engine " + std::to_string(engine) + ", twin " + std::to_string(twin));
  }
  void missing(const std::string& what) {
    ++out_.different;
    out_.examples.push_back(what + " is not in the program");
  }

  static std::int64_t low(const CellColumn& column, std::size_t row) { return column.lo.empty() ? neg_inf : column.lo[row]; }
  static std::int64_t high(const CellColumn& column, std::size_t row) {
    return column.lo.empty() ? pos_inf : column.hi_at(row);
  }

  void remedies() {
    for (unsigned r = 0; r < r_count; ++r) {
      const char* id = twin_names().remedies[r];
      const auto found = std::find_if(program_.schema.remedies.begin(), program_.schema.remedies.end(), [&](const Remedy& x) { return x.id == id; });
      if (found == program_.schema.remedies.end()) {
        missing(id);
        continue;
      }
      const RemedyTable& theirs = engine_.remedies[static_cast<std::size_t>(found - program_.schema.remedies.begin())];
      const TwinRemedy& ours = twin_.remedies[r];
      same(std::string(id) + " rows", 0, static_cast<std::int64_t>(theirs.target.size()), static_cast<std::int64_t>(ours.target.size()));
      if (theirs.target.size() != ours.target.size()) continue;
      const bool timed = r == r_suspend || r == r_end || r == r_reregister;
      const bool valued = r == r_record_points || r == r_remit_points || r == r_cut_term || r == r_adjust_result || r == r_end;
      // Both in one order: by target, modality, first day and last.
      std::vector<std::size_t> mine(ours.target.size()), other(ours.target.size());
      std::iota(mine.begin(), mine.end(), 0);
      std::iota(other.begin(), other.end(), 0);
      std::sort(mine.begin(), mine.end(), [&](std::size_t a, std::size_t b) {
        return std::tuple(ours.target[a], ours.modality[a], timed ? ours.from[a] : 0, timed ? ours.until[a] : 0, a) <
               std::tuple(ours.target[b], ours.modality[b], timed ? ours.from[b] : 0, timed ? ours.until[b] : 0, b);
      });
      std::sort(other.begin(), other.end(), [&](std::size_t a, std::size_t b) {
        return std::tuple(theirs.target[a], theirs.modality[a], timed ? low(theirs.from, a) : 0, timed ? low(theirs.until, a) : 0, a) <
               std::tuple(theirs.target[b], theirs.modality[b], timed ? low(theirs.from, b) : 0, timed ? low(theirs.until, b) : 0, b);
      });
      for (std::size_t i = 0; i < mine.size(); ++i) {
        const std::size_t m = mine[i], t = other[i];
        same(std::string(id) + ".target", i, theirs.target[t], ours.target[m]);
        same(std::string(id) + ".modality", i, theirs.modality[t], ours.modality[m]);
        same(std::string(id) + ".state", i, theirs.state[t], 1);
        same(std::string(id) + ".held", i, static_cast<std::int64_t>(theirs.held[t]), ours.held[m]);
        if (timed) {
          same(std::string(id) + ".from", i, low(theirs.from, t), ours.from[m]);
          same(std::string(id) + ".from upper", i, high(theirs.from, t), ours.from[m]);
          same(std::string(id) + ".until", i, low(theirs.until, t), ours.until[m]);
          if (r == r_suspend) same(std::string(id) + ".length", i, low(theirs.length, t), ours.length[m]);
        }
        if (valued) {
          same(std::string(id) + ".low", i, low(theirs.lo[0], t), ours.low[m]);
          same(std::string(id) + ".high", i, high(theirs.hi[0], t), ours.high[m]);
        }
      }
    }
  }

  void duties() {
    std::size_t from = 0;
    for (unsigned d = 0; d < d_count; ++d) {
      std::size_t index = from;
      while (index < program_.duties.size() && program_.schema.nodes[program_.duties[index].cite].address != twin_names().duties[d]) ++index;
      if (index == program_.duties.size()) {
        missing(std::string("duty ") + twin_names().duties[d]);
        continue;
      }
      from = index + 1;
      const DutyTable& theirs = engine_.duties[index];
      const TwinDuty& ours = twin_.duties[d];
      const std::string what = std::string("duty ") + twin_names().duties[d];
      same(what + " rows", 0, static_cast<std::int64_t>(theirs.state.size()), static_cast<std::int64_t>(ours.state.size()));
      for (std::size_t row = 0; row < std::min(ours.state.size(), theirs.state.size()); ++row) {
        same(what, row, theirs.state[row], ours.state[row]);
        const auto state = static_cast<DutyState>(ours.state[row]);
        if (!ours.due.empty() && state != DutyState::not_there && state != DutyState::not_applicable) same(what + " due", row, low(theirs.due, row), ours.due[row]);
      }
    }
  }

  void requires_() {
    std::size_t from = 0;
    for (unsigned q = 0; q < q_count; ++q) {
      std::size_t index = from;
      while (index < program_.requires_.size() && program_.schema.nodes[program_.requires_[index].cite].address != twin_names().requires_[q]) ++index;
      if (index == program_.requires_.size()) {
        missing(std::string("require ") + twin_names().requires_[q]);
        continue;
      }
      from = index + 1;
      bytes(std::string("require ") + twin_names().requires_[q], engine_.requires_[index], twin_.violated[q]);
    }
  }

  template <class Column>   // Packed or BitPairs
  void bytes(const std::string& what, const Column& theirs, const std::vector<std::uint8_t>& ours) {
    same(what + " rows", 0, static_cast<std::int64_t>(theirs.size()), static_cast<std::int64_t>(ours.size()));
    for (std::size_t row = 0; row < std::min(ours.size(), theirs.size()); ++row) same(what, row, theirs[row], ours[row]);
  }

  // Bit k of each row is the k-th name. With `here`, rows without that bit are not looked at.
  void masks(const char* entity, const std::vector<const char*>& names, const std::vector<std::uint32_t>& ours, std::uint32_t here) {
    for (std::size_t k = 0; k < names.size(); ++k) {
      const BitPairs* theirs = nullptr;
      for (std::size_t c = 0; c < program_.computed.size(); ++c)
        if (program_.computed[c].proposition && program_.schema.entities[program_.computed[c].entity].id == entity &&
            program_.schema.nodes[program_.computed[c].node].address == names[k])
          theirs = &engine_.propositions[c];
      const std::string what = std::string(entity) + " " + names[k];
      if (theirs == nullptr) {
        missing(what);
        continue;
      }
      same(what + " rows", 0, static_cast<std::int64_t>(theirs->size()), static_cast<std::int64_t>(ours.size()));
      for (std::size_t row = 0; row < std::min(ours.size(), theirs->size()); ++row)
        if (here == everything || (ours[row] & here) != 0) same(what, row, (*theirs)[row], (ours[row] >> k & 1u) != 0 ? 1 : 2);
    }
  }

  void propositions() {
    const TwinNames& names = twin_names();
    masks("incident", names.incident, twin_.incident, i_here);
    masks("repairs", names.repair, twin_.repair, m_here);
    masks("appeals", names.appeal, twin_.appeal, a_here);
    masks("fees", names.fee, twin_.fee, f_here);
    masks("total.step", names.step, twin_.step, everything);
    masks("due_status.span", names.span, twin_.span, everything);
    masks("practitioner", names.person, twin_.person, everything);
    masks("facility", names.facility, twin_.facility, everything);
    owners("total.step", twin_.step_owner);
    owners("due_status.span", twin_.span_owner);
    for (std::size_t a = 0; a < program_.applicabilities.size(); ++a)
      if (program_.applicabilities[a].entity != none)
        for (std::size_t row = 0; row < twin_.person.size(); ++row) same("applies", row, engine_.applicable[a][row], (twin_.person[row] & p_applies) != 0 ? 1 : 2);
  }

  void owners(const char* entity, const std::vector<std::uint32_t>& ours) {
    for (std::size_t e = 0; e < program_.schema.entities.size(); ++e) {
      if (program_.schema.entities[e].id != entity) continue;
      const Packed& theirs = engine_.derived[e].parent;
      same(std::string(entity) + " rows", 0, static_cast<std::int64_t>(theirs.size()), static_cast<std::int64_t>(ours.size()));
      for (std::size_t row = 0; row < std::min(ours.size(), theirs.size()); ++row) same(entity, row, theirs[row], ours[row]);
    }
  }

  template <class T>
  void report(const char* id, const std::vector<T>& ours, const std::vector<std::int64_t>* under = nullptr) {
    for (std::size_t r = 0; r < program_.reports.size(); ++r) {
      if (program_.reports[r].id != id) continue;
      const CellColumn& theirs = engine_.reports[r];
      for (std::size_t row = 0; row < ours.size(); ++row) {
        const Cell cell = theirs.at(row);
        same(id, row, cell.lo, ours[row]);
        same(id, row, cell.hi, ours[row]);
        if (under != nullptr) same(id, row, cell.lo_den, (*under)[row]);
      }
      return;
    }
    missing(std::string("report ") + id);
  }

  void reports() {
    report("status_recorded", twin_.recorded);
    report("status_due", twin_.due);
    report("sites_scored", twin_.sites);
    report("pharmacies_scored", twin_.pharmacies);
    report("total", twin_.total);
    report("points_going_on", twin_.total);
    report("out_heads", twin_.out_heads);
    report("out_share", twin_.share_over, &twin_.share_under);
  }

  const core::Program& program_;
  const Results& engine_;
  const TwinResult& twin_;
  Comparison out_;
};

}  // namespace

Comparison compare(const core::Program& program, const Results& engine, const TwinResult& twin) { return Comparer(program, engine, twin).go(); }

}  // namespace tiao::bench
