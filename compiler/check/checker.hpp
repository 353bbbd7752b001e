// The checker's working state. One object compiles one agreement; its methods are spread over the files of this folder by
// subject: vocabulary, names and rows, expressions, conversions and comparisons, tables, propositions, applicability, priorities, rules, duties, time (ledgers and
// timelines), order, scenarios.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "compiler/check/check.hpp"
#include "compiler/document/tree.hpp"

namespace tiao::check {

using core::ExprId;
using core::Op;
using diag::Code;
using source::Span;

/// What an expression comes to. An interval is a pair of days that exists only while checking.
struct Val {
  ExprId id = none;
  Type type;
  bool interval = false;
  ExprId from = none, until = none;     // of an interval: first day, first free day
  bool ok() const { return id != none || interval; }
};

/// One row in sight.
struct RowView { ExprId ref = none; EntityId entity = none; std::string alias; };

/// The rows that one `for each`, definition, aggregate or filter brings into sight, innermost first.
struct Frame { std::vector<RowView> views; bool aggregate = false; };

/// How values of durations are counted; kept in Type::scale.
namespace duration_kind { enum : std::uint8_t { months = 0, days = 1, mixed = 2 }; }

inline Type type_of(Kind kind, std::uint32_t of = none, std::uint8_t scale = 0) { return Type{kind, scale, of}; }
inline core::Modality core_modality(syntax::Modality written) {
  switch (written) {
    case syntax::Modality::must: return core::Modality::must;
    case syntax::Modality::must_not: return core::Modality::must_not;
    case syntax::Modality::may: return core::Modality::may;
    case syntax::Modality::automatically: break;
  }
  return core::Modality::automatic;
}
inline Type boolean_type() { return type_of(Kind::boolean); }
/// The type of an average: a ratio in whole units that remembers what was averaged, so that it meets only amounts of that kind and unit.
constexpr std::uint32_t mean_mark = 0xffffff, most_mean_places = 12;
constexpr Type mean_of(const Type& t) { return {Kind::ratio, 0, static_cast<std::uint32_t>(t.kind) << 24 | (t.of & mean_mark)}; }
constexpr bool is_mean(const Type& t) { return t.kind == Kind::ratio && t.of != none; }
constexpr Type averaged(const Type& mean) { return {static_cast<Kind>(mean.of >> 24), 0, (mean.of & mean_mark) == mean_mark ? none : mean.of & mean_mark}; }

inline bool is_number(Kind k) { return k == Kind::integer || k == Kind::decimal || k == Kind::money || k == Kind::percent; }

/// The statements of one kind that stand in a node, in order.
template <class T, class F> void each_statement(const syntax::Ast& ast, const document::TreeNode& node, F&& f) {
  for (const auto& placed : node.statements)
    if (const auto* what = std::get_if<T>(&ast[placed.stmt].what)) f(*what, placed);
}

class Checker {
 public:
  Checker(const ProjectSources& project, diag::Diagnostics& diagnostics, core::Program& program)
      : project_(project), diagnostics_(diagnostics), program_(program), schema_(program.schema) {}

  bool compile(const AgreementRef& agreement, Compiled& out);
  Val expression(const syntax::Ast& ast, syntax::ExprId expr);
  void every_vocabulary();

 private:
  // --- diagnostics ------------------------------------------------------------------------------------------------------
  diag::Diagnostic& error(Code code, Span span, std::vector<std::string> args = {}) { return diagnostics_.add(code, span, std::move(args)); }
  void unknown(Code code, Span span, const std::string& name, const std::vector<std::string>& candidates, std::vector<std::string> more = {});
  std::string describe(const Val& v) const;

  /// The declarations that make up one text, and the files in which they stand.
  struct Text {
    std::size_t file = 0;                    // where it begins
    const syntax::AgreementDecl* decl = nullptr;
    document::Sources sources;
    std::vector<std::size_t> files;
  };
  bool gather(const AgreementRef& wanted, Text& text);

  // --- vocabulary.cpp -----------------------------------------------------------------------------------------------------
  void collect_uses(std::size_t file);
  struct Declared { const syntax::Ast* ast; syntax::StmtId stmt; };
  void collect_declarations(const syntax::Ast& ast, const std::vector<syntax::StmtId>& statements, std::vector<Declared>& out);
  void declare(const std::vector<Declared>& declarations);
  void declare_entity(const syntax::EntityDecl& decl, Span span);
  void declare_enum(const std::string& id, const std::string& label, bool ordered, const std::vector<syntax::Name>& values, Span span);
  void declare_calendar(const syntax::CalendarDecl& decl, Span span);
  void declare_unit(const syntax::Ast& ast, const syntax::UnitDecl& decl, Span span);
  void entity_members(const syntax::Ast& ast, EntityId entity, const std::vector<syntax::StmtId>& members, bool extension);
  void declare_fact(const syntax::Ast& ast, EntityId entity, const syntax::FactDecl& fact, Span span);
  void declare_remedy(const syntax::Ast& ast, const syntax::RemedyDecl& decl, Span span);
  ColumnId add_column(EntityId entity, Column column, Span span);
  EntityId add_entity(Entity entity, Span span);
  bool resolve_type(const syntax::Ast& ast, const syntax::TypeRef& ref, const std::string& owner, Type& type, std::int64_t& lo, std::int64_t& hi);
  std::optional<std::int64_t> constant_value(const syntax::Ast& ast, syntax::ExprId expr, const Type& type);
  void foreign_columns();
  std::optional<std::uint32_t> find_enum(const std::string& name) const;
  std::optional<std::uint32_t> find_unit(const std::string& name) const;
  std::optional<ActorId> find_actor(const syntax::Path& path);
  std::optional<RemedyId> find_remedy(const std::string& name) const;
  std::optional<std::uint32_t> enum_value(std::uint32_t enumeration, const std::string& name) const;

  // --- emit.cpp: expressions of the core ------------------------------------------------------------------------------------
  ExprId emit(Op op, Type type, std::uint32_t a, std::vector<ExprId> args, const syntax::Expr* written = nullptr);
  ExprId constant(Cell cell, Type type, const syntax::Expr* written = nullptr);
  ExprId truth_constant(bool value) { return constant(of(truth(value)), boolean_type()); }
  ExprId all(std::vector<ExprId> terms, const syntax::Expr* written = nullptr);   // none = true is dropped; empty = none
  ExprId any(std::vector<ExprId> terms, const syntax::Expr* written = nullptr);
  ExprId negation(ExprId e, const syntax::Expr* written = nullptr);
  ExprId row(std::uint32_t slot, EntityId entity);
  ExprId column(ExprId ref, ColumnId column, const syntax::Expr* written = nullptr);
  ExprId parent(ExprId ref);
  ExprId as_of() { return emit(Op::as_of, type_of(Kind::date), none, {}); }
  ExprId compare(core::CmpOp op, ExprId a, ExprId b, const syntax::Expr* written = nullptr);
  const Type& type(ExprId e) const { return program_.exprs[e].type; }
  EntityId entity_of(ExprId ref) const { return program_.exprs[ref].type.of; }
  const Cell* constant_of(ExprId e) const;
  std::uint32_t origin(const syntax::Expr* written);

  // --- rows.cpp: names and sets of rows -----------------------------------------------------------------------------------
  struct Found { ExprId ref = none; std::vector<core::Hop> hops; EntityId entity = none; std::size_t used = 0; };
  std::optional<ExprId> named_row(const std::string& name);                       // an alias or an entity in sight
  std::optional<ExprId> row_of(EntityId entity);                                   // the row of that entity in sight, parents included
  std::optional<Val> named_value(const std::string& name, const syntax::Expr* written);
  std::optional<Val> member(ExprId ref, const std::string& name, const syntax::Expr* written);
  std::optional<std::vector<core::Hop>> hops_from(EntityId from, const std::vector<syntax::Ident>& path, std::size_t at, std::size_t& used, EntityId& to, Span span);
  bool walk(core::Source& source, EntityId& at, const std::vector<syntax::Ident>& path, std::size_t i);
  std::optional<core::Source> rows_of_path(const syntax::Path& path, bool whole);
  std::optional<EntityId> entity_of_path(const syntax::Path& path);
  std::vector<std::string> names_in_sight();
  bool two_rows_in_sight(EntityId entity);

  // --- expressions.cpp -----------------------------------------------------------------------------------------------------
  Val lower(syntax::ExprId id, const Type* expected = nullptr);
  Val lower_path(const syntax::Expr& e, const Type* expected);
  Val lower_call(const syntax::Expr& e, const Type* expected);
  Val lower_aggregate(const syntax::Expr& e, const Type* expected);
  Val lower_compare(const syntax::Expr& e);
  Val lower_range_test(const syntax::Expr& e);
  Val lower_arithmetic(const syntax::Expr& e, const Type* expected);
  Val scaled_average(const Val& a, const Val& b, const syntax::Expr& e);
  ExprId scaled_unit(ExprId unit, const Val& times);
  Val lower_quantity(const syntax::Expr& e, const Type* expected);
  Val lower_conditional(const syntax::Expr& e, const Type* expected);
  Val lower_items(const syntax::Expr& e);
  Val lower_meets(const syntax::Expr& e);
  Val lower_rank(const syntax::Expr& e);
  Val lower_function(const syntax::Expr& e, const std::string& name);
  std::optional<Val> interval_call(const std::string& name, const std::vector<syntax::ExprId>& args, Span span);
  ExprId truth_value(syntax::ExprId id);                     // lowers and demands a boolean
  ExprId demand(Val v, const Type& type, Span span, const syntax::Expr* written = nullptr);  // converts to exactly this type, or reports
  bool unify(Val& a, Val& b, Span span);
  Val enum_constant(const Type& type, const std::string& name, Span span, const syntax::Expr* written, bool report);
  Val lower_unknown(const syntax::Expr& e, const Type* expected);
  bool runs_upward(std::int64_t lo, std::int64_t hi, Span span);   // or reports the range that holds nothing
  Span span_of(const syntax::Range& range) const;
  ExprId bound_test(ExprId x, const Type& type, const syntax::Range& range, const syntax::Expr* written);
  bool begin_rows(syntax::RowsId rows, core::Source& source, std::uint32_t& slot, const syntax::Expr* value, bool peers = false);
  void close_rows() { frames_.pop_back(); --slots_; }
  ExprId filter_of(syntax::RowsId rows, core::Source& source, std::uint32_t slot);
  ExprId in_values(ExprId choice, std::vector<std::uint8_t> marked, const syntax::Expr* written);
  std::uint32_t membership_enum_ = none;
  struct CauseTest { ExprId subject; std::vector<std::uint32_t> nodes; std::ptrdiff_t timeline; std::uint32_t remap = none; };
  std::vector<CauseTest> cause_tests_;
  static Span segments_span(const syntax::Expr& e) { return e.path.span.valid() ? e.path.span : e.span; }
  bool reads_slot(ExprId e, std::uint32_t slot) const;
  std::optional<ExprId> this_row() const;
  Cell date_value(const syntax::DateLiteral& d) const;

  // --- tables.cpp ----------------------------------------------------------------------------------------------------------
  struct PendingTable { const syntax::Ast* ast; const syntax::Table* table; Span span; std::uint32_t node; };
  Val lower_table(const PendingTable& table, const syntax::Expr& call);
  struct Box { std::vector<std::pair<std::int64_t, std::int64_t>> sides; Span span; bool otherwise = false; };
  std::optional<std::vector<Box>> boxes(const PendingTable& table, const std::vector<Val>& params);
  ExprId otherwise_condition(const PendingTable& table, const std::vector<Val>& params, const std::vector<ExprId>& conditions);
  void check_rows(const PendingTable& table, const std::vector<Val>& params, const std::vector<ExprId>& outputs);
  ExprId cell_condition(const Val& param, const syntax::Cell& cell);
  std::set<const syntax::Table*> checked_tables_;

  // --- propositions.cpp ------------------------------------------------------------------------------------------------------
  struct Scope { EntityId entity = none; ExprId filter = none; Frame frame; syntax::StmtId stmt; };
  Scope scope_of(syntax::StmtId for_each);
  std::optional<EntityId> join_of(const syntax::Path& path);
  Frame frame_of(EntityId entity, const std::string& alias);
  void declare_parts();                          // parameters, readings, tables, groups, ledgers, timelines, definitions
  void declare_parameter(std::uint32_t node, const syntax::Parameter& parameter, Span span);
  void declare_reading(std::uint32_t node, const syntax::Reading& reading, Span span);
  void declare_priorities(std::uint32_t node);   // overrides, exceptions, residuals, switches
  void circles_of_overrides();
  void header_line(const syntax::StmtBody& what);
  void convention(const syntax::ConventionLine& line, std::vector<std::string>& counting);
  void shared_conventions();
  void name_edition();
  std::map<std::uint32_t, Scope> scopes_;
  bool proposition(std::uint32_t node, EntityId& entity, ColumnId& column, Span asked);
  ExprId proposition_on(std::uint32_t node, ExprId ref, Span asked);
  ExprId rule_condition(const syntax::Rule& rule, EntityId about);
  ExprId way_to(ExprId condition, EntityId about);
  std::map<std::pair<EntityId, ExprId>, ColumnId> ways_;
  static bool numbered(const document::TreeNode& node);   // an item, a subitem or a limb

  // --- applicability.cpp -----------------------------------------------------------------------------------------------------
  struct Applies { std::uint32_t node; EntityId entity; ColumnId column; bool throughout; std::vector<std::uint32_t> switches; };  // switches: what `activate` names
  std::vector<Applies> applies_;
  // One thing that says when a node applies: a term in force, the days on which it is part of the text, or a place in applies_.
  struct Limit {
    const syntax::InForce* force = nullptr;
    bool text = false;
    std::size_t applies = 0;
    friend bool operator==(const Limit&, const Limit&) = default;
  };
  std::vector<Limit> limits_of(std::uint32_t node) const;
  ExprId limit_condition(const Limit& limit, std::uint32_t node, const Scope& scope);
  ExprId applicable(std::uint32_t node, const Scope& scope);
  ExprId applicable_beyond(std::uint32_t node, std::uint32_t ruled, const Scope& scope);   // what does not limit `ruled` as well
  ExprId force_condition(const syntax::InForce& force, const Scope& scope);
  ExprId days_condition(const syntax::InForce& force, const Scope& scope, std::optional<std::int64_t> edition);
  ExprId operation_condition(std::uint32_t operation, const Scope& scope);
  void declare_switches(const AgreementRef& agreement);
  ExprId either(std::uint32_t switched, ExprId after, ExprId before);
  ExprId validity_condition(std::uint32_t node, const Scope& scope);
  ExprId in_text(std::uint32_t node, const Scope& scope);
  void lower_applicability();

  // --- priorities.cpp --------------------------------------------------------------------------------------------------------
  struct ExceptionRule {
    std::uint32_t node;
    const syntax::Exception* written;
    syntax::StmtId scope;
    Span span;
    std::vector<std::uint32_t> to;
    std::size_t grounds = 0, grounds_end = 0;   // its acts, in Program::grounds before they are sorted
    bool running = false;
  };
  ExprId guards(std::uint32_t node, const Scope& scope, const ExceptionRule* own = nullptr, std::uint32_t ruled = document::no_node);
  ExprId effective(ExceptionRule& exception, std::uint32_t ruled, const Scope& scope);
  ExprId stands(std::uint32_t stronger, std::uint32_t ruled, const Scope& scope);
  bool excepts(const ExceptionRule& exception, std::uint32_t node, const ExceptionRule* other) const;
  bool ranked(const ExceptionRule& a, const ExceptionRule& b) const;
  bool outranks(std::uint32_t stronger, std::uint32_t node) const;
  bool same_rules(const ExceptionRule& a, const ExceptionRule& b) const;
  std::optional<ExprId> difference(const ExceptionRule& a, const ExceptionRule& b);   // none: surely different; nothing: the same outcome
  bool differing_values(const core::ParamRule& a, const core::ParamRule& b, std::vector<ExprId>& terms);
  void set_against(ExceptionRule& exception, ExceptionRule& other, ExprId differ);
  void conflicts_of_exceptions();
  void conflicts_of_grounds();
  void warn_of_conflict(std::uint32_t node, Span span, std::uint32_t other, Span other_span);
  bool same_meaning(ExprId a, ExprId b) const;
  void conjuncts(ExprId e, std::vector<ExprId>& out) const;
  bool implies(const std::vector<ExprId>& stronger, const std::vector<ExprId>& weaker) const;

  // --- rules.cpp -------------------------------------------------------------------------------------------------------------
  void lower_nodes();
  void lower_rule(std::uint32_t node, const Scope& scope, const syntax::Rule& rule, bool only_rule);
  void lower_acts(std::uint32_t node, const Scope& scope, ExprId own, const std::vector<syntax::Act>& acts, const std::vector<std::string>& conventions);
  void lower_call_to_ground(std::uint32_t node, const Scope& scope, core::Ground ground, const syntax::RemedyCall& call);
  core::ParamRule param_rule(const Type& type, syntax::ExprId value, const std::optional<syntax::Range>& range, const syntax::Bound* bound, Span span);
  void within_declared(RemedyId remedy, std::uint32_t index, const core::ParamRule& rule, Span span);
  std::optional<core::Source> target_of(const Remedy& remedy, const syntax::RemedyCall& call, const Scope& scope);
  void lower_exception(std::uint32_t node, const Scope& scope, const syntax::Exception& written);
  std::vector<std::string> conventions_of(const std::vector<syntax::ExprId>& conditions) const;
  bool rests_on_convention(syntax::ExprId root) const;
  void counting_of(ExprId expr, std::vector<std::string>& sources) const;

  // --- duties.cpp ------------------------------------------------------------------------------------------------------------
  void lower_duty(std::uint32_t node, const Scope& scope, const syntax::Duty& duty, Span span);
  void lower_require(std::uint32_t node, const Scope& scope, const syntax::Require& require);
  void lower_report(std::uint32_t node, const Scope& scope, const syntax::Report& report, Span span);
  ExprId breach(std::uint32_t node, Span asked);

  // --- time.cpp -------------------------------------------------------------------------------------------------------------
  struct PendingLedger { const syntax::Ast* ast; const syntax::Ledger* written; std::uint32_t node, index; Span span; syntax::StmtId scope; };
  struct Stages {
    const syntax::Ast* ast; const syntax::Stages* written; std::uint32_t node;
    EntityId owner = none, rows = none;
    std::uint32_t states = none;                           // enum, the state in which the machine starts first
    ColumnId column = none;
    enum State { pending, running, done } state = pending;
    bool failed = false;
  };
  std::vector<Stages> stages_;
  std::map<std::string, std::size_t> stage_names_;
  struct PendingTimeline { const syntax::Ast* ast; const syntax::Timeline* written; std::uint32_t node, index; Span span; syntax::StmtId scope; };
  void declare_ledger(std::uint32_t node, const syntax::Ledger& ledger, Span span);
  void declare_timeline(std::uint32_t node, const syntax::Timeline& timeline, Span span);
  void declare_group(std::uint32_t node, const syntax::Group& group, Span span);
  void lower_ledger(const PendingLedger& pending);
  void lower_timeline(const PendingTimeline& pending);
  void declare_stages(std::uint32_t node, const syntax::Stages& stages, Span span);
  ColumnId moves_of(std::size_t stages, Span asked);       // the column that says which moves a row opens; none after an error
  Val stage_at(std::size_t stages, ExprId owner, ExprId day, const syntax::Expr& written);
  ExprId way_of(const syntax::WordChoice& choice);
  ExprId hit_choice(const syntax::WordChoice& choice, const std::function<ExprId(const syntax::Ident&)>& leaf);

  // --- definitions ------------------------------------------------------------------------------------------------------------
  struct Definition {
    const syntax::Ast* ast; const syntax::Define* written; std::uint32_t node; Span span; syntax::StmtId scope;
    EntityId entity = none; ColumnId column = none;      // a computed column, unless it has parameters or no row
    bool macro = false;                                  // expanded where it is called
    enum State { pending, running, done } state = pending;
    bool failed = false;
  };
  void declare_definition(std::uint32_t node, const syntax::Define& define, Span span, syntax::StmtId scope, EntityId owner);
  bool circle(std::size_t definition, Span asked);
  // Definitions and conditions that rest on each other are worked out one within the other, here and in the engines.
  static constexpr unsigned max_chain = 200;
  // Definitions with parameters and exceptions are written out where they are asked: those that ask each other twice over double at every step.
  static constexpr std::size_t max_written_out = 300'000;
  std::size_t written_out_ = 0;
  bool too_much_written_out(Span asked);
  unsigned chain_ = 0;
  bool chain_too_long(Span asked);
  struct Link {
    unsigned& chain;
    explicit Link(unsigned& c) : chain(c) { ++chain; }
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    ~Link() { --chain; }
  };
  std::vector<std::size_t> running_;
  bool ensure(std::size_t definition, Span asked);       // lowers a definition when first needed
  Val expand(std::size_t definition, const syntax::Expr& call);

  void memberships();
  void causes();
  // --- order.cpp ---------------------------------------------------------------------------------------------------------------
  bool order();
  // --- scenarios.cpp -------------------------------------------------------------------------------------------------------------
  void lower_scenario(const syntax::Ast& ast, const syntax::Scenario& written, Span span, std::vector<Scenario>& out);
  ScenarioValue scenario_value(const syntax::Ast& ast, syntax::ExprId expr, const Type& type);
  ExpectedValue expected_value(const syntax::Ast& ast, syntax::ExprId value, const std::optional<syntax::Range>& range, const syntax::Bound* bound, const Type& type);
  void expected_flag(const syntax::Text& message);
  std::optional<std::uint32_t> node_of(const syntax::Address& address);   // nothing: said so
  void expected_row(const Scenario& scenario, EntityId entity, const syntax::Ident& key);
  void expectation(const syntax::Ast& ast, const syntax::Expectation& written, Scenario& scenario);

  // --- state ---------------------------------------------------------------------------------------------------------------------
  const ProjectSources& project_;
  diag::Diagnostics& diagnostics_;
  core::Program& program_;
  Schema& schema_;
  const syntax::Ast* ast_ = nullptr;            // whose ids are being read
  document::Tree tree_;
  const syntax::Ast* agreement_ast_ = nullptr;
  std::uint32_t node_ = document::no_node;      // the node being lowered: relative addresses start here
  std::vector<Frame> frames_;
  std::uint32_t slots_ = 0;
  std::vector<std::size_t> used_files_;
  std::set<std::size_t> files_seen_;
  std::set<std::string> actor_names_;
  std::map<std::string, Span> entity_spans_;
  std::vector<std::vector<Span>> param_spans_;   // of each remedy: where its parameters are declared
  std::map<std::string, PendingTable> tables_;
  std::vector<Definition> definitions_;
  std::map<std::pair<EntityId, ColumnId>, std::size_t> definition_of_;
  std::map<std::string, std::size_t> macros_;   // by id and label
  struct Bound { std::string id, label; Val val; };
  std::vector<Bound> bound_;                    // parameters of the macro being expanded

  /// Puts aside what is in sight where something is lowered, while something else is lowered in a place of its own.
  class Aside {
   public:
    Aside(Checker& checker, const syntax::Ast* ast, std::uint32_t node);
    ~Aside();
    Aside(const Aside&) = delete;
    Aside& operator=(const Aside&) = delete;

   private:
    Checker& checker_;
    std::vector<Frame> frames_;
    std::vector<Bound> bound_;
    std::uint32_t slots_;
    const syntax::Ast* ast_;
    std::uint32_t node_;
  };

  struct PeriodDef { const syntax::Ast* ast; const syntax::PeriodDecl* decl; };
  std::map<std::string, PeriodDef> periods_;
  std::map<std::string, std::uint32_t> ledgers_, timelines_, groups_, parameters_;
  std::vector<PendingLedger> pending_ledgers_;
  std::vector<PendingTimeline> pending_timelines_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> overridden_by_, excepted_by_, residual_;  // node -> nodes
  std::vector<ExceptionRule> exceptions_;
  std::optional<std::int64_t> edition_;         // NAME@DATE: the day that decides what is in force
  std::optional<Earlier> earlier_;              // with a switch for each operation that tells the two texts apart
  std::vector<std::uint32_t> switches_;
  std::uint32_t switch_of_days_ = none;
  struct Proposition { EntityId entity = none; ColumnId column = none; bool running = false; bool failed = false; };
  std::map<std::uint32_t, Proposition> propositions_;
  std::map<std::tuple<Op, int, std::uint32_t, std::uint32_t, std::uint32_t, std::vector<ExprId>>, ExprId> interned_;
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, int, std::uint32_t, std::uint32_t>, ExprId> constants_;
  std::map<std::pair<Span, std::uint32_t>, std::uint32_t> origins_;
  std::vector<std::pair<syntax::StmtId, std::uint32_t>> duties_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> duties_of_;   // node -> duties
  syntax::Path edition_by_;
  std::uint32_t alternatives_ = 0;
  std::uint32_t overlap_enum_ = none;
  EntityId default_scope_ = none;
  std::map<std::string, std::uint32_t> joins_;
};

}  // namespace tiao::check
