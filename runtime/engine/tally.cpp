#include "runtime/engine/tally.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "runtime/engine/parts.hpp"
#include "runtime/engine/support.hpp"
#include "runtime/engine/truths.hpp"

namespace tiao::engine {

namespace {

constexpr std::uint32_t conditions = 4;               // values of a Truth
constexpr std::uint32_t others = 2 * conditions;      // of rows that may be in, then of those in error
enum : std::uint32_t { fold_count = 0, fold_exists = 6, fold_every = 7 };   // core::FoldKind; the other one is share

// What one thread counts of some rows.
class Count {
 public:
  Count(const TallyInput& input, Array<std::uint32_t>& sure, Array<std::uint32_t>& other) : in_(input), sure_(sure), other_(other) {
    sure_.assign(std::size_t{in_.named} * conditions, 0);
    other_.clear();
  }

  void run(std::uint32_t begin, std::uint32_t end) {
    const bool planes = (!in_.in.present() || in_.in.yes != nullptr) && (!in_.condition.present() || in_.condition.yes != nullptr);
    if (planes && in_.link.row != nullptr) return by_words(begin, end);
    for (std::uint32_t row = begin; row < end; ++row)
      add(named_row(in_.link, row), in_.in.present() ? static_cast<Truth>(in_.in.truth_at(row)) : Truth::yes, in_.condition.present() ? in_.condition.truth_at(row) : yes_byte);
  }

  // Rows that name none that is known, by membership (yes, unknown, error) and condition.
  std::uint32_t loose[3][conditions] = {};

 private:
  // Sixty-four rows of a word; those that are surely in are counted without a branch.
  void by_words(std::uint32_t begin, std::uint32_t end) {
    constexpr std::uint32_t word_rows = BitPairs::word_rows;
    std::uint32_t* const sure = sure_.data();
    for (std::uint32_t row = begin; row < end;) {
      const std::uint32_t word = row / word_rows, until = row + std::min(end - row, word_rows - row % word_rows);
      const auto bits = [&](const Vec& truths, std::uint64_t& yes, std::uint64_t& no) {
        yes = truths.present() ? truths.yes[word] >> row % word_rows : ~std::uint64_t{0};
        no = truths.present() ? truths.no[word] >> row % word_rows : 0;
      };
      std::uint64_t in_yes, in_no, yes, no;
      bits(in_.in, in_yes, in_no);
      bits(in_.condition, yes, no);
      for (; row < until; ++row, in_yes >>= 1, in_no >>= 1, yes >>= 1, no >>= 1) {
        const std::uint32_t named = in_.link.row[row];
        const auto condition = static_cast<std::uint8_t>((yes & 1) | (no & 1) << 1);
        if ((in_yes & ~in_no & 1) != 0 && named != none) ++sure[std::size_t{named} * conditions + condition];
        else add(named, static_cast<Truth>((in_yes & 1) | (in_no & 1) << 1), condition);
      }
    }
  }

  void add(std::uint32_t named, Truth in, std::uint8_t condition) {
    if (in == Truth::no) return;
    if (named == none) {
      ++loose[in == Truth::yes ? 0 : in == Truth::unknown ? 1 : 2][condition];
    } else if (in == Truth::yes) {
      ++sure_[std::size_t{named} * conditions + condition];
    } else {
      if (other_.empty()) other_.assign(std::size_t{in_.named} * others, 0);
      ++other_[std::size_t{named} * others + (in == Truth::unknown ? 0 : conditions) + condition];
    }
  }

  const TallyInput& in_;
  Array<std::uint32_t>&sure_, &other_;
};

// The fold over rows that are all in, none in error. False: it takes more than counting.
bool simple_answer(std::uint32_t fold, const std::uint32_t* rows, Cell& answer) {
  const std::int64_t unknown = rows[unknown_byte], yes = rows[yes_byte], all = unknown + yes + rows[no_byte];
  if (rows[error_byte] != 0) return false;
  switch (fold) {
    case fold_count: answer = known(all); return true;
    case fold_exists: answer = known(yes != 0 ? yes_byte : unknown != 0 ? unknown_byte : no_byte); return true;
    case fold_every: answer = known(rows[no_byte] != 0 ? no_byte : unknown != 0 ? unknown_byte : yes_byte); return true;
    default: answer = {yes, yes + unknown, all, all}; return all != 0;
  }
}

void add_up(Array<std::uint32_t>& to, const Array<std::uint32_t>& more) {
  if (to.empty() && !more.empty()) to.assign(more.size(), 0);
  for (std::size_t i = 0; i < more.size(); ++i) to[i] += more[i];
}

}  // namespace

void Tally::run(const TallyInput& in, const FoldAnswers& answers) {
  // Each thread has counters of its own: more of them than rows that are counted are not worth it.
  const std::uint32_t parts = in.named <= in.rows / 4 ? parts_of(in.rows, in.threads) : 1;
  Count all(in, sure_, other_);
  struct More {
    Array<std::uint32_t> sure, other;
    std::optional<Count> count;
  };
  std::vector<More> more(parts - 1);
  for (More& m : more) m.count.emplace(in, m.sure, m.other);
  at_once(parts, [&](std::uint32_t p) { (p == 0 ? all : *more[p - 1].count).run(part_start(in.rows, parts, p), part_start(in.rows, parts, p + 1)); });
  for (const More& m : more) {
    add_up(sure_, m.sure);
    add_up(other_, m.other);
    for (std::uint32_t in_it = 0; in_it < 3; ++in_it)
      for (std::uint32_t c = 0; c < conditions; ++c) all.loose[in_it][c] += m.count->loose[in_it][c];
  }

  if (answers.yes != nullptr) {
    std::fill_n(answers.yes, BitPairs::room_of(in.named), 0);
    std::fill_n(answers.no, BitPairs::room_of(in.named), 0);
  }
  bool no_loose = true;
  for (const auto& of : all.loose)
    for (const std::uint32_t rows : of) no_loose = no_loose && rows == 0;
  const bool simple = other_.empty() && no_loose && in.open == nullptr;
  const auto fold = [&](std::uint32_t named) {
    FoldState state;
    tiao_fold_begin(&state, in.fold, static_cast<std::uint32_t>(Kind::boolean), 0);
    const auto rows = [&](Truth membership, const std::uint32_t* of) {
      for (std::uint32_t c = 0; c < conditions; ++c) fold_rows(state, membership, static_cast<Truth>(c), of[c]);
    };
    rows(Truth::yes, &sure_[std::size_t{named} * conditions]);
    if (!other_.empty()) {
      rows(Truth::unknown, &other_[std::size_t{named} * others]);
      rows(Truth::error, &other_[std::size_t{named} * others + conditions]);
    }
    for (std::uint32_t in_it = 0; in_it < 2; ++in_it) rows(Truth::unknown, all.loose[in_it]);
    rows(Truth::error, all.loose[2]);
    if (in.open != nullptr && in.open[named] != 0) tiao_fold_open(&state, nullptr);
    Cell answer;
    const Cell if_none = in.if_none.present() ? in.if_none.at(named) : Cell{};
    tiao_fold_end(&answer, &state, in.if_none.present() ? &if_none : nullptr);
    return answer;
  };
  for (std::uint32_t named = 0; named < in.named; ++named) {
    Cell answer;
    if (!simple || !simple_answer(in.fold, &sure_[std::size_t{named} * conditions], answer)) answer = fold(named);
    if (answers.yes != nullptr) {
      answers.yes[named / 64] |= static_cast<std::uint64_t>(answer.lo & 1) << named % 64;
      answers.no[named / 64] |= static_cast<std::uint64_t>(answer.lo >> 1 & 1) << named % 64;
      continue;
    }
    answers.lo[named] = answer.lo;
    answers.hi[named] = answer.hi;
    if (answers.lo_den == nullptr) continue;
    answers.lo_den[named] = answer.lo_den;
    answers.hi_den[named] = answer.hi_den;
  }
}

}  // namespace tiao::engine
