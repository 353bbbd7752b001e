// What the grounds of a remedy say on the scope rows that reach a target, folded to one value per combined row, column by column.
#pragma once

#include <functional>

#include "runtime/engine/kernels.hpp"

namespace tiao::engine {

// One ground that reaches a target from a scope row.
struct Hit {
  std::uint32_t scope_row;
  std::uint16_t ground;     // position among the remedy's grounds
  std::uint8_t state;       // Truth
};

// A combined row: hits first .. first + count; the leading one.
struct CombinedRow { std::uint32_t target, first, count, lead; };

// The permitted ends of a value; equal when the clause gives one. Not there: the clause says nothing of it.
struct Ends { Cell lo, hi; bool there = false; };

inline constexpr Cell nothing = between(neg_inf, pos_inf);

class RemedyValues {
 public:
  RemedyValues(const RemedyInput& input, const Array<Hit>& hits, const Array<CombinedRow>& rows);

  // What fills times and parameters of the table, column by column in any order; what no ground speaks of stays empty.
  std::vector<std::function<void()>> columns(RemedyTable& table);

  // What other declarations see of a filled row: the hull of its permitted ends, or what stands for nothing.
  Cell shown_from(const RemedyTable& table, std::uint32_t row) const;
  Cell starts(const RemedyTable& table, std::uint32_t row) const;   // its first day; -inf when nothing says from when
  Cell shown_until(const RemedyTable& table, std::uint32_t row) const;
  Cell shown_length(const RemedyTable& table, std::uint32_t row) const;
  Cell shown_param(const RemedyTable& table, std::size_t p, std::uint32_t row) const;
  // The same where the decider's choice is on record, or may be: `given` and known counts as it stands.
  Cell shown_choice(const RemedyTable& table, std::size_t p, std::uint32_t row, const Cell& chosen, bool given) const;
  Kind kind(std::size_t p) const { return in_.remedy->params[p].type.kind; }

 private:
  // A filled column: absent[row] is 1 where no ground says anything of it, 2 where it may be that none does; empty: nowhere.
  struct Column { bool there = false; Array<std::uint8_t> absent; };

  // What a column is folded from beside the hits: which grounds speak of it, and the widest that one we do not see may say.
  struct Unseen { std::vector<bool> speaks; Cell widest; };

  template <class Say, class Plain>
  void fill_column(std::uint32_t fold, Kind kind, Say say, Plain plain, const Unseen& unseen, CellColumn& lo, CellColumn* hi, Column& column);
  void fill_rule(std::uint32_t fold, Kind kind, const std::vector<const RuleInput*>& rules, std::int64_t range_lo, std::int64_t range_hi, const Cell& widest,
                 CellColumn& lo, CellColumn& hi, Column& column);
  // The value, or what stands for nothing, or the hull of both.
  static Cell shown(const Column& column, std::uint32_t row, const Cell& value, const Cell& instead, Kind kind);
  bool may_say_more(const CombinedRow& row, const Unseen& unseen) const;
  template <class Pick>
  std::vector<const RuleInput*> rules(Pick pick) const;
  void fill_from(RemedyTable& table);
  void fill_until(RemedyTable& table);
  Ends until_of(const GroundInput& ground, std::uint32_t row) const;
  Cell widest(std::size_t p) const;

  const RemedyInput& in_;
  const Array<Hit>& hits_;
  const Array<CombinedRow>& rows_;
  Column from_, until_, length_;
  std::vector<Column> params_;
  bool unseen_ = false;   // some ground may stand on rows that we do not know, and comes together with others
};

}  // namespace tiao::engine
