// The printer's second half: schema and declarations, in the order in which they are evaluated.
#include "compiler/core/printer.hpp"

#include "runtime/value/format.hpp"

namespace tiao::core {
namespace {

/// Prints the declarations of one program.
class ProgramPrinter {
 public:
  explicit ProgramPrinter(const Program& program) : p_(program), s_(program.schema) {}

  std::string all() {
    out_ = "program " + p_.hash + "\n\n";
    for (EntityId e = 0; e < s_.entities.size(); ++e) entity(e);
    for (const Parameter& parameter : s_.parameters)
      out_ += std::string(parameter.is_reading ? "reading " : "parameter ") + parameter.id + " : " + print_type(s_, parameter.type) + "\n";
    out_ += "\n";
    for (const Stratum& stratum : p_.strata) declaration(stratum);
    return std::move(out_);
  }

 private:
  std::string expr(ExprId e) const { return print_expr(p_, e); }
  std::string address(NodeId node) const { return node == none ? std::string() : s_.nodes[node].address; }
  const std::string& entity_id(EntityId e) const { return s_.entities[e].id; }
  // A line of a declaration, left out when there is nothing to say.
  void line(const std::string& label, ExprId e) {
    if (e != none) out_ += "  " + label + " " + expr(e) + "\n";
  }

  void entity(EntityId id) {
    static constexpr const char* origins[] = {"register", "group", "step", "cycle", "span", "remedy", "join"};
    const Entity& e = s_.entities[id];
    out_ += std::string(origins[static_cast<std::size_t>(e.origin)]) + " " + e.id;
    if (e.parent != none) out_ += " of " + entity_id(e.parent);
    out_ += "\n";
    for (const Column& column : e.columns) {
      static constexpr const char* kinds[] = {"fact", "finding", "judgment", "key", "parent", "link", "suspected", "computed"};
      out_ += std::string("  ") + kinds[static_cast<std::size_t>(column.kind)] + " " + column.id + " : " + print_type(s_, column.type);
      if (column.range_lo != neg_inf || column.range_hi != pos_inf)
        out_ += " in " + (column.range_lo == neg_inf ? std::string() : format_end(column.range_lo, column.type)) + ".." +
                (column.range_hi == pos_inf ? std::string() : format_end(column.range_hi, column.type));
      out_ += "\n";
    }
    if (id < p_.memberships.size()) line("there when", p_.memberships[id]);
  }

  void declaration(const Stratum& stratum) {
    const std::uint32_t i = stratum.index;
    switch (stratum.kind) {
      case DeclKind::computed: computed(p_.computed[i]); break;
      case DeclKind::group: group(p_.groups[i]); break;
      case DeclKind::ledger: ledger(p_.ledgers[i]); break;
      case DeclKind::timeline: timeline(p_.timelines[i]); break;
      case DeclKind::join: join(p_.joins[i]); break;
      case DeclKind::remedy: remedy(i); break;
      case DeclKind::duty: duty(p_.duties[i]); break;
      case DeclKind::require: {
        const Require& r = p_.requires_[i];
        out_ += "require of " + entity_id(r.scope) + "  # " + address(r.cite) + "\n";
        line("where", r.scope_filter);
        line("applicable", r.applicable);
        line("holds", r.condition);
        out_ += "  otherwise \"" + r.message + "\"\n";
        break;
      }
      case DeclKind::report: {
        const Report& r = p_.reports[i];
        out_ += "report " + r.id + " of " + entity_id(r.entity) + "  # " + address(r.cite) + "\n";
        line("means", r.expr);
        break;
      }
      case DeclKind::applicability: {
        const Applicability& a = p_.applicabilities[i];
        out_ += "applicable" + (a.entity == none ? std::string() : " of " + entity_id(a.entity)) + "  # " + address(a.node) + "\n";
        line("when", a.expr);
        break;
      }
    }
  }

  void computed(const Computed& c) {
    const Column& column = s_.entities[c.entity].columns[c.column];
    out_ += std::string(c.proposition ? "proposition " : "define ") + entity_id(c.entity) + "." + column.id + " : " +
            print_type(s_, column.type) + "  # " + address(c.node) + "\n";
    line("means", c.expr);
  }

  void group(const Group& g) {
    out_ += "group " + entity_id(g.entity) + " from " + entity_id(g.from) + " per";
    for (const ColumnId key : g.keys) out_ += " " + s_.entities[g.from].columns[key].id;
    out_ += "\n";
  }

  void flow(const char* what, const Flow& f) {
    static constexpr const char* periods[] = {"", " per calendar_year", " per month"};
    out_ += std::string("  ") + what + " " + expr(f.amount) + " among $" + std::to_string(f.slot) + " in " + print_source(p_, f.source);
    if (f.filter != none) out_ += " where " + expr(f.filter);
    out_ += " dated " + expr(f.date);
    if (f.cap != none) out_ += " at most " + expr(f.cap) + periods[static_cast<std::size_t>(f.cap_period)];
    out_ += "\n";
  }

  void ledger(const Ledger& l) {
    static constexpr const char* periods[] = {"none", "calendar_year", "month"};
    out_ += "ledger " + l.id + " of " + entity_id(l.owner) + " : " + print_type(s_, l.type) + " per " +
            periods[static_cast<std::size_t>(l.period)] + "  # " + address(l.node) + "\n";
    for (const Flow& f : l.entries) flow("enter", f);
    for (const Flow& f : l.credits) flow("credit", f);
    line("floor", l.floor);
    line("opens at", l.opens_at);
  }

  void timeline(const Timeline& t) {
    const auto& values = s_.enums[t.states].values;
    out_ += "timeline " + t.id + " of " + entity_id(t.owner) + "  # " + address(t.node) + "\n  states";
    for (const EnumValue& value : values) out_ += " " + value.id;
    out_ += "\n  starts " + values[t.start].id + "\n";
    for (const On& on : t.on) {
      out_ += "  on $" + std::to_string(on.slot) + " in " + print_source(p_, on.source);
      if (on.filter != none) out_ += " where " + expr(on.filter);
      out_ += " gives " + expr(on.state) + " from " + expr(on.from) + " until " + expr(on.until) + " for " + expr(on.length) + "\n";
    }
    for (const Overlap& o : t.overlaps) out_ += "  overlap of " + values[o.state].id + " : " + expr(o.way) + "\n";
    for (const Shorten& c : t.shorten) {
      out_ += "  shorten " + expr(c.amount) + " among $" + std::to_string(c.slot) + " in " + print_source(p_, c.source);
      if (c.filter != none) out_ += " where " + expr(c.filter);
      out_ += " dated " + expr(c.date) + "\n";
    }
  }

  void join(const Join& j) {
    out_ += "join " + entity_id(j.entity) + " over " + entity_id(j.first);
    for (const Hop& hop : j.hops) out_ += " > " + entity_id(hop.entity);
    out_ += "\n";
  }

  std::string rule(const ParamRule& r) const {
    const char* about = r.in_principle ? " in principle" : "";
    switch (r.form) {
      case ParamForm::absent: return "-";
      case ParamForm::exact: return expr(r.lo);
      case ParamForm::range: return expr(r.lo) + ".." + expr(r.hi) + about;
      case ParamForm::at_most: return "at most " + expr(r.hi) + about;
      case ParamForm::at_least: return "at least " + expr(r.lo) + about;
      case ParamForm::unstated: return "unstated";
    }
    return "?";
  }

  void remedy(RemedyId id) {
    const Remedy& r = s_.remedies[id];
    out_ += "remedy " + r.id + " of " + entity_id(r.target) + "\n";
    for (const Ground& g : p_.grounds)
      if (g.remedy == id) ground(g, r);
  }

  void ground(const Ground& g, const Remedy& r) {
    out_ += std::string("  ground ") + (g.actor == none ? std::string() : s_.actors[g.actor].id + " ") + name(g.modality) +
            (g.in_principle ? " in principle" : "") + (g.alternative ? " alternative " + std::to_string(g.alternative) : "") + "  # " +
            address(g.cite) + "\n";
    out_ += "    for each " + entity_id(g.scope) + (g.scope_filter == none ? "" : " where " + expr(g.scope_filter)) + "\n";
    out_ += "    against " + print_source(p_, g.target) + "\n";
    if (g.applicable != none) out_ += "    applicable " + expr(g.applicable) + "\n";
    if (g.own != none) out_ += "    when " + expr(g.own) + "\n";
    for (std::size_t i = 0; i < g.params.size(); ++i)
      if (g.params[i].form != ParamForm::absent) out_ += "    " + r.params[i].id + ": " + rule(g.params[i]) + "\n";
    if (g.length.form != ParamForm::absent) out_ += "    for " + rule(g.length) + "\n";
    if (g.from.form != ParamForm::absent) out_ += "    from " + rule(g.from) + "\n";
    if (g.until.form != ParamForm::absent) out_ += "    until " + rule(g.until) + "\n";
  }

  void duty(const Duty& d) {
    out_ += "duty" + (d.actor == none ? std::string() : " of " + s_.actors[d.actor].id) + " for each " + entity_id(d.scope) + "  # " +
            address(d.cite) + "\n";
    line("where", d.scope_filter);
    line("applicable", d.applicable);
    line("when", d.when);
    line("done", d.done);
    line("due", d.due);
    line("fulfilled", d.fulfilled);
    line("breached", d.breached);
    line("pending", d.pending);
  }

  const Program& p_;
  const Schema& s_;
  std::string out_;
};

}  // namespace

std::string print(const Program& program) { return ProgramPrinter(program).all(); }

}  // namespace tiao::core
