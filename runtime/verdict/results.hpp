// What an engine hands over after a run, in columns: nothing is formatted yet. Both engines fill exactly the same content
// (docs/engine-semantics.md), so that the verdicts made from it are equal byte for byte.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/program/schema.hpp"
#include "runtime/value/value.hpp"

namespace tiao {

// hi is empty when every value is known; the denominators are there for ratios only.
struct CellColumn {
  std::vector<std::int64_t> lo, hi, lo_den, hi_den;
  Cell at(std::size_t i) const {
    Cell c{lo[i], hi.empty() ? lo[i] : hi[i], 1, 1};
    if (!lo_den.empty()) { c.lo_den = lo_den[i]; c.hi_den = hi_den[i]; }
    return c;
  }
  void push(const Cell& c, bool ratio = false) {
    if (hi.empty() && c.lo != c.hi) hi.assign(lo.begin(), lo.end());
    lo.push_back(c.lo);
    if (!hi.empty() || c.lo != c.hi) hi.push_back(c.hi);
    if (ratio) { lo_den.push_back(c.lo_den); hi_den.push_back(c.hi_den); }
  }
};

// Combined remedy rows whose state is not `no`, ordered by target, modality, leading ground, scope row.
struct RemedyTable {
  std::vector<std::uint32_t> target;      // row of Remedy::target
  std::vector<std::uint8_t> state;        // Truth
  std::vector<std::uint8_t> modality;     // core::Modality
  std::vector<std::uint32_t> lead;        // index into Program::grounds
  std::vector<std::uint32_t> scope_row;   // of the leading ground
  std::vector<std::uint64_t> held, open;  // bits: position among the remedy's grounds in Program::grounds
  CellColumn from, until, length;         // own values; a permitted range of lengths stands in length_hi
  CellColumn length_hi, until_hi;         // equal to length / until when the clause gives one value
  std::vector<CellColumn> lo, hi;         // per parameter: the permitted ends; equal when the clause gives one value
  std::vector<std::uint8_t> exercised;    // Truth, of remedies with a chosen column; else empty
  CellColumn chosen;                      // the recorded choice, likewise
};

struct DerivedRows {
  std::vector<std::uint32_t> parent;                 // owner / target row; joins: empty
  std::vector<std::uint8_t> membership;              // Truth
  std::vector<std::vector<std::uint32_t>> refs;      // joins: one column per path element
};

struct DutyTable { std::vector<std::uint8_t> state; CellColumn due, done; };   // one per scope row; state: DutyState; due, done: empty when the duty has none
enum class DutyState : std::uint8_t { not_there, fulfilled, breached, pending, undetermined, not_applicable, error };

struct Results {
  std::vector<RemedyTable> remedies;                 // by RemedyId
  std::vector<DerivedRows> derived;                  // by EntityId; registers: empty
  std::vector<DutyTable> duties;                     // by duty
  std::vector<std::vector<std::uint8_t>> requires_;  // by require: Truth "violated", one per scope row
  std::vector<CellColumn> reports;                   // by report, one per row of its entity
  std::vector<std::vector<std::uint8_t>> propositions;   // by Program::computed index; filled for propositions only, one per row
  std::vector<std::vector<std::uint8_t>> applicable; // by applicability, one per row of its entity (one in all when none)
};

}  // namespace tiao
