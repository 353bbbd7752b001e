// Remedies: which grounds reach which targets, and how those of one row are combined.
#include <algorithm>
#include <tuple>

#include "compiler/interp/machine.hpp"

namespace tiao::interp {

using core::Ground;
using core::Modality;

Truth Machine::ground_state(const Ground& ground, std::uint32_t scope_row) {
  ++ground_states;
  const Truth there = membership(ground.scope, scope_row);
  if (there == Truth::no) return Truth::no;
  const NewFrame frame(*this, scope_row);
  Truth state = there;
  for (const ExprId part : {ground.scope_filter, ground.applicable, ground.own}) {
    if (state == Truth::no) break;
    state = scalar::and_(state, test(part, frame));
  }
  return state;
}

// Adds what a ground does on one row of its scope; `only_target` none = to every target.
void Machine::contribute(std::uint32_t ground_id, std::uint32_t scope_row, std::vector<Contribution>& out, std::uint32_t only_target) {
  const Ground& ground = program.grounds[ground_id];
  const Truth state = ground_state(ground, scope_row);
  if (state == Truth::no) return;
  const NewFrame frame(*this, scope_row);
  SetState set;
  std::vector<Reached> ways = reach(ground.target, frame, set, true);
  if (set.elsewhere || set.failed) {
    // The target is a row that we cannot name: it may be any.
    const EntityId any = ground.target.entity;
    make_all(any);
    const Truth way = set.failed ? Truth::error : Truth::unknown;
    for (std::uint32_t row = 0; row < rows(any); ++row) ways.push_back({row, scalar::and_(way, membership(any, row))});
  }
  // Several ways to a target are one: its membership is the `or` of them, and only then the state is asked.
  if (ways.size() > 1) std::stable_sort(ways.begin(), ways.end(), [](const Reached& a, const Reached& b) { return a.row < b.row; });
  for (std::size_t i = 0; i < ways.size();) {
    const std::uint32_t target = ways[i].row;
    Truth in = ways[i].in;
    for (++i; i < ways.size() && ways[i].row == target; ++i) in = scalar::or_(in, ways[i].in);
    if (only_target != none && target != only_target) continue;
    const Truth on_target = scalar::and_(state, in);
    if (on_target != Truth::no) out.push_back({target, {ground_id, scope_row, on_target}});
  }
}

// Can there be rows of the scope that we do not know, and whose act is on this target?
bool Machine::unseen_scope(const Ground& ground, std::uint32_t target) {
  const core::Source& source = ground.target;
  const auto own_row = [&](ExprId e) { return core::is_own_row(program, e); };
  if (core::on_own_row(program, ground)) return false;
  const bool itself = source.start != none && source.hops.empty();
  const bool hop_up = source.hops.size() == 1 && source.hops[0].kind == core::Hop::parent && own_row(source.start);
  const core::Expr* start = itself ? &expr(source.start) : nullptr;
  if (hop_up || (start && start->op == Op::parent && own_row(arg(*start, 0)))) return open_under(ground.scope, target);
  if (start && start->op == Op::column && own_row(arg(*start, 0)) && !derived(ground.scope)) return open_by_link(ground.scope, start->a, target);
  return open_anywhere(ground.scope);
}

// Can there be grounds on a target that we do not know of?
bool Machine::remedy_open(RemedyId remedy, std::uint32_t target) {
  const auto& ids = remedies[remedy].grounds;
  return std::any_of(ids.begin(), ids.end(), [&](std::uint32_t id) {
    const Ground& ground = program.grounds[id];
    return ground.modality != Modality::must_not && unseen_scope(ground, target);
  });
}

// --- Rows ------------------------------------------------------------------------------------------------------------------------

void Machine::make_remedy(RemedyId remedy, std::uint32_t target) {
  RemedyStore& store = remedies[remedy];
  if (target < store.begin.size() && store.begin[target] != none) return;
  std::vector<Contribution> found;
  for (const std::uint32_t id : store.grounds)
    for (const std::uint32_t row : standing_rows_for(id, target)) contribute(id, row, found, target);
  std::vector<GroundUse> uses;
  for (const Contribution& c : found) uses.push_back(c.use);
  combine(remedy, target, std::move(uses));
}

void Machine::make_remedies(RemedyId remedy) {
  std::vector<Contribution> found;
  for (const std::uint32_t id : remedies[remedy].grounds) {
    make_all(program.grounds[id].scope);
    for (std::uint32_t row = 0; row < rows(program.grounds[id].scope); ++row) contribute(id, row, found, none);
  }
  make_all(schema.remedies[remedy].target);
  std::stable_sort(found.begin(), found.end(), [](const Contribution& a, const Contribution& b) { return a.target < b.target; });
  std::size_t at = 0;
  for (std::uint32_t target = 0; target < rows(schema.remedies[remedy].target); ++target) {
    std::vector<GroundUse> uses;
    for (; at < found.size() && found[at].target == target; ++at) uses.push_back(found[at].use);
    if (target >= remedies[remedy].begin.size() || remedies[remedy].begin[target] == none) combine(remedy, target, std::move(uses));
  }
}

// The rows of one target: grounds with one key together, in the order of modality, leading ground and its scope row.
void Machine::combine(RemedyId remedy, std::uint32_t target, std::vector<GroundUse> uses) {
  RemedyStore& store = remedies[remedy];
  const Remedy& declared = schema.remedies[remedy];
  if (store.begin.size() <= target) {
    const std::size_t targets = std::max<std::size_t>(target + 1, rows(declared.target));
    store.begin.resize(targets, none);
    store.count.resize(targets, 0);
  }
  const auto first_row = static_cast<std::uint32_t>(results.remedies[remedy].target.size());
  if (declared.rows != none) begin_rows(declared.rows, target, remedy_open(remedy, target));

  const auto key = [&](const GroundUse& u) {
    const Ground& g = program.grounds[u.ground];
    const bool apart = declared.combine != Combine::once, each = declared.combine == Combine::each;
    return std::tuple(g.modality, g.actor, g.alternative, apart ? g.scope : none, apart ? u.scope_row : none, each ? u.ground : none);
  };
  // Rows of derived scopes are numbered as they were asked for: their place is that in a whole run.
  const auto in_run = [&](const GroundUse& a, const GroundUse& b) {
    if (a.ground != b.ground) return a.ground < b.ground;
    return earlier(program.grounds[a.ground].scope, a.scope_row, b.scope_row);
  };
  std::sort(uses.begin(), uses.end(), [&](const GroundUse& a, const GroundUse& b) { return key(a) != key(b) ? key(a) < key(b) : in_run(a, b); });
  struct Combined { GroundUse lead; Modality modality; std::vector<GroundUse> uses; };
  std::vector<Combined> rows;
  for (std::size_t i = 0; i < uses.size();) {
    Combined row{{}, program.grounds[uses[i].ground].modality, {}};
    const auto of_row = key(uses[i]);
    for (; i < uses.size() && key(uses[i]) == of_row; ++i) row.uses.push_back(uses[i]);
    for (const Truth wanted : {Truth::error, Truth::unknown, Truth::yes})
      if (const auto lead = std::find_if(row.uses.begin(), row.uses.end(), [&](const GroundUse& u) { return u.state == wanted; }); lead != row.uses.end())
        row.lead = *lead;
    rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const Combined& a, const Combined& b) {
    return a.modality != b.modality ? a.modality < b.modality : in_run(a.lead, b.lead);
  });
  for (Combined& row : rows) {
    RemedyTable& table = results.remedies[remedy];
    table.lead.push_back(row.lead.ground);
    table.scope_row.push_back(row.lead.scope_row);
    if (declared.combine == Combine::once) push_further(remedy, row.lead, row.uses);
    push_combined(remedy, target, row.uses);
  }
  store.begin[target] = first_row;
  store.count[target] = static_cast<std::uint32_t>(rows.size());
  const std::uint32_t end_row = first_row + store.count[target];
  settle_opposed(remedy, first_row, end_row);
  if (declared.rows != none)
    for (std::uint32_t row = first_row; row < end_row; ++row) push_visible(remedy, row);
}

// --- What must be and must not be at one time ------------------------------------------------------------------------------------

// Between two persons there is no conflict: what one must do another may be barred from. Nor with one of several ways to choose from.
bool Machine::opposes(RemedyId remedy, std::uint32_t a, std::uint32_t b) const {
  const RemedyTable& table = results.remedies[remedy];
  const Ground *x = &program.grounds[table.lead[a]], *y = &program.grounds[table.lead[b]];
  if (x->modality == Modality::must_not) std::swap(x, y);
  return y->modality == Modality::must_not && (x->modality == Modality::must || x->modality == Modality::automatic) && x->alternative == 0 &&
         (x->actor == y->actor || x->actor == none || y->actor == none);
}

// Is there a day on which both run? Without a start: always before; without an end: ever after.
Truth Machine::overlap(RemedyId remedy, std::uint32_t a, std::uint32_t b) const {
  struct Span { Cell from, until; };
  const auto span = [&](std::uint32_t row) { return Span{starts(remedy, row), visible_column(remedy, row, core::remedy_col::until)}; };
  const auto before = [](const Cell& x, const Cell& y) {
    if (is_error(x, Kind::date) || is_error(y, Kind::date)) return Truth::error;
    return x.hi < y.lo ? Truth::yes : x.lo >= y.hi ? Truth::no : Truth::unknown;
  };
  const Span x = span(a), y = span(b);
  return scalar::and_(scalar::and_(before(x.from, x.until), before(y.from, y.until)), scalar::and_(before(x.from, y.until), before(y.from, x.until)));
}

std::vector<Machine::Opposed> Machine::opposed(RemedyId remedy, std::uint32_t row) {
  const RemedyStore& store = remedies[remedy];
  std::vector<Opposed> out;
  if (!store.opposing) return out;
  const auto target = static_cast<std::uint32_t>(results.remedies[remedy].target[row]);
  for (std::uint32_t other = store.begin[target]; other < store.begin[target] + store.count[target]; ++other) {
    if (!opposes(remedy, row, other)) continue;
    const Truth meet = overlap(remedy, row, other);
    out.push_back({other, meet, scalar::and_(scalar::and_(static_cast<Truth>(store.own_state[row]), static_cast<Truth>(store.own_state[other])), meet)});
  }
  return out;
}

// Where both hold, neither wins: both are errors. While it is undecided whether both do, so are they.
void Machine::settle_opposed(RemedyId remedy, std::uint32_t first_row, std::uint32_t end_row) {
  RemedyTable& table = results.remedies[remedy];
  RemedyStore& store = remedies[remedy];
  for (std::uint32_t row = first_row; row < end_row; ++row) {
    Truth both = Truth::no;
    for (const Opposed& o : opposed(remedy, row)) both = scalar::or_(both, o.both);
    const Truth clear = both == Truth::yes ? Truth::error : scalar::not_(both);
    table.state.push_back(static_cast<std::uint8_t>(scalar::and_(static_cast<Truth>(store.own_state[row]), clear)));
  }
}

// What a row rests on beside its leading ground. Where one holds, what only may hold has no weight.
void Machine::push_further(RemedyId remedy, const GroundUse& lead, const std::vector<GroundUse>& uses) {
  if (lead.state != Truth::yes && lead.state != Truth::unknown) return;
  RemedyTable& table = results.remedies[remedy];
  for (const GroundUse& u : uses) {
    const bool leads = u.ground == lead.ground && u.scope_row == lead.scope_row;
    if (!leads && u.state == lead.state && !core::on_own_row(program, program.grounds[u.ground])) table.further.push(table.target.size(), u.ground, u.scope_row);
  }
}

// --- Rows, one by one --------------------------------------------------------------------------------------------------------------

void Machine::push_combined(RemedyId remedy, std::uint32_t target, const std::vector<GroundUse>& uses) {
  RemedyStore& store = remedies[remedy];
  const Remedy& declared = schema.remedies[remedy];
  RemedyTable& table = results.remedies[remedy];
  Truth state = Truth::no;
  std::uint64_t held = 0, open = 0;
  for (const GroundUse& u : uses) {
    state = scalar::or_(state, u.state);
    const auto position = static_cast<std::uint64_t>(std::find(store.grounds.begin(), store.grounds.end(), u.ground) - store.grounds.begin());
    if (u.state == Truth::yes) held |= std::uint64_t{1} << position;
    if (u.state == Truth::unknown) open |= std::uint64_t{1} << position;
  }
  table.target.push_back(target);
  store.own_state.push_back(static_cast<std::uint8_t>(state));
  table.modality.push_back(static_cast<std::uint8_t>(program.grounds[uses.front().ground].modality));
  table.held.push_back(static_cast<std::int64_t>(held));
  table.open.push_back(static_cast<std::int64_t>(open));
  if (store.uses_begin.empty()) store.uses_begin.push_back(0);
  store.uses.insert(store.uses.end(), uses.begin(), uses.end());
  store.uses_begin.push_back(static_cast<std::uint32_t>(store.uses.size()));
  push_values(remedy, target, uses);

  if (declared.chosen_column != none) {
    const facts::Presence presence = presence_of(declared.target, declared.chosen_column, target);
    const auto modality = static_cast<Modality>(table.modality.back());
    const bool power = modality == Modality::may || modality == Modality::must_not;
    const Truth exercised = presence == facts::Presence::given ? Truth::yes : presence == facts::Presence::absent && power ? Truth::no : Truth::unknown;
    table.exercised.push_back(static_cast<std::uint8_t>(exercised));
    const Type& type = schema.entities[declared.target].columns[declared.chosen_column].type;
    table.chosen.push(column(declared.target, declared.chosen_column, target), type.kind == Kind::ratio);
  }
}

facts::Presence Machine::presence_of(EntityId entity, ColumnId column, std::uint32_t row) const {
  if (derived(entity) || computed_of[entity][column] != none) return facts::Presence::given;
  return static_cast<facts::Presence>(facts.tables[entity].columns[column].presence[row]);
}

}  // namespace tiao::interp
