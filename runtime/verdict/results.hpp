// What an engine hands over after a run, in columns: nothing is formatted yet. Both engines fill exactly the same content
// (docs/engine-semantics.md), so that the verdicts made from it are equal byte for byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "runtime/program/program.hpp"
#include "runtime/program/schema.hpp"
#include "runtime/value/bit_pairs.hpp"
#include "runtime/value/packed.hpp"
#include "runtime/value/value.hpp"

namespace tiao {

// hi is empty when every value is known; the denominators are there for ratios only.
struct CellColumn {
  Packed lo, hi, lo_den, hi_den;
  std::size_t size() const { return lo.size(); }
  bool empty() const { return lo.empty(); }
  std::int64_t hi_at(std::size_t i) const { return hi.empty() ? lo[i] : hi[i]; }
  Cell at(std::size_t i) const {
    Cell c{lo[i], hi_at(i), 1, 1};
    if (!lo_den.empty()) { c.lo_den = lo_den[i]; c.hi_den = hi_den[i]; }
    return c;
  }
  void push(const Cell& c, bool ratio = false) {
    if (hi.empty() && c.lo != c.hi) hi = lo;
    lo.push_back(c.lo);
    if (!hi.empty() || c.lo != c.hi) hi.push_back(c.hi);
    if (ratio) { lo_den.push_back(c.lo_den); hi_den.push_back(c.hi_den); }
  }
  // A stretch of rows; hi null: known. Of ratios all four.
  void append(std::size_t count, const std::int64_t* lows, const std::int64_t* highs, const std::int64_t* low_dens = nullptr,
              const std::int64_t* high_dens = nullptr);
  void append(const CellColumn& other);
  // f(Packed&) for each of its parts.
  template <class F>
  void each(F f) { f(lo), f(hi), f(lo_den), f(hi_den); }
  void shrink() { each([](Packed& c) { c.shrink(); }); }
  std::size_t bytes() const { return lo.bytes() + hi.bytes() + lo_den.bytes() + hi_den.bytes(); }
};

// Beside the leading ground: which others a row that stands together from several rows of a scope rests on, and on which rows of it.
// In order of the rows; none for a ground whose target is its scope row itself, which is the row's target (GroundInfo::on_own_row).
struct FurtherGrounds {
  Packed at;                              // row of the RemedyTable
  Packed ground;                          // index into Program::grounds
  Packed scope_row;
  std::size_t size() const { return at.size(); }
  // The first and the end of those of a row.
  std::pair<std::size_t, std::size_t> of(std::size_t row) const;
  void push(std::size_t row, std::uint32_t of_ground, std::uint32_t on) { at.push_back(static_cast<std::int64_t>(row)), ground.push_back(of_ground), scope_row.push_back(on); }
  void shrink() { at.shrink(); ground.shrink(); scope_row.shrink(); }
  std::size_t bytes() const { return at.bytes() + ground.bytes() + scope_row.bytes(); }
};

// Combined remedy rows whose state is not `no`, ordered by target, modality, leading ground, scope row.
struct RemedyTable {
  Packed target;                          // row of Remedy::target
  Packed state;                           // Truth
  Packed modality;                        // core::Modality
  Packed lead;                            // index into Program::grounds
  Packed scope_row;                       // of the leading ground
  Packed held, open;                      // bits: position among the remedy's grounds in Program::grounds
  FurtherGrounds further;                 // under `combine once`: grounds in state yes; of a row without one, those that may hold
  CellColumn from, until, length;         // own values; a permitted range of lengths stands in length_hi
  CellColumn length_hi, until_hi;         // equal to length / until when the clause gives one value
  std::vector<CellColumn> lo, hi;         // per parameter: the permitted ends; equal when the clause gives one value
  Packed exercised;                       // Truth, of remedies with a chosen column; else empty
  CellColumn chosen;                      // the recorded choice, likewise
  // f(Packed&) for each column and each part of one.
  template <class F>
  void each(F f) {
    for (Packed* c : {&target, &state, &modality, &lead, &scope_row, &held, &open, &exercised, &further.at, &further.ground, &further.scope_row}) f(*c);
    for (CellColumn* c : {&from, &until, &length, &length_hi, &until_hi, &chosen}) c->each(f);
    for (auto* ends : {&lo, &hi})
      for (CellColumn& c : *ends) c.each(f);
  }
};

// A remedy that stands on rows of its target themselves and says nothing more, with nobody else to see it: as planes, a row of the target
// each, until somebody asks for rows (engine::list_remedies).
struct RemedyPlanes {
  struct Act {                            // what one actor must, may or must not do
    program::Modality modality = program::Modality::must;
    std::uint32_t actor = none, alternative = 0;
    std::shared_ptr<BitPairs> state;      // Truth
  };
  struct Citation {                       // a ground of the act
    std::uint32_t ground = 0;             // index into Program::grounds
    std::uint32_t act = 0;
    std::shared_ptr<BitPairs> state;
  };
  std::vector<Act> acts;
  std::vector<Citation> citations;        // in program order
  bool empty() const { return citations.empty(); }
};

struct DerivedRows {
  Packed parent;                          // owner / target row; joins: empty
  Packed membership;                      // Truth
  std::vector<Packed> refs;               // joins: one column per path element
};

struct DutyTable { Packed state; CellColumn due, done; };   // one per scope row; state: DutyState; due, done: empty when the duty has none
enum class DutyState : std::uint8_t { not_there, fulfilled, breached, pending, undetermined, not_applicable, error };

struct Results {
  std::vector<RemedyTable> remedies;                 // by RemedyId
  std::vector<RemedyPlanes> planes;                  // by RemedyId: of those not listed yet, whose table is empty
  std::vector<DerivedRows> derived;                  // by EntityId; registers: empty
  std::vector<DutyTable> duties;                     // by duty
  std::vector<BitPairs> requires_;                     // by require: Truth "violated", one per scope row
  std::vector<CellColumn> reports;                   // by report, one per row of its entity
  std::vector<BitPairs> propositions;                  // by Program::computed index; filled for propositions only, one per row
  std::vector<BitPairs> applicable;                    // by applicability, one per row of its entity (one in all when none)
  std::size_t bytes() const;                         // of all columns
};

}  // namespace tiao
