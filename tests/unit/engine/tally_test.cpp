// Tallies against folds that look at every row for each that may be named.
#include "runtime/engine/tally.hpp"

#include <random>

#include "runtime/engine/support.hpp"
#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

constexpr std::uint32_t kinds[] = {0, 6, 7, 8};   // count, exists, every, share, as core::FoldKind

struct TallyOracle : ::testing::Test {
  std::mt19937 random{20260401};
  std::uint32_t pick(std::size_t n) { return static_cast<std::uint32_t>(random() % n); }

  struct Rows {
    std::vector<std::uint32_t> link;
    std::vector<std::uint8_t> in, condition, open;
    std::vector<Cell> if_none;
  };
  // loose: links, memberships and conditions that are not known or in error.
  Rows rows(std::size_t count, std::uint32_t named, bool loose) {
    Rows r;
    for (std::size_t i = 0; i < count; ++i) {
      r.link.push_back(loose && pick(40) == 0 ? none : pick(named));
      r.in.push_back(loose ? static_cast<std::uint8_t>(pick(10) < 7 ? T : pick(4)) : pick(5) == 0 ? F : T);
      r.condition.push_back(loose && pick(30) == 0 ? E : static_cast<std::uint8_t>(pick(3)));
    }
    for (std::uint32_t n = 0; n < named; ++n) {
      r.open.push_back(static_cast<std::uint8_t>(loose && pick(6) == 0));
      r.if_none.push_back({1, 1, 2, 2});
    }
    return r;
  }

  static Cell expected(const Rows& r, std::uint32_t named, std::uint32_t kind, bool all_in, bool no_condition, bool open, bool if_none) {
    FoldState state;
    tiao_fold_begin(&state, kind, static_cast<std::uint32_t>(Kind::boolean), 0);
    for (std::size_t i = 0; i < r.link.size(); ++i) {
      const Truth way = r.link[i] == none ? Truth::unknown : truth(r.link[i] == named);
      const Truth in = scalar::and_(way, all_in ? Truth::yes : static_cast<Truth>(r.in[i]));
      const Cell condition = known(no_condition ? T : r.condition[i]);
      tiao_fold_row(&state, static_cast<std::uint32_t>(in), &condition, nullptr);
    }
    if (open && r.open[named] != 0) tiao_fold_open(&state, nullptr);
    Cell out;
    tiao_fold_end(&out, &state, if_none ? &r.if_none[named] : nullptr);
    return out;
  }

  void check(const Rows& r, std::uint32_t named, std::uint32_t threads) {
    Tally tally;   // one for all: nothing of a run is left for the next
    for (const std::uint32_t kind : kinds)
      for (const bool all_in : {false, true})
        for (const bool no_condition : {false, true})
          for (const bool open : {false, true}) {
            const bool truths = kind == 6 || kind == 7, if_none = kind == 8 && all_in;
            Columns columns;
            TallyInput input;
            input.rows = static_cast<std::uint32_t>(r.link.size());
            input.link.row = r.link.data();
            if (!all_in) input.in = columns.truth_vec(r.in);
            if (!no_condition) input.condition = columns.truth_vec(r.condition);
            input.named = named;
            input.open = open ? r.open.data() : nullptr;
            input.fold = kind;
            if (if_none) input.if_none = columns.ratios(r.if_none);
            input.threads = threads;
            std::vector<std::uint64_t> yes(BitPairs::room_of(named), 7), no(BitPairs::room_of(named), 7);
            std::vector<std::int64_t> lo(named, 7), hi(named, 7), lo_den(named, 1), hi_den(named, 1);
            FoldAnswers answers;
            if (truths) answers.yes = yes.data(), answers.no = no.data();
            else answers.lo = lo.data(), answers.hi = hi.data();
            if (kind == 8) answers.lo_den = lo_den.data(), answers.hi_den = hi_den.data();
            tally.run(input, answers);
            for (std::uint32_t n = 0; n < named; ++n) {
              const Cell wanted = expected(r, n, kind, all_in, no_condition, open, if_none);
              const Cell got = truths ? known(static_cast<std::int64_t>((yes[n / 64] >> n % 64 & 1) | (no[n / 64] >> n % 64 & 1) << 1)) : Cell{lo[n], hi[n], lo_den[n], hi_den[n]};
              ASSERT_EQ(got, wanted) << "fold " << kind << " row " << n << (all_in ? " all in" : "") << (no_condition ? " no condition" : "") << (open ? " open" : "");
            }
          }
  }
};

TEST_F(TallyOracle, CountsWhatALookAtEveryRowFinds) {
  for (int times = 0; times < 60; ++times)
    for (const bool loose : {false, true}) {
      const std::uint32_t named = 1 + pick(20);
      check(rows(pick(200), named, loose), named, 1);
    }
}

TEST_F(TallyOracle, ThreadsChangeNothing) {
  for (const bool loose : {false, true}) check(rows(40'000, 3, loose), 3, 3);
}

}  // namespace
}  // namespace tiao::engine
