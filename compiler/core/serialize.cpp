#include "compiler/core/serialize.hpp"

#include <cstring>
#include <type_traits>

namespace tiao::core {

namespace {

struct Writer {
  std::string out;
  static constexpr bool reading = false;
  bool ok = true;
  void raw(const void* p, std::size_t n) { out.append(static_cast<const char*>(p), n); }
};

struct Reader {
  std::string_view in;
  std::size_t at = 0;
  static constexpr bool reading = true;
  bool ok = true;
  void raw(void* p, std::size_t n) {
    if (n == 0) return;   // an empty vector has no address to copy to
    if (!ok || n > in.size() - at) {
      ok = false;
      std::memset(p, 0, n);
      return;
    }
    std::memcpy(p, in.data() + at, n);
    at += n;
  }
};

// One function a type serves both ways, so that the two can never differ.
template <class A, class T> void io(A& a, T& value) requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) {
  a.raw(const_cast<std::remove_const_t<T>*>(&value), sizeof(T));
}

template <class A, class T> void fields(A& a, T& t);
template <class A, class T> void io(A& a, T& value) requires(std::is_class_v<T>) { fields(a, value); }

template <class A> std::size_t length(A& a, std::size_t n) {
  auto count = static_cast<std::uint32_t>(n);
  io(a, count);
  if constexpr (A::reading)
    if (count > a.in.size() - a.at) a.ok = false, count = 0;   // every element takes a byte at least
  return count;
}

template <class A> void io(A& a, std::string& s) {
  const std::size_t n = length(a, s.size());
  if constexpr (A::reading) s.resize(n);
  a.raw(s.data(), n);
}
template <class A> void io(A& a, std::vector<bool>& v) {
  const std::size_t n = length(a, v.size());
  if constexpr (A::reading) v.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::uint8_t b = v[i];
    io(a, b);
    if constexpr (A::reading) v[i] = b != 0;
  }
}
template <class A, class T> void io(A& a, std::vector<T>& v) {
  const std::size_t n = length(a, v.size());
  if constexpr (A::reading) v.resize(n);
  if constexpr (std::is_arithmetic_v<T>) a.raw(v.data(), n * sizeof(T));
  else
    for (auto& item : v) {
      if (!a.ok) return;
      io(a, item);
    }
}

template <class A, class... T> void all(A& a, T&... items) { (io(a, items), ...); }

template <class A, class T> void fields(A& a, T& t) {
  using U = std::remove_const_t<T>;
  if constexpr (std::is_same_v<U, Type>) all(a, t.kind, t.scale, t.of);
  else if constexpr (std::is_same_v<U, Cell>) all(a, t.lo, t.hi, t.lo_den, t.hi_den);
  else if constexpr (std::is_same_v<U, Unit>) all(a, t.id, t.label, t.base, t.factor);
  else if constexpr (std::is_same_v<U, EnumValue>) all(a, t.id, t.label);
  else if constexpr (std::is_same_v<U, Enum>) all(a, t.id, t.label, t.ordered, t.values);
  else if constexpr (std::is_same_v<U, Actor>) all(a, t.id, t.label);
  else if constexpr (std::is_same_v<U, Column>) all(a, t.id, t.label, t.kind, t.type, t.range_lo, t.range_hi, t.by, t.presumed, t.declared_in);
  else if constexpr (std::is_same_v<U, Entity>) all(a, t.id, t.label, t.origin, t.parent, t.parent_column, t.key_column, t.dated_column, t.columns, t.generated_key);
  else if constexpr (std::is_same_v<U, RemedyParam>) all(a, t.id, t.label, t.type, t.range_lo, t.range_hi);
  else if constexpr (std::is_same_v<U, Remedy>)
    all(a, t.id, t.label, t.target, t.rows, t.severity, t.combine, t.combine_param, t.params, t.includes, t.chosen_param, t.chosen_column, t.concept_id);
  else if constexpr (std::is_same_v<U, Node>) all(a, t.address, t.label, t.parent, t.status, t.reason, t.agreement, t.english, t.origin);
  else if constexpr (std::is_same_v<U, Calendar>) all(a, t.id, t.label, t.source, t.from, t.through, t.works);
  else if constexpr (std::is_same_v<U, Parameter>) all(a, t.id, t.label, t.type, t.is_reading, t.default_value, t.owner, t.node, t.range_lo, t.range_hi, t.agreement);
  else if constexpr (std::is_same_v<U, AgreementInfo>) all(a, t.name, t.label, t.status, t.status_label, t.subjects, t.conventions, t.counting, t.edition);
  else if constexpr (std::is_same_v<U, Schema::Foreign>) all(a, t.entity, t.column);
  else if constexpr (std::is_same_v<U, Schema>)
    all(a, t.units, t.enums, t.actors, t.entities, t.remedies, t.nodes, t.calendars, t.parameters, t.agreements, t.strings, t.foreign);
  else if constexpr (std::is_same_v<U, Expr>) all(a, t.op, t.type, t.a, t.args, t.count, t.origin);
  else if constexpr (std::is_same_v<U, Origin>) all(a, t.node, t.text, t.file, t.line);
  else if constexpr (std::is_same_v<U, Hop>) all(a, t.kind, t.entity, t.column);
  else if constexpr (std::is_same_v<U, Source::Same>) all(a, t.column, t.key);
  else if constexpr (std::is_same_v<U, Source>) all(a, t.start, t.whole, t.hops, t.distinct, t.entity, t.same);
  else if constexpr (std::is_same_v<U, Fold>) all(a, t.kind, t.source, t.slot, t.filter, t.value, t.if_none, t.n);
  else if constexpr (std::is_same_v<U, Computed>) all(a, t.entity, t.column, t.expr, t.node, t.proposition);
  else if constexpr (std::is_same_v<U, Group>) all(a, t.entity, t.from, t.keys, t.node);
  else if constexpr (std::is_same_v<U, Flow>) all(a, t.source, t.slot, t.filter, t.amount, t.date, t.cap, t.cap_period);
  else if constexpr (std::is_same_v<U, Ledger>) all(a, t.id, t.label, t.owner, t.steps, t.cycles, t.type, t.entries, t.credits, t.floor, t.opens_at, t.period, t.node);
  else if constexpr (std::is_same_v<U, On>) all(a, t.source, t.slot, t.filter, t.state, t.from, t.until, t.length, t.first_cause);
  else if constexpr (std::is_same_v<U, Shorten>) all(a, t.source, t.slot, t.filter, t.amount, t.date);
  else if constexpr (std::is_same_v<U, Overlap>) all(a, t.state, t.way);
  else if constexpr (std::is_same_v<U, Cause>) all(a, t.node);
  else if constexpr (std::is_same_v<U, Timeline>) all(a, t.id, t.label, t.owner, t.spans, t.states, t.start, t.on, t.overlaps, t.shorten, t.causes, t.node);
  else if constexpr (std::is_same_v<U, Join>) all(a, t.entity, t.first, t.hops);
  else if constexpr (std::is_same_v<U, ParamRule>) all(a, t.form, t.lo, t.hi, t.in_principle);
  else if constexpr (std::is_same_v<U, Ground>)
    all(a, t.remedy, t.modality, t.in_principle, t.actor, t.cite, t.scope, t.applicable, t.own, t.scope_filter, t.target, t.params, t.length, t.from, t.until, t.alternative, t.conventions, t.start_counted_by, t.end_counted_by);
  else if constexpr (std::is_same_v<U, Duty>)
    all(a, t.cite, t.actor, t.scope, t.scope_filter, t.applicable, t.when, t.done, t.due, t.fulfilled, t.breached, t.pending, t.in_principle, t.breach_under, t.by_citation, t.counted_by);
  else if constexpr (std::is_same_v<U, Require>) all(a, t.cite, t.scope, t.scope_filter, t.applicable, t.condition, t.message);
  else if constexpr (std::is_same_v<U, Report>) all(a, t.id, t.label, t.entity, t.expr, t.cite);
  else if constexpr (std::is_same_v<U, Applicability>) all(a, t.node, t.entity, t.expr);
  else if constexpr (std::is_same_v<U, Missing>) all(a, t.computed, t.cite, t.why);
  else if constexpr (std::is_same_v<U, Stratum>) all(a, t.kind, t.index);
  else if constexpr (std::is_same_v<U, Program>)
    all(a, t.schema, t.exprs, t.args, t.constants, t.remaps, t.origins, t.folds, t.memberships, t.computed, t.groups, t.ledgers, t.timelines, t.joins, t.grounds, t.duties, t.requires_, t.reports,
        t.applicabilities, t.missing, t.strata, t.hash);
  else static_assert(!sizeof(U), "a type of the program that is not written");
}

constexpr std::uint64_t mark = 0x74696163'6f726500ull + program_format;

}  // namespace

std::string to_bytes(const Program& program) {
  Writer w;
  std::uint64_t head = mark;
  io(w, head);
  fields(w, const_cast<Program&>(program));   // a writer changes nothing; the function is shared with the reader
  return std::move(w.out);
}

bool from_bytes(std::string_view bytes, Program& out) {
  Reader r{bytes};
  std::uint64_t head = 0;
  io(r, head);
  if (!r.ok || head != mark) return false;
  out = {};
  io(r, out);
  return r.ok && r.at == bytes.size();
}

}  // namespace tiao::core
