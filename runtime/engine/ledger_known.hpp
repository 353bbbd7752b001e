// The chain of an owner whose amounts and memberships are known well enough that no order of events is open: every entry and credit
// is surely there, on a known day; amounts of entries may be ranges where there are no credits. Most owners are so, with few events
// each: what is done per event follows no branch that an event decides.
#pragma once

#include "runtime/engine/ledger.hpp"

namespace tiao::engine {

enum class Gathered : std::uint8_t { nothing, known, ranges, error };

// Amounts and numbers of events under which no sum of a chain can leave 64 bits.
inline constexpr std::int64_t small_amount = std::int64_t{1} << 40;
inline constexpr std::size_t small_count = std::size_t{1} << 20;
constexpr bool is_small(std::int64_t v) { return v > -small_amount && v < small_amount; }

// Rows of a table of numbers, written through plain pointers into room that was asked for. Between settle() and resume() the table
// is as it looks from outside, and rows can be pushed to its arrays.
class RowWriter {
 public:
  static constexpr std::size_t slack = 4;   // so many rows may be written beyond the room

  // `stored`: bit per column that is kept; `ranged`: bit per column that may hold ranges of known owners. `owners`: all of them.
  RowWriter(DerivedTable& table, TruthColumn& memberships, std::uint32_t stored, std::uint32_t ranged, std::uint32_t owners);

  // `owners`: those that are done.
  void room(std::size_t more, std::uint32_t owners) {
    if (rows + more + slack > capacity_) grow(more, owners);
  }
  bool stores(std::uint32_t column) const { return (stored_ >> column & 1) != 0; }
  // From here on the upper ends of columns that may hold ranges are kept.
  void keep_ranges();
  void settle();
  void resume();

  std::size_t rows = 0;
  std::uint32_t* parent = nullptr;
  static constexpr std::size_t most_columns = 8;
  std::int64_t *lo[most_columns] = {}, *hi[most_columns] = {};   // by column; null: not kept, upper ends: as the lower ones
  bool ranges = false;

 private:
  void grow(std::size_t more, std::uint32_t owners);

  DerivedTable& table_;
  TruthColumn& memberships_;
  std::uint32_t stored_, ranged_, owners_;
  std::size_t columns_, capacity_ = 0;
};

class KnownChain {
 public:
  KnownChain(const LedgerInput& input, RowWriter& steps, RowWriter& cycles, std::vector<PeriodFinder>& cap_periods);

  // Takes the events of an owner; `ranges` when something is not known.
  Gathered gather(std::uint32_t row);
  // Floor, opening balance and caps of the owners from here on; small.
  void set_constants(std::int64_t floor, std::int64_t opens_at, const std::vector<Cell>& caps);
  // Writes the steps and cycles of the owner whose events were gathered.
  void run(std::uint32_t row, std::uint32_t owners_done);
  // Both at once for an owner with few events, if that is how all of them can be taken: no branch then depends on an event, and one on how
  // many there are. False: nothing is written yet.
  bool run_few(std::uint32_t row, std::uint32_t owners_done);

 private:
  struct Event { std::int64_t day, lo, hi; std::uint32_t flow; };
  struct Flow {
    const std::uint32_t* offsets;
    const std::uint8_t *open, *in;
    const std::int64_t *day_lo, *day_hi, *lo, *hi;
    std::size_t in_step, day_step, step;
  };
  // What a credit clause has offered in its cap period, which ends before `until`.
  struct Spent { std::int64_t sum, until; };

  void sort();
  void count_steps(std::uint32_t row);
  template <bool with_credits>
  void write_steps(std::uint32_t row);
  template <class EachEntry>
  void write_cycles(std::uint32_t row, std::uint32_t owners_done, std::int64_t earliest, EachEntry each_entry);
  template <std::uint32_t count>
  bool few_events(std::uint32_t row, std::uint32_t begin, std::uint32_t owners_done);
  void keep_ranges();
  std::int64_t grant(std::size_t credit, std::int64_t day, std::int64_t amount);

  const LedgerInput& in_;
  RowWriter &steps_, &cycles_;
  std::vector<Flow> flows_;
  bool with_periods_, with_cycles_, with_values_ = false;
  bool counts_only_ = false;   // entries of one clause; of steps nobody asks more than how many there are
  PeriodTable periods_;
  Array<Event> events_;
  std::size_t count_ = 0;
  std::int64_t earliest_ = 0;
  bool some_range_ = false;
  std::int64_t floor_ = 0, opens_at_ = 0;
  std::vector<std::int64_t> caps_;
  std::vector<Spent> spent_;
  std::vector<PeriodFinder>& cap_periods_;
};

enum : std::uint32_t { col_day = 1, col_opening, col_balance, col_entered, col_largest, step_columns };
enum : std::uint32_t { col_starts_on = 1, col_ends_on, col_cycle_entered, cycle_columns };

}  // namespace tiao::engine
