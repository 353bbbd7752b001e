// Timelines against every completion of small random cases: the state that really holds on a day is always among those computed.
#include <algorithm>
#include <bit>
#include <random>

#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

struct Given { std::uint8_t in; std::uint64_t states; std::int64_t from_lo, from_hi, length_lo, length_hi; };   // length 0: without an end
struct Cut { std::uint8_t in; std::int64_t date_lo, date_hi, amount; };
struct Case { std::vector<Given> spans; std::vector<Cut> cuts; std::vector<std::uint64_t> ways; };

constexpr std::int64_t epoch = 20000;
constexpr std::uint32_t states = 3;

// One completion: everything known.
struct Span { unsigned state; std::int64_t from, length, until = 0; };
struct KnownCut { std::int64_t date, amount; };

std::int64_t end_of(std::int64_t from, std::int64_t length) { return length == 0 ? unstated_day : from + length; }

void shorten(Span& s, const std::vector<KnownCut>& cuts) {
  for (const KnownCut& c : cuts)
    if (s.from <= c.date && c.date < s.until && s.until != unstated_day) s.until = std::max(s.from, s.until - c.amount);
}

void place(std::vector<Span>& spans, std::uint64_t way, const std::vector<KnownCut>& cuts) {
  std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
  std::int64_t free = neg_inf, chain_from = 0, chain_until = neg_inf;
  for (Span& s : spans) {
    if (way == 2) s.from = std::max(s.from, free);
    s.until = s.from >= never_day ? unstated_day : end_of(s.from, s.length);
    if (way == 4 && s.from < chain_until) s.until = std::max(chain_until, end_of(chain_from, s.length));
    else chain_from = s.from;
    shorten(s, cuts);
    free = std::max(free, s.until);
    chain_until = s.until;
  }
}

unsigned state_on(const std::vector<Span>& placed, std::int64_t d) {
  unsigned state = 0;
  for (const Span& s : placed)
    if (s.from <= d && d < s.until) state = std::max(state, s.state);
  return state;
}

class Completions {
 public:
  Completions(const Case& c, const SpanTable& table) : case_(c), table_(table) {}
  void check() { choose_span(0); }
  std::size_t count() const { return count_; }

 private:
  void choose_span(std::size_t i) {
    if (::testing::Test::HasFailure()) return;
    if (i == case_.spans.size()) return choose_cut(0);
    const Given& g = case_.spans[i];
    if (g.in == U) choose_span(i + 1);
    for (std::uint64_t mask = g.states; mask != 0; mask &= mask - 1)
      for (std::int64_t from = g.from_lo; from <= g.from_hi; ++from)
        for (std::int64_t length = g.length_lo; length <= g.length_hi; ++length) {
          spans_.push_back({static_cast<unsigned>(std::countr_zero(mask)), from, length});
          choose_span(i + 1);
          spans_.pop_back();
        }
  }
  void choose_cut(std::size_t i) {
    if (i == case_.cuts.size()) return choose_ways();
    const Cut& c = case_.cuts[i];
    if (c.in == U) choose_cut(i + 1);
    for (std::int64_t d = c.date_lo; d <= c.date_hi; ++d) {
      cuts_.push_back({d, c.amount});
      choose_cut(i + 1);
      cuts_.pop_back();
    }
  }
  void choose_ways() {
    for (const std::uint64_t first : {1, 2, 4})
      for (const std::uint64_t second : {1, 2, 4})
        if ((case_.ways[1] & first) != 0 && (case_.ways[2] & second) != 0) compare({1, first, second});
  }
  void compare(const std::vector<std::uint64_t>& ways) {
    ++count_;
    std::vector<KnownCut> cuts = cuts_;
    std::stable_sort(cuts.begin(), cuts.end(), [](const KnownCut& a, const KnownCut& b) { return a.date < b.date; });
    std::vector<Span> placed;
    for (unsigned state = 0; state < states; ++state) {
      std::vector<Span> of_state;
      for (const Span& s : spans_)
        if (s.state == state) of_state.push_back(s);
      place(of_state, ways[state], cuts);
      placed.insert(placed.end(), of_state.begin(), of_state.end());
    }
    for (std::int64_t d = epoch - 1; d < epoch + 25; ++d) {
      EXPECT_TRUE(table_.state_at(0, d, d) >> state_on(placed, d) & 1) << "day " << d - epoch << " state " << state_on(placed, d);
      EXPECT_TRUE(table_.state_at(0, d, d + 2) >> state_on(placed, d + 1) & 1) << "range from " << d - epoch;
    }
  }

  const Case& case_;
  const SpanTable& table_;
  std::vector<Span> spans_;
  std::vector<KnownCut> cuts_;
  std::size_t count_ = 0;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  out << "ways " << c.ways[1] << " " << c.ways[2] << "\n";
  for (const Given& g : c.spans)
    out << "span in " << int{g.in} << " states " << g.states << " from " << g.from_lo - epoch << ".." << g.from_hi - epoch << " length " << g.length_lo << ".." << g.length_hi << "\n";
  for (const Cut& k : c.cuts) out << "cut in " << int{k.in} << " date " << k.date_lo - epoch << ".." << k.date_hi - epoch << " by " << k.amount << "\n";
  return out;
}

TEST(TimelineCompletions, LieInsideTheComputedStates) {
  std::mt19937_64 engine(31);
  auto random = [&](std::int64_t from, std::int64_t to) { return from + static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(to - from + 1)); };
  std::size_t completions = 0;
  for (int i = 0; i < 10000 && !::testing::Test::HasFailure(); ++i) {
    Case c;
    const bool loose = random(0, 1) == 0;
    for (std::int64_t n = random(1, 4); n > 0; --n) {
      Given g{};
      g.in = random(0, 2) == 0 ? U : T;
      g.states = random(0, 7) == 0 ? 6 : std::uint64_t{1} << (random(0, 3) == 0 ? 2 : 1);
      g.from_lo = g.from_hi = epoch + random(0, 8);
      if (loose && random(0, 1) == 0) g.from_hi += random(1, 4);
      g.length_lo = g.length_hi = random(0, 9) == 0 ? 0 : random(1, 6);
      if (loose && g.length_lo > 0 && random(0, 3) == 0) ++g.length_hi;
      c.spans.push_back(g);
    }
    for (std::int64_t n = random(0, 2); n > 0; --n) {
      const std::int64_t date = epoch + random(0, 12);
      c.cuts.push_back({random(0, 2) == 0 ? U : T, date, date + (random(0, 2) == 0 ? random(1, 3) : 0), random(1, 3)});
    }
    for (std::uint32_t s = 0; s < states; ++s) c.ways.push_back(random(0, 3) == 0 ? static_cast<std::uint64_t>(random(1, 7)) : std::uint64_t{1} << random(0, 2));

    Columns columns;
    TimelineInput input;
    input.owners = 1;
    input.states = states;
    input.ways = c.ways;
    OnInput on;
    ShortenInput cut;
    std::vector<std::uint8_t> in, cut_in;
    std::vector<std::int64_t> masks;
    std::vector<Cell> from, length, date, amount;
    for (const Given& g : c.spans) {
      in.push_back(g.in);
      masks.push_back(static_cast<std::int64_t>(g.states));
      from.push_back(between(g.from_lo, g.from_hi));
      length.push_back(g.length_lo == 0 ? known(unstated_duration) : between(days(g.length_lo), days(g.length_hi)));
    }
    for (const Cut& k : c.cuts) {
      cut_in.push_back(k.in);
      date.push_back(between(k.date_lo, k.date_hi));
      amount.push_back(known(days(k.amount)));
    }
    on.rows = columns.children({static_cast<std::uint32_t>(in.size())});
    on.in = columns.truths(in);
    on.state = columns.masks(masks);
    on.from = columns.numbers(from);
    on.length = columns.numbers(length);
    cut.rows = columns.children({static_cast<std::uint32_t>(cut_in.size())});
    cut.in = columns.truths(cut_in);
    cut.date = columns.numbers(date);
    cut.amount = columns.numbers(amount);
    input.on = {on};
    input.shorten = {cut};
    const SpanResult result = build_spans(input);
    Completions all(c, result.table);
    all.check();
    completions += all.count();
    if (::testing::Test::HasFailure()) ADD_FAILURE() << c;
  }
  EXPECT_GT(completions, 100000u);
}

}  // namespace
}  // namespace tiao::engine
