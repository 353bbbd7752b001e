#include "tests/differential/generator.hpp"

namespace tiao::differential {

namespace {

// Walks two results side by side and stops at the first place where they differ.
class Comparison {
 public:
  Comparison(const core::Program& program, const Results& a, const Results& b) : program_(program), a_(a), b_(b) {}

  std::string run() {
    const Schema& schema = program_.schema;
    for (EntityId e = 0; e < schema.entities.size(); ++e) derived(schema.entities[e].id, a_.derived[e], b_.derived[e]);
    for (std::uint32_t i = 0; i < program_.computed.size(); ++i)
      list("proposition " + std::to_string(i) + " of " + schema.entities[program_.computed[i].entity].id, a_.propositions[i], b_.propositions[i]);
    for (RemedyId r = 0; r < schema.remedies.size(); ++r) remedy(schema.remedies[r].id, a_.remedies[r], b_.remedies[r]);
    for (std::uint32_t i = 0; i < program_.duties.size(); ++i) {
      list("duty " + std::to_string(i), a_.duties[i].state, b_.duties[i].state);
      cells("duty " + std::to_string(i) + " due", a_.duties[i].due, b_.duties[i].due);
      cells("duty " + std::to_string(i) + " done", a_.duties[i].done, b_.duties[i].done);
    }
    for (std::uint32_t i = 0; i < program_.requires_.size(); ++i) list("require " + std::to_string(i), a_.requires_[i], b_.requires_[i]);
    for (std::uint32_t i = 0; i < program_.reports.size(); ++i)
      cells("report " + std::to_string(i) + " of " + schema.entities[program_.reports[i].entity].id, a_.reports[i], b_.reports[i]);
    for (std::uint32_t i = 0; i < program_.applicabilities.size(); ++i)
      list("applicability " + std::to_string(i), a_.applicable[i], b_.applicable[i]);
    return difference_;
  }

  std::string run_on_demand(const facts::FactBase& facts, interp::Interpreter& asked) {
    for (RemedyId r = 0; r < program_.schema.remedies.size(); ++r) {
      const RemedyTable& whole = a_.remedies[r];
      std::size_t first = whole.target.size();
      for (std::uint32_t target = facts.tables[program_.schema.remedies[r].target].rows; target-- > 0;) {
        const std::size_t end = first;
        while (first > 0 && whole.target[first - 1] == target) --first;
        const interp::RowRange found = asked.remedy_rows(r, target);
        const RemedyTable& own = asked.remedy_table(r);
        const std::string what = program_.schema.remedies[r].id + " on row " + std::to_string(target);
        if (found.end - found.begin != end - first) {
          differ(what + ": " + std::to_string(end - first) + " rows expected, " + std::to_string(found.end - found.begin) + " found");
          continue;
        }
        for (std::uint32_t i = 0; i < end - first; ++i) remedy_row(what, whole, first + i, own, found.begin + i);
      }
    }
    return difference_;
  }

 private:
  void differ(const std::string& what) {
    if (difference_.empty()) difference_ = what;
  }

  template <class Column>   // Packed or BitPairs
  void list(const std::string& what, const Column& a, const Column& b) {
    if (a.size() != b.size()) return differ(what + ": " + std::to_string(a.size()) + " expected, " + std::to_string(b.size()) + " found");
    for (std::size_t i = 0; i < a.size(); ++i)
      if (a[i] != b[i]) return differ(what + " [" + std::to_string(i) + "]: " + std::to_string(a[i]) + " expected, " + std::to_string(b[i]) + " found");
  }

  static std::string text(const Cell& c) {
    return std::to_string(c.lo) + '/' + std::to_string(c.lo_den) + ".." + std::to_string(c.hi) + '/' + std::to_string(c.hi_den);
  }

  // Values, not storage: a column whose every cell is "nothing there" may be empty.
  void cells(const std::string& what, const CellColumn& a, const CellColumn& b) {
    const std::size_t size = std::max(a.lo.size(), b.lo.size());
    const Cell nothing{neg_inf, pos_inf, 1, 1};
    if ((!a.lo.empty() && a.lo.size() != size) || (!b.lo.empty() && b.lo.size() != size)) return list(what, a.lo, b.lo);
    for (std::size_t i = 0; i < size; ++i) {
      const Cell x = a.lo.empty() ? nothing : a.at(i), y = b.lo.empty() ? nothing : b.at(i);
      if (!(x == y)) return differ(what + " [" + std::to_string(i) + "]: " + text(x) + " expected, " + text(y) + " found");
    }
  }

  void derived(const std::string& what, const DerivedRows& a, const DerivedRows& b) {
    list(what + " membership", a.membership, b.membership);
    if (!a.parent.empty() && !b.parent.empty()) list(what + " parent", a.parent, b.parent);
    if (a.refs.size() != b.refs.size() && !a.membership.empty()) return differ(what + " refs");
    for (std::size_t i = 0; i < a.refs.size() && i < b.refs.size(); ++i) list(what + " ref " + std::to_string(i), a.refs[i], b.refs[i]);
  }

  // Rows of derived scopes have other numbers there.
  void remedy_row(const std::string& what, const RemedyTable& a, std::size_t i, const RemedyTable& b, std::size_t j) {
    const auto word = [&](const char* of, const Packed& x, const Packed& y) {
      if (x[i] != y[j]) differ(what + ' ' + of + ": " + std::to_string(x[i]) + " expected, " + std::to_string(y[j]) + " found");
    };
    word("state", a.state, b.state);
    word("modality", a.modality, b.modality);
    word("lead", a.lead, b.lead);
    word("held", a.held, b.held);
    word("open", a.open, b.open);
    const auto of_register = [&](std::int64_t ground) {
      return program_.schema.entities[program_.grounds[static_cast<std::size_t>(ground)].scope].origin == EntityOrigin::register_;
    };
    if (of_register(a.lead[i])) word("scope row", a.scope_row, b.scope_row);
    const auto [first, end] = a.further.of(i);
    const auto [their_first, their_end] = b.further.of(j);
    if (end - first != their_end - their_first)
      return differ(what + ": " + std::to_string(end - first) + " further grounds expected, " + std::to_string(their_end - their_first) + " found");
    for (std::size_t x = first, y = their_first; x < end; ++x, ++y)
      if (a.further.ground[x] != b.further.ground[y] || (of_register(a.further.ground[x]) && a.further.scope_row[x] != b.further.scope_row[y]))
        differ(what + " further ground " + std::to_string(x - first));
    const auto value = [&](const char* of, const CellColumn& x, const CellColumn& y) {
      const Cell nothing{neg_inf, pos_inf, 1, 1};
      const Cell mine = x.lo.empty() ? nothing : x.at(i), theirs = y.lo.empty() ? nothing : y.at(j);
      if (!(mine == theirs)) differ(what + ' ' + of + ": " + text(mine) + " expected, " + text(theirs) + " found");
    };
    value("from", a.from, b.from);
    value("until", a.until, b.until);
    value("length", a.length, b.length);
    for (std::size_t p = 0; p < a.lo.size(); ++p) {
      value("param lo", a.lo[p], b.lo[p]);
      value("param hi", a.hi[p], b.hi[p]);
    }
  }

  void remedy(const std::string& what, const RemedyTable& a, const RemedyTable& b) {
    list(what + " target", a.target, b.target);
    list(what + " state", a.state, b.state);
    list(what + " modality", a.modality, b.modality);
    list(what + " lead", a.lead, b.lead);
    list(what + " scope row", a.scope_row, b.scope_row);
    list(what + " held", a.held, b.held);
    list(what + " open", a.open, b.open);
    list(what + " further grounds at", a.further.at, b.further.at);
    list(what + " further ground", a.further.ground, b.further.ground);
    list(what + " further scope row", a.further.scope_row, b.further.scope_row);
    cells(what + " from", a.from, b.from);
    cells(what + " until", a.until, b.until);
    cells(what + " length", a.length, b.length);
    cells(what + " length_hi", a.length_hi, b.length_hi);
    cells(what + " until_hi", a.until_hi, b.until_hi);
    for (std::size_t i = 0; i < a.lo.size() && i < b.lo.size(); ++i) {
      cells(what + " param " + std::to_string(i) + " lo", a.lo[i], b.lo[i]);
      cells(what + " param " + std::to_string(i) + " hi", a.hi[i], b.hi[i]);
    }
    list(what + " exercised", a.exercised, b.exercised);
    cells(what + " chosen", a.chosen, b.chosen);
  }

  const core::Program& program_;
  const Results &a_, &b_;
  std::string difference_;
};

}  // namespace

std::string first_difference(const core::Program& program, const Results& expected, const Results& found) {
  return Comparison(program, expected, found).run();
}

std::string first_difference_on_demand(const core::Program& program, const facts::FactBase& facts, const Results& expected, interp::Interpreter& asked) {
  return Comparison(program, expected, expected).run_on_demand(facts, asked);
}

}  // namespace tiao::differential
