#include "compiler/syntax/printer.hpp"

#include <cstdio>

namespace tiao::syntax {

std::string to_text(const DateLiteral& date) {
    char buffer[32];
    if (date.day != 0) std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u", date.year, unsigned{date.month}, unsigned{date.day});
    else if (date.month != 0) std::snprintf(buffer, sizeof buffer, "%04d-%02u", date.year, unsigned{date.month});
    else std::snprintf(buffer, sizeof buffer, "%04d", date.year);
    return buffer;
}

std::string to_text(const Address& address) {
    std::string out;
    for (const Segment& segment : address.segments) {
        if (!out.empty()) out += " / ";
        out += name_of(segment.level);
        if (segment.number != 0) out += " " + std::to_string(segment.number);
    }
    if (address.agreement.given()) out += " in " + address.agreement.text();
    return out;
}

std::string to_text(const AddressList& addresses) {
    std::string out;
    for (const AddressRange& range : addresses) {
        if (!out.empty()) out += ", ";
        out += to_text(range.lo);
        if (range.hi) out += " .. " + to_text(*range.hi);
    }
    return out;
}

namespace {

class Printer {
public:
    explicit Printer(const Ast& ast) : ast_(ast) {}

    std::string take() { return std::move(out_); }

    // ── expressions: one line ──

    std::string show(ExprId id) const {
        if (!id) return "-";
        const Expr& e = ast_[id];
        std::string out = "(" + std::string(name_of(e.kind));
        const auto put = [&](const std::string& part) {
            if (!part.empty()) out += " " + part;
        };
        if (e.op != Op::none) put(std::string(name_of(e.op)));
        if (e.fold != Fold::none) put(std::string(name_of(e.fold)));
        if (e.kind == ExprKind::quantity) {
            put(e.text);
            put(e.unit);
        }
        if (e.kind == ExprKind::string) put("\"" + e.text + "\"");
        if (e.kind == ExprKind::date) put(to_text(e.date));
        if (e.fold == Fold::consecutive) put(std::to_string(e.number));
        put(e.path.text());
        for (const ExprId arg : e.args) put(show(arg));
        if (e.kind == ExprKind::in_range || e.has_range) put(show(e.range));
        if (e.rows.valid()) put(show(e.rows));
        if (e.if_none) put("if_none " + show(e.if_none));
        if (!e.addresses.empty()) put("[" + to_text(e.addresses) + "]");
        if (!e.except.empty()) put("except [" + to_text(e.except) + "]");
        if (e.kind == ExprKind::in_bottom || e.kind == ExprKind::in_top) put(e.ties_included ? "ties_included" : "ties_excluded");
        if (e.by_convention) put("by_convention");
        out += ")";
        if (e.out.given()) out += "." + e.out.text();
        return out;
    }

    std::string show(const Range& r) const {
        return "[" + (r.lo ? show(r.lo) : "") + (r.lo_exclusive ? " <" : " ") + ".." + (r.hi_exclusive ? "< " : " ") + (r.hi ? show(r.hi) : "") + "]";
    }

    std::string show(RowsId id) const {
        const Rows& r = ast_[id];
        std::string out = "{";
        if (r.whole) out += "whole ";
        out += r.path.text();
        if (r.alias.given()) out += " as " + r.alias.text;
        if (!r.with_same.empty()) out += " with_same " + join(r.with_same);
        if (r.where) out += " where " + show(r.where);
        return out + "}";
    }

    // ── statements: one or more lines ──

    void stmt(StmtId id) {
        std::visit([this](const auto& what) { put(what); }, ast_[id].what);
    }
    void all(const std::vector<StmtId>& list) {
        ++depth_;
        for (const StmtId id : list) stmt(id);
        --depth_;
    }

private:
    void line(const std::string& text) { out_.append(2 * depth_, ' ').append(text).append("\n"); }

    static std::string show(const Name& n) { return n.label.empty() ? n.id : n.id + " \"" + n.label + "\""; }
    static std::string show(const Text& t) { return t.given ? " \"" + t.value + "\"" : ""; }
    static std::string word(std::string_view lead, const Ident& i) { return i.given() ? std::string(lead) + i.text : ""; }
    static std::string word(std::string_view lead, const Path& p) { return p.given() ? std::string(lead) + p.text() : ""; }
    std::string word(std::string_view lead, ExprId e) const { return e ? std::string(lead) + show(e) : ""; }
    static std::string join(const std::vector<Ident>& list) {
        std::string out;
        for (const Ident& i : list) out += (out.empty() ? "" : ", ") + i.text;
        return out;
    }
    static std::string join(const std::vector<Name>& list, std::string_view with) {
        std::string out;
        for (const Name& n : list) out += (out.empty() ? "" : std::string(with)) + show(n);
        return out;
    }
    static std::string end_word(EndKind end) {
        switch (end) {
            case EndKind::until: return " until ";
            case EndKind::through: return " through ";
            case EndKind::for_: return " for ";
            case EndKind::none: break;
        }
        return "";
    }
    std::string show(const TypeRef& t) const {
        if (!t.one_of.empty()) return "one_of " + join(t.one_of, ", ");
        std::string out = t.name.text;
        if (t.digits) out += "(" + std::to_string(*t.digits) + ")";
        if (t.range) out += " in " + show(*t.range);
        return out;
    }
    std::string show(const WordChoice& w) const {
        std::string out;
        for (const auto& b : w.branches) out += "if " + show(b.condition) + " take " + b.word.text + " otherwise ";
        return out + w.otherwise.text;
    }
    std::string show(const Bound& b) const {
        std::string out = b.kind == BoundKind::in ? "in " + show(b.range) : (b.kind == BoundKind::at_most ? "at_most " : "at_least ") + show(b.value);
        return b.in_principle ? out + " in_principle" : out;
    }
    std::string show(const TimeArg& t) const {
        static constexpr const char* words[] = {"for ", "from ", "until ", "through "};
        std::string out = words[static_cast<int>(t.kind)] + (t.range ? show(*t.range) : show(t.value));
        return t.in_principle ? out + " in_principle" : out;
    }
    std::string show(const RemedyCall& c) const {
        std::string out = c.remedy.text();
        for (const Argument& a : c.args) out += " (" + a.name.text + (a.bound ? " " + show(*a.bound) : ": " + show(a.value)) + ")";
        if (c.bound) out += " " + show(*c.bound);
        out += word(" against ", c.against) + word(" of ", c.of_key);
        for (const TimeArg& t : c.times) out += " " + show(t);
        return out;
    }
    std::string show(const Act& a) const {
        if (a.elsewhere.given) return "must elsewhere" + show(a.elsewhere);
        std::string out = a.actor.given() ? a.actor.text() + " " : "";
        out += name_of(a.modality);
        if (a.in_principle) out += " in_principle";
        for (std::size_t i = 0; i < a.calls.size(); ++i) out += (i > 0 ? " or " : " ") + show(a.calls[i]);
        return out;
    }
    std::string show(const InForce& f) const {
        return std::string(f.throughout ? "throughout " : "") + "in_force from " + show(f.from) + (f.to ? end_word(f.end) + show(f.to) : "");
    }
    void acts(const std::vector<Act>& list) {
        ++depth_;
        for (const Act& a : list) line("then " + show(a));
        --depth_;
    }

    void put(const Use& s) { line("use " + s.path.text()); }
    void put(const ActorDecl& s) { line("actor " + join(s.names, ", ")); }
    void put(const UnitDecl& s) { line("unit " + show(s.name) + word(" means ", s.means)); }
    void put(const CalendarDecl& s) {
        line("calendar " + show(s.name));
        ++depth_;
        for (const CalendarItem& i : s.items) {
            static constexpr const char* words[] = {"closed", "works", "extent", "citing"};
            std::string out = words[static_cast<int>(i.kind)];
            if (i.kind == CalendarItemKind::extent) out += " " + to_text(i.from) + end_word(i.end) + to_text(i.to);
            for (const CalendarDate& d : i.dates)
                out += " " + (d.word.given() ? d.word.text : to_text(d.from) + (d.to ? ".." + to_text(*d.to) : ""));
            line(out + show(i.source));
        }
        --depth_;
    }
    void put(const EnumDecl& s) { line("enum " + show(s.name) + (s.ordered ? " ordered: " : ": ") + join(s.values, s.ordered ? " < " : ", ")); }
    void put(const ConceptDecl& s) { line("concept " + show(s.name)); }
    void put(const PeriodDecl& s) { line("period " + show(s.name) + " from " + show(s.from) + end_word(s.end) + show(s.to)); }
    void put(const EntityDecl& s) {
        line("entity " + show(s.name));
        all(s.members);
    }
    void put(const ExtendDecl& s) {
        line("extend " + s.entity.text());
        all(s.members);
    }
    void put(const KeyMember& s) { line("key " + show(s.name)); }
    void put(const BelongsTo& s) { line("belongs_to " + s.entity.text()); }
    void put(const RefersTo& s) { line("refers_to " + s.entity.text() + (s.as.id.empty() ? "" : " as " + show(s.as))); }
    void put(const DatedBy& s) { line("dated " + s.column.text()); }
    void put(const FactDecl& s) {
        static constexpr const char* words[] = {"fact ", "finding ", "judgment "};
        line(words[static_cast<int>(s.kind)] + show(s.name) + (s.type ? ": " + show(*s.type) : "") + (s.presumed ? " presumed true" : "") + (s.by.empty() ? "" : " by " + join(s.by)));
    }
    void put(const RemedyDecl& s) {
        line("remedy " + show(s.name) + " of " + s.of.text());
        ++depth_;
        for (const Param& p : s.takes) line("takes " + show(p.name) + ": " + show(p.type));
        if (s.severity) line("severity " + std::to_string(*s.severity));
        if (s.combine) line("combine " + s.combine->way.text + word(" ", s.combine->of));
        if (!s.includes.empty()) line("includes " + join(s.includes));
        if (s.chosen.given()) line("chosen " + s.chosen.text());
        if (s.concept_.given()) line("concept " + s.concept_.text);
        --depth_;
    }
    void put(const AgreementDecl& s) {
        line("agreement " + s.path.text() + show(s.label) + (s.continued ? " continued" : "") + (s.elsewhere ? " elsewhere" : "") + show(s.elsewhere_where));
        all(s.body);
    }
    void put(const SupplementDecl& s) {
        line("supplement " + s.path.text() + show(s.label) + " amends " + s.amends.text() + show(s.title));
        all(s.body);
    }
    void put(const StatusLine& s) { line("status " + s.word.text + show(s.text)); }
    void put(const SubjectLine& s) {
        std::string out;
        for (const Path& p : s.entities) out += (out.empty() ? "" : ", ") + p.text();
        line("subject " + out);
    }
    void put(const EditionLine& s) { line(s.label.given ? "edition" + show(s.label) : "edition by " + s.column.text()); }
    void put(const ConventionLine& s) { line("convention" + word(" ", s.matter) + show(s.source)); }
    void put(const InForce& s) { line(show(s)); }
    void put(const Node& s) {
        line("node " + to_text(s.addresses) + show(s.label) + (s.in_force ? " " + show(*s.in_force) : "") +
             (s.residual_to.empty() ? "" : " residual_to " + to_text(s.residual_to)));
        all(s.body);
    }
    void put(const Applies& s) { line(std::string(s.throughout ? "throughout " : "") + "applies when " + show(s.when)); }
    void put(const Rule& s) {
        line("when " + show(s.when) + word(" unless ", s.unless));
        acts(s.acts);
    }
    void put(const ForEach& s) { line("for_each " + s.path.text() + word(" as ", s.alias) + word(" where ", s.where)); }
    void put(const Define& s) {
        std::string params;
        for (const Param& p : s.params) params += (params.empty() ? "" : ", ") + show(p.name) + ": " + show(p.type);
        line("define " + show(s.name) + (params.empty() ? "" : " (" + params + ")") + word(" of ", s.of) + (s.type ? ": " + show(*s.type) : "") + " means " +
             show(s.means));
    }
    void put(const Recorded& s) { line("recorded" + show(s.why)); }
    void put(const Elsewhere& s) { line("elsewhere" + show(s.where)); }
    void put(const Duty& s) {
        std::string out = "duty of " + s.actor.text() + word(" when ", s.when) + ": " + show(s.done) + word(" due ", s.due);
        if (s.in_principle) out += " in_principle";
        if (s.breach) out += " breach_under " + to_text(*s.breach) + (s.route == BreachRoute::wording ? " by_wording" : " by_citation");
        line(out);
    }
    void put(const Exception& s) {
        line("exception_to " + to_text(s.to) + " when " + show(s.when));
        acts(s.acts);
    }
    void put(const Overrides& s) { line("overrides " + to_text(s.addresses)); }
    void put(const Activate& s) { line("activate " + to_text(s.addresses) + " when " + show(s.when)); }
    void put(const Require& s) { line("require " + show(s.condition) + " otherwise" + show(s.otherwise)); }
    void put(const Report& s) { line("report " + show(s.name) + word(" of ", s.of) + word(" means ", s.means)); }
    void put(const Table& s) {
        line("table " + show(s.name) + " (" + join(s.params) + ") hit " + show(s.hit));
        ++depth_;
        line("columns " + join(s.columns));
        for (const TableRow& r : s.rows) {
            std::string out = "row";
            for (const Cell& c : r.cells) out += " | " + show(c);
            line(out);
        }
        --depth_;
    }
    std::string show(const Cell& c) const {
        std::string out;
        switch (c.kind) {
            case CellKind::any: return "any";
            case CellKind::otherwise: return "otherwise";
            case CellKind::value: return show(c.value);
            case CellKind::compare: return std::string(name_of(c.op)) + " " + show(c.value);
            case CellKind::range: return show(c.range);
            case CellKind::set:
                for (const ExprId id : c.items) out += (out.empty() ? "" : ", ") + show(id);
        }
        return "{" + out + "}";
    }
    void put(const Group& s) {
        line("group " + show(s.name) + " from " + s.from.text() + " per " + join(s.per));
        all(s.defines);
    }
    void put(const Ledger& s) {
        line("ledger " + show(s.name) + " of " + s.of.text());
        ++depth_;
        for (const LedgerItem& i : s.items) {
            static constexpr const char* words[] = {"enter ", "credit ", "floor ", "opens_at "};
            std::string out = words[static_cast<int>(i.kind)] + show(i.amount);
            if (i.rows.valid()) out += " among " + show(i.rows);
            out += word(" dated ", i.dated) + word(" at_most ", i.cap);
            line(out + (i.per.empty() ? "" : " per " + join(i.per)));
        }
        --depth_;
    }
    void put(const Timeline& s) {
        line("timeline " + show(s.name) + " of " + s.of.text());
        ++depth_;
        line("states " + join(s.states, " < "));
        line("starts " + s.starts.text);
        for (const TimelineOn& o : s.on) {
            std::string out = "on " + o.source.text() + word(" where ", o.where) + " gives " + show(o.gives);
            for (const TimeArg& t : o.times) out += " " + show(t);
            line(out);
        }
        for (const TimelineOverlap& o : s.overlaps) line("overlap of " + o.state.text + ": " + show(o.way));
        for (const TimelineShorten& h : s.shortens) line("shorten " + show(h.amount) + " among " + show(h.rows) + " dated " + h.dated.text());
        if (s.floor) line("floor " + show(s.floor));
        --depth_;
    }
    void put(const Stages& s) {
        line("stages " + show(s.name) + " of " + s.of.text());
        ++depth_;
        line("states " + join(s.states, ", "));
        line("starts " + s.starts.text);
        line("on " + s.on.text() + word(" as ", s.alias));
        for (const StageMove& m : s.moves) line("from " + m.from.text + " to " + m.to.text + " when " + show(m.when));
        --depth_;
    }
    void put(const Parameter& s) { line("parameter " + show(s.name) + ": " + show(s.type) + word(" by ", s.by) + word(" if_none ", s.if_none)); }
    void put(const Reading& s) {
        std::string out;
        for (const ReadingChoice& c : s.choices) out += (out.empty() ? "" : ", ") + show(c.name) + (c.is_default ? " default" : "");
        line("reading " + show(s.name) + ": " + out);
    }
    void put(const Insert& s) {
        line("insert");
        all({s.node});
    }
    void put(const Replace& s) {
        line("replace");
        all({s.node});
    }
    void put(const Append& s) {
        line("append " + to_text(s.to) + show(s.label) + (s.in_force ? " " + show(*s.in_force) : ""));
        all(s.body);
    }
    void put(const Repeal& s) { line("repeal " + to_text(s.addresses)); }
    void put(const Renumber& s) { line("renumber " + to_text(s.from) + " to " + to_text(s.to)); }
    void put(const Scenario& s) {
        line("scenario" + show(s.title) + " of " + s.of.text() + " as_of " + to_text(s.as_of));
        ++depth_;
        for (const Given& g : s.givens) put(g);
        for (const Expectation& e : s.expectations) put(e);
        --depth_;
    }
    void put(const Given& g) {
        if (g.kind == GivenKind::parameter) return line("given parameter " + g.parameter.text + ": " + show(g.value));
        if (g.kind == GivenKind::holds) return line("given " + to_text(g.address));
        if (g.kind == GivenKind::open) return line("given " + g.entity.text() + " of " + g.of.text + " open");
        std::string out = "given " + g.entity.text() + " " + g.key.text + word(" of ", g.of);
        for (const Pair& p : g.pairs) out += " " + p.column.text + "=" + show(p.value);
        line(out);
    }
    void put(const Expectation& e) {
        std::string out = "expect " + (e.where ? "where " + show(e.where) + ": " : "");
        switch (e.kind) {
            case ExpectKind::act: out += show(*e.act); break;
            case ExpectKind::no: out += "no " + (e.act ? show(*e.act) + " " : "") + show(*e.call); break;
            case ExpectKind::undetermined:
                out += std::string("undetermined") + (e.act ? " " + show(*e.act) : "") + (e.call ? " " + show(*e.call) : "");
                for (std::size_t i = 0; i < e.needs.size(); ++i) out += (i > 0 ? ", " : " needs ") + e.needs[i].text();
                break;
            case ExpectKind::report:
                out += "report " + e.name.text + word(" of ", e.of) + (e.range ? " in " + show(*e.range) : " " + std::string(name_of(e.op)) + " " + show(e.value));
                break;
            case ExpectKind::outcome: out += "outcome " + e.name.text; break;
            case ExpectKind::flag: out += "flag" + show(e.message) + word(" of ", e.of); break;
            case ExpectKind::no_flag: out += "no flag" + show(e.message) + word(" of ", e.of); break;
            case ExpectKind::finding: out += "finding " + to_text(*e.address); break;
            case ExpectKind::no_finding: out += "no finding " + to_text(*e.address); break;
            case ExpectKind::duty: out += "duty" + word(" of ", e.of) + " " + e.name.text; break;
            case ExpectKind::elsewhere: out += "elsewhere " + to_text(*e.address); break;
        }
        if (!e.citing.empty()) out += " citing " + to_text(e.citing);
        line(out);
    }

    const Ast& ast_;
    std::string out_;
    std::size_t depth_ = 0;
};

}  // namespace

std::string dump(const Ast& ast) {
    Printer printer(ast);
    for (const StmtId id : ast.top) printer.stmt(id);
    return printer.take();
}

std::string dump(const Ast& ast, StmtId stmt) {
    Printer printer(ast);
    printer.stmt(stmt);
    return printer.take();
}

std::string dump(const Ast& ast, ExprId expr) { return Printer(ast).show(expr); }
std::string dump(const Ast& ast, RowsId rows) { return Printer(ast).show(rows); }

}  // namespace tiao::syntax
