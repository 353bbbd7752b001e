#include "compiler/driver/mutants.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "runtime/value/format.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::driver {
namespace {

using namespace syntax;
using source::Span;

// A message takes one line, and a list of mutants has its fields between bars.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '|';
    if (!blank) out += c;
    else if (!out.empty() && out.back() != ' ') out += ' ';
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

// What is long is told by its beginning and its end.
std::string shortened(const std::string& text) {
  constexpr std::size_t most = 90, begin = 50, end = 36;
  if (text.size() <= most) return text;
  const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80; };
  std::size_t head = begin, tail = text.size() - end;
  while (continues(head)) --head;
  while (continues(tail)) ++tail;
  return text.substr(0, head) + "…" + text.substr(tail);
}

bool latin(std::string_view text) { return text.empty() || static_cast<unsigned char>(text.front()) < 0x80; }
bool one_of(std::string_view word, std::initializer_list<std::string_view> words) { return std::find(words.begin(), words.end(), word) != words.end(); }

// The same bound with or without its own end.
Op flipped(Op op) {
  switch (op) {
    case Op::at_least: return Op::over;
    case Op::over: return Op::at_least;
    case Op::at_most: return Op::under;
    case Op::under: return Op::at_most;
    case Op::before: return Op::on_or_before;
    case Op::on_or_before: return Op::before;
    case Op::after: return Op::on_or_after;
    case Op::on_or_after: return Op::after;
    default: return Op::none;
  }
}

// An operator in the manner in which the other one was written.
std::string op_word(Op op, std::string_view like) {
  static const std::map<Op, std::array<const char*, 3>> words = {
      {Op::at_least, {"at least", "不低于", ">="}}, {Op::over, {"over", "超过", ">"}},       {Op::at_most, {"at most", "不超过", "<="}},
      {Op::under, {"under", "低于", "<"}},          {Op::before, {"before", "早于", "<"}},    {Op::on_or_before, {"on or before", "不晚于", "<="}},
      {Op::after, {"after", "晚于", ">"}},          {Op::on_or_after, {"on or after", "不早于", ">="}}};
  const bool symbol = one_of(like, {">", ">=", "<", "<=", "≥", "≤"});
  return words.at(op)[symbol ? 2 : latin(like) ? 0 : 1];
}

std::string modality_word(Modality modality, bool chinese) {
  switch (modality) {
    case Modality::must: return chinese ? "应当" : "must";
    case Modality::must_not: return chinese ? "不得" : "must not";
    case Modality::may: return chinese ? "可以" : "may";
    case Modality::automatically: return chinese ? "自动" : "automatically";
  }
  return {};
}

// A number with its unit, a step up or down; none where the step would leave what can be written.
struct Stepped { std::string text, unit; };
std::optional<Stepped> stepped(const Expr& e, int by) {
  const auto point = e.text.find('.');
  unsigned places = point == std::string::npos ? 0u : static_cast<unsigned>(e.text.size() - point - 1);
  std::int64_t value = 0;
  if (places > 6 || parse_fixed(e.text, places, value) != Parse::ok || value > 1'000'000'000'000) return std::nullopt;
  Stepped out{{}, e.unit};
  std::int64_t step = 1;
  const auto in_fen = [&](std::int64_t factor) {   // money has two places, whatever it is written in
    for (unsigned i = places; i < 2; ++i) value *= 10;
    value *= factor;
    for (unsigned i = 2; i < places; ++i) value /= 10;
    places = 2;
    if (factor != 1) out.unit = "元";
  };
  if (one_of(e.unit, {"%", "％"})) {
    for (unsigned i = 0; i < places; ++i) step *= 10;
  } else if (one_of(e.unit, {"元", "yuan"})) {
    in_fen(1);
  } else if (e.unit == "万元") {
    in_fen(10'000);
  } else if (e.unit == "亿元") {
    in_fen(100'000'000);
  } else if (one_of(e.unit, {"years", "year", "年"})) {
    value *= 12, out.unit = e.unit == "年" ? "个月" : "months";
  } else if (one_of(e.unit, {"weeks", "week", "周"})) {
    value *= 7, out.unit = e.unit == "周" ? "天" : "days";
  }
  value += by * step;
  if (value < 0) return std::nullopt;
  out.text = format_fixed(value, places);
  return out;
}

std::string with_unit(const std::string& text, const std::string& unit) {
  return text + (unit.empty() || !latin(unit) || unit == "%" ? "" : " ") + unit;
}

// A day later or earlier; of a date that is known in part, a month or a year.
std::optional<DateLiteral> shifted(const DateLiteral& date, int by) {
  DateLiteral out = date;
  if (date.month == 0) {
    out.year += by;
  } else if (date.day == 0) {
    const int months = date.year * 12 + date.month - 1 + by;
    out.year = months / 12, out.month = static_cast<std::uint8_t>(months % 12 + 1);
  } else {
    const std::int64_t day = scalar::day_number({date.year, date.month, date.day}) + by;
    if (!scalar::is_day(day)) return std::nullopt;
    const scalar::Civil c = scalar::civil(day);
    out.year = c.year, out.month = static_cast<std::uint8_t>(c.month), out.day = static_cast<std::uint8_t>(c.day);
  }
  return out;
}

std::string written(const DateLiteral& d) {
  if (d.month == 0) return fmt::format("{:04}", d.year);
  return d.day == 0 ? fmt::format("{:04}-{:02}", d.year, d.month) : fmt::format("{:04}-{:02}-{:02}", d.year, d.month, d.day);
}

class Maker {
 public:
  Maker(Ast ast, const source::SourceMap& sources, const document::Tree& tree, const std::function<bool(source::FileId)>& asked)
      : ast_(std::move(ast)), sources_(sources), tree_(tree), asked_(asked) {}

  std::vector<Mutant> make() {
    for (std::uint32_t n = 0; n < tree_.nodes().size(); ++n) {
      node_ = n;
      const document::TreeNode& node = tree_[n];
      if (node.written.valid()) heading(node.written);
      if (node.scope.valid()) statement(node.scope);
      for (const document::Placed& placed : node.statements) {
        if (placed.scope.valid()) statement(placed.scope);
        statement(placed.stmt);
      }
    }
    node_ = 0;
    for (const document::Supplement& supplement : tree_.supplements())
      for (const StmtId id : supplement.decl->body)
        if (std::holds_alternative<InForce>(ast_[id].what)) statement(id);
    name_apart();
    return std::move(out_);
  }

 private:
  std::string text(Span span) const { return span.valid() ? one_line(sources_.text(span)) : std::string{}; }

  void put(MutantKind kind, Span span, const std::string& context, const std::string& change, Edit edit) {
    Mutant m;
    m.kind = kind, m.node = node_, m.span = span;
    const std::string before = shortened(context);
    m.change = before.empty() || change.starts_with(before + " →") ? change : before + ": " + change;
    m.edit = std::move(edit);
    out_.push_back(std::move(m));
  }
  void put(MutantKind kind, Span span, const std::string& context, const std::string& change, ExprId id, Expr form) {
    put(kind, span, context, change, Edit{std::pair{id, std::move(form)}});
  }
  template <class Change>
  void put_stmt(MutantKind kind, Span span, const std::string& context, const std::string& change, StmtId id, Change make) {
    Stmt form = ast_[id];
    make(form);
    put(kind, span, context, change, Edit{std::pair{id, std::move(form)}});
  }

  // What is changed alike at one address is told apart by its number.
  void name_apart() {
    std::map<std::pair<std::string, std::string>, unsigned> seen;
    for (Mutant& m : out_)
      if (const unsigned n = ++seen[{tree_[m.node].address, m.change}]; n > 1) m.change += " #" + std::to_string(n);
  }

  void heading(StmtId id) {
    const auto* written = std::get_if<Node>(&ast_[id].what);
    if (written && written->in_force && wanted(id)) {
      const InForce force = *written->in_force;
      in_force(id, force, [](Stmt& s) -> InForce& { return *std::get<Node>(s.what).in_force; });
    }
  }

  bool wanted(StmtId id) { return asked_(ast_[id].span.file) && visited_.insert(id.index).second; }

  template <class Part>
  void in_force(StmtId id, const InForce& force, Part part) {
    context_ = text(force.span);
    expr(force.from);
    expr(force.to);
    if (force.end != EndKind::until && force.end != EndKind::through) return;
    const bool chinese = !latin(context_);
    const EndKind other = force.end == EndKind::until ? EndKind::through : EndKind::until;
    put_stmt(MutantKind::boundary, force.span, context_, end_words(force.end == EndKind::until, chinese), id, [&](Stmt& s) { part(s).end = other; });
  }
  static std::string end_words(bool until, bool chinese) {
    if (chinese) return until ? "直至 → 止于" : "止于 → 直至";
    return until ? "until → through" : "through → until";
  }

  void statement(StmtId id) {
    if (!wanted(id)) return;
    const Stmt stmt = ast_[id];
    context_.clear();
    std::visit([&](const auto& s) { part(id, s); }, stmt.what);
  }

  // Declarations, prose and whatever holds neither an expression nor a consequence.
  template <class Other>
  void part(StmtId, const Other&) {}

  void part(StmtId, const Applies& s) { expr(s.when); }
  void part(StmtId, const ForEach& s) { expr(s.where); }
  void part(StmtId, const Activate& s) { expr(s.when); }
  void part(StmtId, const Require& s) { expr(s.condition); }
  void part(StmtId, const Define& s) {
    context_ = s.name.id;
    expr(s.means);
  }
  void part(StmtId, const Report& s) {
    context_ = s.name.id;
    expr(s.means);
  }
  void part(StmtId, const Parameter& s) {
    context_ = s.name.id;
    expr(s.if_none);
  }
  void part(StmtId id, const InForce& s) {
    in_force(id, s, [](Stmt& form) -> InForce& { return std::get<InForce>(form.what); });
  }
  void part(StmtId id, const Duty& s) {
    context_ = text(ast_[id].span);
    expr(s.when);
    expr(s.done);
    expr(s.due);
  }
  void part(StmtId id, const Rule& s) {
    expr(s.when);
    if (s.unless.valid()) {
      const Span span = ast_[s.unless].span;
      put_stmt(MutantKind::exception, span, "unless " + text(span), "→ ∅", id, [](Stmt& form) { std::get<Rule>(form.what).unless = {}; });
      expr(s.unless);
    }
    acts(id, s.acts, [](Stmt& form) -> std::vector<Act>& { return std::get<Rule>(form.what).acts; });
  }
  void part(StmtId id, const Exception& s) {
    if (s.when.valid()) {
      Expr never_holds;
      never_holds.kind = ExprKind::false_;
      never_holds.span = ast_[s.when].span;
      put(MutantKind::exception, ast_[id].span, text(ast_[id].span), "→ ∅", s.when, std::move(never_holds));
    }
    expr(s.when);
    acts(id, s.acts, [](Stmt& form) -> std::vector<Act>& { return std::get<Exception>(form.what).acts; });
  }
  void part(StmtId, const Group& s) {
    for (const StmtId id : s.defines) statement(id);
  }
  void part(StmtId, const Ledger& s) {
    for (const LedgerItem& item : s.items) {
      context_ = s.name.id;
      expr(item.amount);
      rows(item.rows);
      expr(item.cap);
    }
  }
  void part(StmtId id, const Timeline& s) {
    for (std::size_t i = 0; i < s.on.size(); ++i) {
      context_ = text(s.on[i].span);
      expr(s.on[i].where);
      expr(s.on[i].gives);
      times(id, s.on[i].times, [i](Stmt& form) -> std::vector<TimeArg>& { return std::get<Timeline>(form.what).on[i].times; });
    }
    for (const TimelineOverlap& overlap : s.overlaps) words(overlap.way);
    for (const TimelineShorten& shorten : s.shortens) {
      context_ = text(shorten.span);
      expr(shorten.amount);
      rows(shorten.rows);
    }
    context_ = s.name.id;
    expr(s.floor);
  }
  void part(StmtId, const Stages& s) {
    for (const StageMove& move : s.moves) {
      context_ = text(move.span);
      expr(move.when);
    }
  }
  void part(StmtId id, const Table& s) {
    words(s.hit);
    for (std::size_t r = 0; r < s.rows.size(); ++r)
      for (std::size_t c = 0; c < s.rows[r].cells.size(); ++c) {
        const syntax::Cell& cell = s.rows[r].cells[c];
        context_ = fmt::format("{} {}.{}", s.name.id, r + 1, s.columns[c].text);
        const std::string here = context_;
        const auto in = [r, c](Stmt& form) -> syntax::Cell& { return std::get<Table>(form.what).rows[r].cells[c]; };
        expr(cell.value);
        if (cell.kind == CellKind::range) {
          range(cell.range);
          ends(cell.range, text(cell.span), [&](const std::string& change, bool low) {
            put_stmt(MutantKind::boundary, cell.span, here, change, id, [&](Stmt& form) { toggle(in(form).range, low); });
          });
        }
        for (const ExprId item : cell.items) expr(item);
        if (cell.kind == CellKind::compare && flipped(cell.op) != Op::none) {
          const std::string whole = text(cell.span);
          const std::string_view like = one_of(whole.substr(0, 1), {">", "<"}) ? std::string_view(">") : std::string_view(whole);
          put_stmt(MutantKind::boundary, cell.span, here, op_word(cell.op, like) + " → " + op_word(flipped(cell.op), like), id,
                   [&](Stmt& form) { in(form).op = flipped(cell.op); });
        }
      }
  }

  void words(const WordChoice& choice) {
    context_ = text(choice.span);
    for (const WordChoice::Branch& branch : choice.branches) expr(branch.condition);
  }

  template <class Acts>
  void acts(StmtId id, const std::vector<Act>& list, Acts in) {
    for (std::size_t a = 0; a < list.size(); ++a) {
      const Act& act = list[a];
      const std::string whole = text(act.span);
      if (!act.calls.empty() && act.modality != Modality::automatically) {
        const bool chinese = whole.find(modality_word(act.modality, true)) != std::string::npos;
        const Modality other = act.modality == Modality::may ? Modality::must : Modality::may;
        put_stmt(MutantKind::modality, act.span, whole, modality_word(act.modality, chinese) + " → " + modality_word(other, chinese), id,
                 [&](Stmt& form) { in(form)[a].modality = other; });
      }
      for (std::size_t k = 0; k < act.calls.size(); ++k) {
        const RemedyCall& call = act.calls[k];
        context_ = text(call.span);
        for (const Argument& argument : call.args) {
          expr(argument.value);
          if (argument.bound) bound(*argument.bound);
        }
        if (call.bound) bound(*call.bound);
        times(id, call.times, [&in, a, k](Stmt& form) -> std::vector<TimeArg>& { return in(form)[a].calls[k].times; });
      }
    }
  }

  template <class Times>
  void times(StmtId id, const std::vector<TimeArg>& list, Times in) {
    const std::string here = context_;
    for (std::size_t t = 0; t < list.size(); ++t) {
      const TimeArg& time = list[t];
      expr(time.value);
      if (time.range) range(*time.range);
      if (time.kind != TimeKind::until && time.kind != TimeKind::through) continue;
      const bool until = time.kind == TimeKind::until;
      put_stmt(MutantKind::boundary, time.span, here, end_words(until, !latin(text(time.span))), id,
               [&](Stmt& form) { in(form)[t].kind = until ? TimeKind::through : TimeKind::until; });
    }
  }

  void bound(const Bound& b) {
    range(b.range);
    expr(b.value);
  }
  void range(const Range& r) {
    expr(r.lo);
    if (r.hi != r.lo) expr(r.hi);
  }
  static void toggle(Range& range, bool low) { (low ? range.lo_exclusive : range.hi_exclusive) ^= true; }
  // A range with one end left out that was in, or the other way round.
  template <class Each>
  static void ends(const Range& r, const std::string& whole, Each each) {
    if (r.lo == r.hi) return;
    for (const bool low : {true, false}) {
      if (!(low ? r.lo : r.hi).valid()) continue;
      Range other = r;
      toggle(other, low);
      const std::string between = std::string(other.lo_exclusive ? "<" : "") + ".." + (other.hi_exclusive ? "<" : "");
      constexpr std::string_view signs[] = {"..", "至"};
      const std::string_view sign = whole.find(signs[0]) != std::string::npos ? signs[0] : signs[1];
      const std::size_t at = whole.find(sign);
      if (at == std::string::npos) {
        each(whole + " → " + between, low);
        continue;
      }
      std::size_t from = at, to = at + sign.size();
      if (from > 0 && whole[from - 1] == '<') --from;
      if (to < whole.size() && whole[to] == '<') ++to;
      each(whole + " → " + whole.substr(0, from) + between + whole.substr(to), low);
    }
  }

  void rows(RowsId id) {
    if (id.valid()) expr(ast_[id].where);
  }

  void expr(ExprId id) {
    if (!id.valid() || !seen_.insert(id.index).second) return;
    const Expr e = ast_[id];
    const std::string outer = context_;
    switch (e.kind) {
      case ExprKind::unknown: return;
      case ExprKind::quantity: quantity(id, e); break;
      case ExprKind::date: date(id, e); break;
      case ExprKind::compare: case ExprKind::in_range: case ExprKind::in_set: case ExprKind::in_period: case ExprKind::in_bottom: case ExprKind::in_top:
        context_ = text(e.span);
        bounds(id, e);
        break;
      case ExprKind::any_item: case ExprKind::all_items: case ExprKind::count_items: items(id, e); break;
      case ExprKind::aggregate:
        if (e.fold == Fold::consecutive) consecutive(id, e);
        break;
      default: break;
    }
    for (const ExprId a : e.args) expr(a);
    rows(e.rows);
    expr(e.if_none);
    if (e.kind == ExprKind::in_range) range(e.range);
    context_ = outer;
  }

  void quantity(ExprId id, const Expr& e) {
    for (const int by : {-1, 1})
      if (const auto next = stepped(e, by)) {
        Expr form = e;
        form.text = next->text, form.unit = next->unit;
        put(MutantKind::number, e.span, context_, with_unit(e.text, e.unit) + " → " + with_unit(next->text, next->unit), id, std::move(form));
      }
  }

  void consecutive(ExprId id, const Expr& e) {
    for (const int by : {-1, 1}) {
      if (e.number == 1 && by < 0) continue;
      Expr form = e;
      form.number = e.number + static_cast<std::uint32_t>(by);
      put(MutantKind::number, e.span, text(e.span), fmt::format("{} → {}", e.number, form.number), id, std::move(form));
    }
  }

  void date(ExprId id, const Expr& e) {
    for (const int by : {-1, 1})
      if (const auto next = shifted(e.date, by)) {
        Expr form = e;
        form.date = *next;
        form.date.span = e.date.span;
        put(MutantKind::date, e.span, context_, written(e.date) + " → " + written(*next), id, std::move(form));
      }
  }

  void bounds(ExprId id, const Expr& e) {
    if (e.kind == ExprKind::compare && flipped(e.op) != Op::none) {
      Expr form = e;
      form.op = flipped(e.op);
      const std::string word = text(e.op_span);
      put(MutantKind::boundary, e.op_span.valid() ? e.op_span : e.span, context_, (word.empty() ? op_word(e.op, word) : word) + " → " + op_word(form.op, word), id, form);
    }
    if (e.kind != ExprKind::in_range) return;
    ends(e.range, text(e.range.span), [&](const std::string& change, bool low) {
      Expr form = e;
      toggle(form.range, low);
      put(MutantKind::boundary, e.span, context_, change, id, std::move(form));
    });
  }

  // The items that a list condition asks, each left out in turn; and each exception of it taken back.
  void items(ExprId id, const Expr& e) {
    diag::Diagnostics unheard;
    const std::string whole = text(e.span);
    std::vector<std::uint32_t> lists{node_}, asked;
    if (!e.addresses.empty()) lists = tree_.resolve(node_, e.addresses, unheard);
    const auto excepted = tree_.resolve(node_, e.except, unheard);
    for (const std::uint32_t list : lists)
      for (const std::uint32_t child : tree_[list].children) {
        const document::TreeNode& c = tree_[child];
        const bool numbered = !c.path.empty() && one_of(name_of(c.path.back().level), {"item", "subitem", "limb"});
        if (numbered && c.status != document::TextStatus::recorded && std::find(excepted.begin(), excepted.end(), child) == excepted.end()) asked.push_back(child);
      }
    const bool several = asked.size() > 1;
    for (const std::uint32_t child : asked) {
      Address address{tree_[child].path, {}, e.span};
      std::erase_if(address.segments, [](const Segment& s) { return s.level == Level::chapter || s.level == Level::section; });
      const AddressList without{{address, std::nullopt, e.span}};
      const auto found = tree_.resolve(node_, without, unheard);
      // What replaced an item goes with it; it is left out once.
      if (!several || tree_[child].earlier != document::no_node || std::find(found.begin(), found.end(), child) == found.end()) continue;
      Expr form = e;
      form.except.push_back(without.front());
      put(MutantKind::item, e.span, whole, "− " + tree_[child].address, id, std::move(form));
    }
    for (std::size_t i = 0; i < e.except.size(); ++i) {
      Expr form = e;
      form.except.erase(form.except.begin() + static_cast<std::ptrdiff_t>(i));
      put(MutantKind::exception, e.except[i].span, whole, text(e.except[i].span) + " → ∅", id, std::move(form));
    }
  }

  Ast ast_;
  const source::SourceMap& sources_;
  document::Tree tree_;   // of its own: looking up addresses is noted in a tree
  const std::function<bool(source::FileId)>& asked_;
  std::uint32_t node_ = 0;
  std::string context_;                 // what the next literal stands in
  std::set<std::uint32_t> visited_, seen_;
  std::vector<Mutant> out_;
};

}  // namespace

std::string_view name_of(MutantKind kind) {
  switch (kind) {
    case MutantKind::number: return "number";
    case MutantKind::boundary: return "boundary";
    case MutantKind::modality: return "modality";
    case MutantKind::item: return "item";
    case MutantKind::exception: return "exception";
    case MutantKind::date: return "date";
  }
  return "";
}

void Edit::swap_with(syntax::Arena& arena) {
  if (auto* expr = std::get_if<0>(&form)) std::swap(arena.exprs[expr->first.index], expr->second);
  else if (auto* stmt = std::get_if<1>(&form)) std::swap(arena.stmts[stmt->first.index], stmt->second);
}

std::vector<Mutant> mutants_of(syntax::Ast ast, const source::SourceMap& sources, const document::Tree& tree,
                               const std::function<bool(source::FileId)>& asked) {
  return Maker(std::move(ast), sources, tree, asked).make();
}

std::string address_of(const document::Tree& tree, std::uint32_t node, const std::string& agreement, bool chinese) {
  const std::string& address = chinese ? tree[node].address : tree[node].english;
  return address.empty() ? agreement : address;
}

}  // namespace tiao::driver
