// Ranks by counting in an order, against the comparison of each row.
#include "runtime/engine/ranking.hpp"

#include <random>

#include "runtime/engine/support.hpp"
#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

constexpr std::uint32_t fold_count = 0, fold_exists = 6, fold_every = 7, fold_share = 8;   // as core::FoldKind

struct RankOracle : ::testing::Test {
  std::mt19937 random{20251031};
  std::int64_t pick(std::size_t n) { return static_cast<std::int64_t>(random() % n); }

  // Close together or far apart, some of them ranges, open or in error.
  Cell number(std::int64_t apart, bool ranges) {
    if (ranges && pick(12) == 0) return number_error();
    if (ranges && pick(8) == 0) return between(pick(2) == 0 ? neg_inf : 0, pos_inf);
    const std::int64_t lo = pick(6) * apart;
    return ranges && pick(3) == 0 ? between(lo, lo + pick(4) * apart) : known(lo);
  }
  Cell quotient(bool ranges) {
    if (ranges && pick(12) == 0) return ratio_error();
    if (ranges && pick(8) == 0) return {neg_inf, pos_inf, 1, 1};
    const Cell low = scalar::ratio_of(known(pick(5)), known(1 + pick(4)));
    return ranges && pick(3) == 0 ? scalar::hull(low, scalar::ratio_of(known(pick(5)), known(1 + pick(4))), Kind::ratio) : low;
  }

  // A population and its rows as they are compared one by one.
  struct Population {
    Columns columns;
    RankInput input;
    std::vector<Cell> values;
    std::vector<std::uint8_t> in;
    std::vector<Cell> region;      // integer
    std::vector<Cell> sort;        // choice
  };
  Population population(Kind kind, bool loose, bool ranges, std::size_t n) {
    Population p;
    const std::int64_t apart = pick(2) == 0 ? 1 : 1'000'000'000'000;
    for (std::size_t i = 0; i < n; ++i) {
      p.values.push_back(kind == Kind::ratio ? quotient(ranges) : number(apart, ranges));
      p.in.push_back(static_cast<std::uint8_t>(!loose || pick(3) != 0 ? Truth::yes : pick(8) == 0 ? Truth::error : pick(2) == 0 ? Truth::unknown : Truth::no));
      p.region.push_back(loose && pick(9) == 0 ? between(0, 1) : known(pick(3) * (apart == 1 ? 1 : 1000)));
      p.sort.push_back(loose && pick(9) == 0 ? choice_of(3) : choice_of(std::uint64_t{1} << pick(2)));
    }
    p.input.rows = static_cast<std::uint32_t>(n);
    p.input.kind = kind;
    return p;
  }
  static void place(Population& p) {
    std::vector<std::int64_t> masks;
    for (const Cell& c : p.sort) masks.push_back(c.lo);
    p.input.in = p.columns.truth_vec(p.in);
    p.input.theirs = p.input.kind == Kind::ratio ? p.columns.ratios(p.values) : p.columns.numbers(p.values);
    p.input.keys = {p.columns.numbers(p.region), p.columns.masks(masks)};
    p.input.key_kinds = {Kind::integer, Kind::choice};
  }

  Counts one_by_one(const Population& p, const Cell* keys, const Cell& ours, std::uint32_t itself) {
    Counts expected;
    for (std::uint32_t row = 0; row < p.input.rows; ++row) {
      const Truth same = scalar::and_(scalar::compare(scalar::CmpOp::is, p.region[row], keys[0], Kind::integer),
                                      scalar::compare(scalar::CmpOp::is, p.sort[row], keys[1], Kind::choice));
      const Truth in = scalar::and_(static_cast<Truth>(p.in[row]), same);
      if (in == Truth::no) continue;
      const Truth holds = row == itself ? Truth::yes : scalar::compare(p.input.op, p.values[row], ours, p.input.kind);
      ++expected.n[static_cast<int>(in)][static_cast<int>(holds)];
    }
    return expected;
  }

  Cell folded(const RankInput& input, const Counts& counts, const Cell* if_none) {
    FoldState state;
    tiao_fold_begin(&state, input.fold, static_cast<std::uint32_t>(Kind::boolean), 0);
    for (std::uint32_t in = 0; in < 4; ++in)
      for (std::uint32_t holds = 0; holds < 4; ++holds)
        for (std::uint32_t i = 0; i < counts.n[in][holds]; ++i) {
          const Cell condition = known(holds), yes = known(1);
          const Truth member = input.as_filter ? scalar::and_(static_cast<Truth>(in), static_cast<Truth>(holds)) : static_cast<Truth>(in);
          if (member != Truth::no) tiao_fold_row(&state, static_cast<std::uint32_t>(member), input.as_filter ? &yes : &condition, nullptr);
        }
    if (input.open) tiao_fold_open(&state, nullptr);
    Cell out;
    tiao_fold_end(&out, &state, if_none);
    return out;
  }

  void compare(Kind kind) {
    for (int round = 0; round < 600; ++round) {
      Population p = population(kind, round % 2 == 0, round % 3 != 0, round % 25 == 24 ? 250 : static_cast<std::size_t>(pick(40)));
      place(p);
      p.input.op = static_cast<scalar::CmpOp>(2 + pick(4));
      p.input.fold = static_cast<std::uint32_t>(std::vector<std::uint32_t>{fold_count, fold_exists, fold_every, fold_share}[static_cast<std::size_t>(pick(4))]);
      p.input.as_filter = p.input.fold == fold_count;
      p.input.open = pick(8) == 0;
      Ranking ranking(p.input);
      // One by one.
      for (int i = 0; i < 12; ++i) {
        const Cell keys[] = {pick(5) == 0 ? between(0, 2) : known(pick(4)), pick(5) == 0 ? choice_of(3) : choice_of(std::uint64_t{1} << pick(2))};
        const Cell ours = p.values.empty() || pick(2) == 0 ? (kind == Kind::ratio ? quotient(true) : number(1, true)) : p.values[static_cast<std::size_t>(pick(p.values.size()))];
        const std::uint32_t itself = pick(2) == 0 || p.values.empty() ? none : static_cast<std::uint32_t>(pick(p.values.size()));
        const Counts expected = one_by_one(p, keys, ours, itself), found = ranking.count(keys, ours, itself);
        for (int in = 0; in < 4; ++in)
          for (int condition = 0; condition < 4; ++condition)
            ASSERT_EQ(found.n[in][condition], expected.n[in][condition]) << "round " << round << " in " << in << " condition " << condition;
      }
      answers(p, ranking, round);
    }
  }

  // All rows of the population at once.
  void answers(const Population& p, Ranking& ranking, int round) {
    RankQuestion question;
    question.rows = p.input.rows;
    question.own_keys = true;
    question.ours = p.input.theirs;
    question.own_row = pick(2) == 0;
    question.worth_cutting = pick(4) == 0 ? 128 : 1;
    Columns columns;
    const bool number = p.input.fold == fold_count || p.input.fold == fold_share, bounded = number && pick(3) != 0;
    const Cell if_none = p.input.fold == fold_share ? Cell{1, 1, 1, 1} : known(0);
    if (p.input.fold == fold_share) {
      question.if_none = columns.ratios({if_none});
      question.if_none.step = 0;
    }
    Cell bound = known(pick(4));
    if (bounded) {
      question.op = static_cast<scalar::CmpOp>(pick(6));
      question.bound_kind = p.input.fold == fold_count ? Kind::integer : pick(2) == 0 ? Kind::ratio : Kind::percent;
      if (question.bound_kind == Kind::percent) bound = pick(5) == 0 ? between(5, 30) : known(pick(6) * 20);
      if (question.bound_kind == Kind::ratio) bound = scalar::ratio_of(known(pick(3)), known(3));
      question.bound = columns.ratios({bound});
      question.bound.step = 0;
    }
    const bool truths = bounded || !number;
    const std::size_t rows = p.input.rows;
    std::vector<std::uint64_t> yes(rows / 64 + 1), no(rows / 64 + 1);
    std::vector<std::int64_t> lo(rows), hi(rows), lo_den(rows), hi_den(rows);
    if (truths) question.to.yes = yes.data(), question.to.no = no.data();
    else question.to.lo = lo.data(), question.to.hi = hi.data();
    if (!truths && p.input.fold == fold_share) question.to.lo_den = lo_den.data(), question.to.hi_den = hi_den.data();
    ranking.answer(question);
    for (std::uint32_t row = 0; row < p.input.rows; ++row) {
      const Cell keys[] = {p.region[row], p.sort[row]};
      const Cell value = folded(p.input, one_by_one(p, keys, p.values[row], question.own_row ? row : none), p.input.fold == fold_share ? &if_none : nullptr);
      if (!truths) {
        ASSERT_EQ(lo[row], value.lo) << round;
        ASSERT_EQ(hi[row], value.hi) << round;
        if (p.input.fold == fold_share) {
          ASSERT_EQ(std::pair(lo_den[row], hi_den[row]), std::pair(value.lo_den, value.hi_den)) << round;
        }
        continue;
      }
      Truth expected = static_cast<Truth>(value.lo);
      if (bounded && question.bound_kind == Kind::percent) expected = scalar::compare_ratio(question.op, value, bound, true, 0);
      else if (bounded) expected = scalar::compare(question.op, value, bound, question.bound_kind);
      ASSERT_EQ((yes[row / 64] >> row % 64 & 1) | (no[row / 64] >> row % 64 & 1) << 1, static_cast<std::uint64_t>(expected)) << "round " << round << " row " << row;
    }
  }
};

TEST_F(RankOracle, CountsAsTheComparisonOfEachRow) { compare(Kind::money); }
TEST_F(RankOracle, OrdersRatiosByTheirQuotients) { compare(Kind::ratio); }

// So many rows that several threads take a part of them each: values close together or far apart, all known or not.
TEST_F(RankOracle, IsTheSameForAnyNumberOfThreads) {
  constexpr std::uint32_t rows = 3 * 16384 + 77;
  for (const bool loose : {false, true})
    for (const std::int64_t apart : {std::int64_t{1}, std::int64_t{1'000'000'000'000}}) {
      Population p;
      for (std::uint32_t row = 0; row < rows; ++row) {
        const std::int64_t lo = pick(200) * apart;
        p.values.push_back(!loose || pick(20) != 0 ? known(lo) : pick(9) == 0 ? number_error() : pick(3) == 0 ? between(neg_inf, lo) : between(lo, lo + pick(30) * apart));
        p.in.push_back(static_cast<std::uint8_t>(pick(10) == 0 ? Truth::no : !loose || pick(100) != 0 ? Truth::yes : pick(2) == 0 ? Truth::unknown : Truth::error));
        // Some keys are first met late.
        p.region.push_back(loose && apart == 1 && pick(5000) == 0 ? between(0, 1) : known(row < 40'000 ? pick(3) : 2 + pick(4)));
        p.sort.push_back(choice_of(std::uint64_t{1} << (row < 30'000 ? 1 : pick(2))));
      }
      p.input.rows = rows;
      p.input.kind = Kind::integer;
      p.input.fold = fold_share;
      p.input.op = scalar::CmpOp::under;
      place(p);
      Columns columns;
      RankQuestion question;
      question.rows = rows;
      question.own_keys = question.own_row = true;
      question.ours = p.input.theirs;
      question.bound = columns.ratios({known(5)});
      question.bound.step = 0;
      question.bound_kind = Kind::percent;
      std::vector<std::vector<std::uint64_t>> answers;
      std::vector<Counts> counts;
      for (const std::uint32_t threads : {1u, 2u, 3u, 8u}) {
        p.input.threads = question.threads = threads;
        Ranking ranking(p.input);
        std::vector<std::uint64_t> yes(rows / 64 + 1), no(rows / 64 + 1);
        question.to.yes = yes.data(), question.to.no = no.data();
        ranking.answer(question);
        if (threads == 1) answers = {yes, no};
        EXPECT_EQ(answers, (std::vector{yes, no})) << threads;
        std::size_t at = 0;
        for (std::int64_t region = 0; region < 6; ++region)
          for (const std::int64_t ours : {std::int64_t{0}, 77 * apart, 199 * apart}) {
            const Cell keys[] = {known(region), choice_of(2)};
            const Counts found = ranking.count(keys, known(ours), none);
            if (threads == 1) {
              const Counts expected = one_by_one(p, keys, known(ours), none);
              for (int in = 0; in < 4; ++in)
                for (int condition = 0; condition < 4; ++condition) ASSERT_EQ(found.n[in][condition], expected.n[in][condition]);
              counts.push_back(found);
            }
            for (int in = 0; in < 4; ++in)
              for (int condition = 0; condition < 4; ++condition) ASSERT_EQ(found.n[in][condition], counts[at].n[in][condition]) << threads;
            ++at;
          }
      }
    }
}

}  // namespace
}  // namespace tiao::engine
