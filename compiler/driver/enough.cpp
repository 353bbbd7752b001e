#include "compiler/driver/enough.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include <fmt/format.h>

#include "compiler/driver/fact_changes.hpp"
#include "compiler/driver/remedy_item.hpp"
#include "compiler/driver/worth_trying.hpp"
#include "compiler/interp/interpreter.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::driver {
namespace {

using interp::Blank;

constexpr unsigned most_trials = 500;        // evaluations for one set
constexpr std::size_t most_options = 12;     // values tried of one blank

/// A blank and the range that it is taken to lie in.
struct Taken { Blank blank; Cell value; };
using Taking = std::vector<Taken>;

/// Puts one blank as it is taken.
void make(const Taken& taken, FactChanges& changes) {
  const Blank& blank = taken.blank;
  if (blank.parameter != none) changes.set_parameter(blank.parameter, taken.value);
  else if (blank.column != none) changes.set(blank.entity, blank.row, blank.column, taken.value);
  else changes.close(blank.entity, blank.of, blank.row);
}

class Search {
 public:
  Search(const core::Program& program, facts::FactBase& facts, std::int64_t as_of, const RemedyItem& item, Truth goal)
      : program_(program), facts_(facts), as_of_(as_of), item_(item), goal_(goal) {}

  Taking run(const std::vector<Blank>& blanks) {
    Taking found;
    if (!one(blanks, found) && !two(blanks, found)) {
      found.clear();
      if (!descend(found)) return {};
      drop_needless(found);
    }
    for (std::size_t i = 0; i < found.size(); ++i) widen(found, i);
    return found;
  }

  Cell possible(const Blank& blank) const {
    if (blank.parameter != none) return facts_.parameters[blank.parameter];
    if (blank.column == none) return {};
    return facts_.tables[blank.entity].columns[blank.column].cell(blank.row, type(blank).kind);
  }
  Type type(const Blank& blank) const {
    if (blank.parameter != none) return program_.schema.parameters[blank.parameter].type;
    return blank.column == none ? Type{} : program_.schema.entities[blank.entity].columns[blank.column].type;
  }

 private:
  Truth evaluate(const Taking& taking, std::vector<Blank>* blanks = nullptr) {
    ++trials_;
    FactChanges changes(facts_);
    for (const Taken& taken : taking) make(taken, changes);
    interp::Interpreter interpreter(program_, facts_, {as_of_});
    return item_.state(interpreter, blanks);
  }
  bool reached(const Taking& taking) { return trials_ < most_trials && evaluate(taking) == goal_; }

  std::vector<Cell> options(const Blank& blank) const {
    if (blank.column == none && blank.parameter == none) return {Cell{}};
    return worth_trying(program_, type(blank), possible(blank), as_of_, most_options);
  }

  bool one(const std::vector<Blank>& blanks, Taking& found) {
    for (const Blank& blank : blanks)
      for (const Cell& value : options(blank))
        if (reached(found = {{blank, value}})) return true;
    return false;
  }
  bool two(const std::vector<Blank>& blanks, Taking& found) {
    for (std::size_t a = 0; a < blanks.size(); ++a)
      for (std::size_t b = a + 1; b < blanks.size(); ++b)
        for (const Cell& x : options(blanks[a]))
          for (const Cell& y : options(blanks[b])) {
            if (trials_ > most_trials / 2) return false;
            if (reached(found = {{blanks[a], x}, {blanks[b], y}})) return true;
          }
    return false;
  }
  // Blank by blank, as long as the goal is still open: what one value settles the next need not ask.
  bool descend(Taking& taking) {
    if (trials_ >= most_trials) return false;
    std::vector<Blank> open;
    const Truth state = evaluate(taking, &open);
    if (state == goal_) return true;
    if (state != Truth::unknown) return false;
    const auto next = std::find_if(open.begin(), open.end(), [&](const Blank& blank) {
      return !options(blank).empty() && std::none_of(taking.begin(), taking.end(), [&](const Taken& t) { return t.blank == blank; });
    });
    if (next == open.end()) return false;
    for (const Cell& value : options(*next)) {
      taking.push_back({*next, value});
      if (descend(taking)) return true;
      taking.pop_back();
    }
    return false;
  }
  void drop_needless(Taking& taking) {
    for (std::size_t i = taking.size(); i-- > 0;) {
      Taking fewer = taking;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (evaluate(fewer) == goal_) taking = std::move(fewer);
    }
  }

  // The widest range (or most choices) of one blank that decides with the others as they are. A wider range never decides more, so
  // each end can be found by halving.
  void widen(Taking& taking, std::size_t i) {
    const Type type = this->type(taking[i].blank);
    const Cell all = possible(taking[i].blank), had = taking[i].value;
    const auto holds = [&](const Cell& value) {
      taking[i].value = value;
      return evaluate(taking) == goal_;
    };
    Cell best = had;
    if (type.kind == Kind::choice) {
      for (unsigned bit = 0; bit < 64; ++bit) {
        const std::int64_t mask = best.lo | static_cast<std::int64_t>(std::uint64_t{1} << bit);
        if ((all.lo >> bit & 1) != 0 && mask != best.lo && holds(known(mask))) best = known(mask);
      }
    } else if (taking[i].blank.column == none && taking[i].blank.parameter == none) {
      return;
    } else if (type.kind != Kind::boolean && type.kind != Kind::text) {
      best.hi = furthest(best.hi, all.hi, [&](std::int64_t end) { return holds(between(best.lo, end)); });
      best.lo = furthest(best.lo, all.lo, [&](std::int64_t end) { return holds(between(end, best.hi)); });
    }
    taking[i].value = best;
  }
  template <class Holds> static std::int64_t furthest(std::int64_t from, std::int64_t to, Holds holds) {
    if (from == to || holds(to)) return to;
    const std::int64_t way = to > from ? 1 : -1;
    const bool endless = to == neg_inf || to == pos_inf || to >= never_day;
    std::int64_t fine = from, wrong = to;
    for (std::int64_t stride = 1; endless && stride < std::int64_t{1} << longest_stride; stride *= 2) {
      const std::int64_t next = from + way * stride;
      if ((way > 0 ? next >= to : next <= to)) break;
      if (!holds(next)) {
        wrong = next;
        break;
      }
      fine = next;
    }
    if (wrong == neg_inf || wrong == pos_inf || wrong >= never_day) return fine;
    while (wrong - fine > 1 || fine - wrong > 1) {
      const std::int64_t middle = fine + (wrong - fine) / 2;
      (holds(middle) ? fine : wrong) = middle;
    }
    return fine;
  }

  const core::Program& program_;
  facts::FactBase& facts_;
  std::int64_t as_of_;
  const RemedyItem& item_;
  Truth goal_;
  unsigned trials_ = 0;
};

}  // namespace

Enough enough_for(const CompiledAgreement& agreement, facts::FactBase& facts, std::int64_t as_of, EvidenceWalk& walk, const verdict::RemedyEntry& entry) {
  Enough out;
  const core::Program& program = agreement.compiled.program;
  const RemedyItem item(program, walk, entry);
  if (entry.state != verdict::State::undetermined || !item.recognisable()) return out;
  const std::vector<Blank> blanks = walk.interpreter().blanks_of_remedy_state(entry.remedy, walk.row_of(entry.remedy, entry.table_row));
  for (const auto& [goal, into] : {std::pair{Truth::yes, &out.to_apply}, std::pair{Truth::no, &out.to_exclude}}) {
    Search search(program, facts, as_of, item, goal);
    for (const Taken& taken : search.run(blanks))
      into->push_back({taken.blank.need, taken.blank.need.kind == Need::Kind::open_register, search.type(taken.blank), taken.value, search.possible(taken.blank)});
  }
  return out;
}

std::string settled_words(const verdict::Names& names, const Settled& s, verdict::Language language) {
  const bool zh = language == verdict::Language::zh;
  const std::string what = thing_words(names.schema, s.need.name, language);
  if (s.closed) return fmt::format(fmt::runtime(zh ? "{}没有别的记录" : "{} holds nothing more"), what);
  const auto end = [&](std::int64_t value) { return cell_words(names, s.type, known(value), language); };
  const bool ordered = s.type.kind != Kind::boolean && s.type.kind != Kind::choice && s.value.lo != s.value.hi;
  if (!ordered) return fmt::format(fmt::runtime(zh ? "{}为{}" : "{} is {}"), what, cell_words(names, s.type, s.value, language));
  if (s.type.kind == Kind::date) {
    if (s.value.hi == s.possible.hi) return fmt::format(fmt::runtime(zh ? "{}不早于{}" : "{} is on or after {}"), what, end(s.value.lo));
    if (s.value.lo == s.possible.lo) return fmt::format(fmt::runtime(zh ? "{}不晚于{}" : "{} is on or before {}"), what, end(s.value.hi));
  }
  if (s.value.hi == s.possible.hi) return fmt::format(fmt::runtime(zh ? "{}不低于{}" : "{} is at least {}"), what, end(s.value.lo));
  if (s.value.lo == s.possible.lo) return fmt::format(fmt::runtime(zh ? "{}不高于{}" : "{} is at most {}"), what, end(s.value.hi));
  return fmt::format(fmt::runtime(zh ? "{}在{}至{}之间" : "{} lies between {} and {}"), what, end(s.value.lo), end(s.value.hi));
}

}  // namespace tiao::driver
