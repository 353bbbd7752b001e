// Timelines against every completion of small random cases: the state that really holds on a day is always among those computed.
#include <algorithm>
#include <bit>
#include <random>

#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

// length 0: none. end 0: none stated. Neither: without an end.
struct Given { std::uint8_t in; std::uint64_t states; std::int64_t from_lo, from_hi, length_lo, length_hi, end_lo, end_hi; };
struct Cut { std::uint8_t in; std::int64_t date_lo, date_hi, amount; };
struct Case { std::vector<Given> spans; std::vector<Cut> cuts; std::vector<std::uint64_t> ways; };

constexpr std::int64_t epoch = 20000;
constexpr std::uint32_t states = 3;

// One completion: everything known.
struct Span {
  unsigned state;
  std::int64_t from, length, own_end, until = 0;
  bool by_length() const { return length != 0 && own_end == from + length; }
};
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
    const bool by_length = s.by_length();
    s.until = s.own_end;
    if (way == 2 && s.from < free) {
      s.from = free;
      s.until = by_length && free < never_day ? free + s.length : std::max(s.own_end, free);
    }
    if (way == 4 && s.from < chain_until) s.until = std::max(chain_until, by_length ? chain_from + s.length : s.own_end);
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
  // Of how many days every state that was computed as possible is the state of some completion.
  std::size_t sharp() const {
    std::size_t out = 0;
    for (std::size_t i = 0; i < seen_.size(); ++i) out += table_.state_at(0, epoch - 1 + static_cast<std::int64_t>(i), epoch - 1 + static_cast<std::int64_t>(i)) == seen_[i];
    return out;
  }
  std::size_t days() const { return seen_.size(); }

 private:
  void choose_span(std::size_t i) {
    if (::testing::Test::HasFailure()) return;
    if (i == case_.spans.size()) return choose_cut(0);
    const Given& g = case_.spans[i];
    if (g.in == U) choose_span(i + 1);
    for (std::uint64_t mask = g.states; mask != 0; mask &= mask - 1)
      for (std::int64_t from = g.from_lo; from <= g.from_hi; ++from)
        for (std::int64_t length = g.length_lo; length <= g.length_hi; ++length) {
          for (std::int64_t end = g.end_lo; end <= g.end_hi; ++end) {
            spans_.push_back({static_cast<unsigned>(std::countr_zero(mask)), from, length, end != 0 ? end : end_of(from, length)});
            choose_span(i + 1);
            spans_.pop_back();
          }
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
      seen_[static_cast<std::size_t>(d - epoch + 1)] |= std::uint64_t{1} << state_on(placed, d);
      EXPECT_TRUE(table_.state_at(0, d, d) >> state_on(placed, d) & 1) << "day " << d - epoch << " state " << state_on(placed, d);
      EXPECT_TRUE(table_.state_at(0, d, d + 2) >> state_on(placed, d + 1) & 1) << "range from " << d - epoch;
    }
  }

  const Case& case_;
  const SpanTable& table_;
  std::vector<Span> spans_;
  std::vector<KnownCut> cuts_;
  std::size_t count_ = 0;
  std::vector<std::uint64_t> seen_ = std::vector<std::uint64_t>(26, 0);
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  out << "ways " << c.ways[1] << " " << c.ways[2] << "\n";
  for (const Given& g : c.spans)
    out << "span in " << int{g.in} << " states " << g.states << " from " << g.from_lo - epoch << ".." << g.from_hi - epoch << " length " << g.length_lo << ".." << g.length_hi
        << " end " << g.end_lo << ".." << g.end_hi << "\n";
  for (const Cut& k : c.cuts) out << "cut in " << int{k.in} << " date " << k.date_lo - epoch << ".." << k.date_hi - epoch << " by " << k.amount << "\n";
  return out;
}

TEST(TimelineCompletions, LieInsideTheComputedStates) {
  std::mt19937_64 engine(31);
  auto random = [&](std::int64_t from, std::int64_t to) { return from + static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(to - from + 1)); };
  std::size_t completions = 0, sharp = 0, days_in_all = 0;
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
      if (random(0, 2) == 0) {   // an end of its own, now and then beside a length
        g.end_lo = g.end_hi = random(0, 2) == 0 && g.length_lo > 0 ? g.from_lo + g.length_lo : epoch + random(1, 12);
        if (loose && random(0, 2) == 0) g.end_hi += random(1, 2);
        if (random(0, 1) == 0) g.length_lo = g.length_hi = 0;
      }
      c.spans.push_back(g);
    }
    // In the order of their clauses: with a length or nothing, with an end, with both.
    const auto clause = [](const Given& g) { return g.end_lo == 0 ? 0 : g.length_lo == 0 ? 1 : 2; };
    std::stable_sort(c.spans.begin(), c.spans.end(), [&](const Given& a, const Given& b) { return clause(a) < clause(b); });
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
    ShortenInput cut;
    std::vector<std::uint8_t> cut_in;
    std::vector<Cell> date, amount;
    for (int kind = 0; kind < 3; ++kind) {
      OnInput on;
      std::vector<std::uint8_t> in;
      std::vector<std::int64_t> masks;
      std::vector<Cell> from, length, end;
      for (const Given& g : c.spans) {
        if (clause(g) != kind) continue;
        in.push_back(g.in);
        masks.push_back(static_cast<std::int64_t>(g.states));
        from.push_back(between(g.from_lo, g.from_hi));
        length.push_back(g.length_lo == 0 ? known(unstated_duration) : between(days(g.length_lo), days(g.length_hi)));
        end.push_back(between(g.end_lo, g.end_hi));
      }
      on.rows = columns.children({static_cast<std::uint32_t>(in.size())});
      on.in = columns.truths(in);
      on.state = columns.masks(masks);
      on.from = columns.numbers(from);
      if (kind != 1) on.length = columns.numbers(length);
      if (kind != 0) on.until = columns.numbers(end);
      on.states_end = kind != 0;
      input.on.push_back(on);
    }
    for (const Cut& k : c.cuts) {
      cut_in.push_back(k.in);
      date.push_back(between(k.date_lo, k.date_hi));
      amount.push_back(known(days(k.amount)));
    }
    cut.rows = columns.children({static_cast<std::uint32_t>(cut_in.size())});
    cut.in = columns.truths(cut_in);
    cut.date = columns.numbers(date);
    cut.amount = columns.numbers(amount);
    input.shorten = {cut};
    const SpanResult result = build_spans(input);
    Completions all(c, result.table);
    all.check();
    completions += all.count();
    sharp += all.sharp();
    days_in_all += all.days();
    if (::testing::Test::HasFailure()) ADD_FAILURE() << c;
  }
  EXPECT_GT(completions, 100000u);
  RecordProperty("sharp_days_in_thousand", static_cast<int>(sharp * 1000 / days_in_all));
  EXPECT_GT(sharp * 100, days_in_all * 90) << "the states are wider than what can come true on " << days_in_all - sharp << " of " << days_in_all << " days";
}

}  // namespace
}  // namespace tiao::engine
