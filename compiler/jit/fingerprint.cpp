// What machine code depends on, as bytes: expressions, sources, declarations, and the shape of the schema. Labels, wordings and
// addresses are left out, so that editing them costs no compilation.
#include <xxhash.h>

#include <string>
#include <type_traits>

#include "compiler/jit/engine.hpp"

namespace tiao::jit {
namespace {

class Writer {
 public:
  template <class T>
  std::enable_if_t<std::is_integral_v<T> || std::is_enum_v<T>> put(T v) {
    const auto wide = static_cast<std::int64_t>(v);
    bytes.append(reinterpret_cast<const char*>(&wide), sizeof wide);
  }
  void put(const Type& t) { put(t.kind); put(t.scale); put(t.of); }
  void put(const Cell& c) { put(c.lo); put(c.hi); put(c.lo_den); put(c.hi_den); }
  void put(const core::Hop& h) { put(h.kind); put(h.entity); put(h.column); }
  void put(const core::Source::Same& s) { put(s.column); put(s.key); }
  void put(const core::Source& s) { put(s.start); put(s.whole); put(s.hops); put(s.distinct); put(s.entity); put(s.same); }
  void put(const core::Fold& f) { put(f.kind); put(f.source); put(f.slot); put(f.filter); put(f.value); put(f.if_none); put(f.n); }
  void put(const core::Expr& e) { put(e.op); put(e.type); put(e.a); put(e.args); put(e.count); }
  void put(const core::Flow& f) { put(f.source); put(f.slot); put(f.filter); put(f.amount); put(f.date); put(f.cap); put(f.cap_period); }
  void put(const core::Ledger& l) {
    put(l.owner); put(l.steps); put(l.cycles); put(l.type); put(l.entries); put(l.credits); put(l.floor); put(l.opens_at); put(l.period);
  }
  void put(const core::On& o) { put(o.source); put(o.slot); put(o.filter); put(o.state); put(o.from); put(o.until); put(o.length); }
  void put(const core::Shorten& s) { put(s.source); put(s.slot); put(s.filter); put(s.amount); put(s.date); }
  void put(const core::Overlap& o) { put(o.state); put(o.way); }
  void put(const core::Timeline& t) { put(t.owner); put(t.spans); put(t.states); put(t.on); put(t.overlaps); put(t.shorten); }
  void put(const core::ParamRule& p) { put(p.form); put(p.lo); put(p.hi); }
  void put(const core::Ground& g) {
    put(g.remedy); put(g.scope); put(g.applicable); put(g.own); put(g.scope_filter); put(g.target); put(g.params); put(g.length); put(g.from); put(g.until);
  }
  void put(const core::Duty& d) {
    put(d.scope); put(d.scope_filter); put(d.applicable); put(d.when); put(d.done); put(d.due); put(d.fulfilled); put(d.breached); put(d.pending);
  }
  void put(const core::Require& r) { put(r.scope); put(r.scope_filter); put(r.applicable); put(r.condition); }
  void put(const core::Report& r) { put(r.entity); put(r.expr); }
  void put(const core::Applicability& a) { put(a.entity); put(a.expr); }
  void put(const core::Computed& c) { put(c.entity); put(c.column); put(c.expr); put(c.proposition); }
  void put(const core::Group& g) { put(g.entity); put(g.from); put(g.keys); }
  void put(const core::Join& j) { put(j.entity); put(j.first); put(j.hops); }
  void put(const core::Stratum& s) { put(s.kind); put(s.index); }
  void put(const Column& c) { put(c.kind); put(c.type); put(c.range_lo); put(c.range_hi); }
  void put(const Entity& e) { put(e.origin); put(e.parent); put(e.parent_column); put(e.dated_column); put(e.columns); }
  void put(const Enum& e) { put(e.values.size()); }
  void put(const Remedy& r) { put(r.target); put(r.rows); put(r.chosen_column); put(r.params.size()); }
  void put(const Parameter& p) { put(p.type); }
  template <class T>
  void put(const std::vector<T>& list) {
    put(list.size());
    for (const T& item : list) put(item);
  }
  std::string bytes;
};

}  // namespace

std::string fingerprint(const core::Program& program) {
  Writer w;
  w.put(program.exprs);
  w.put(program.args);
  w.put(program.constants);
  w.put(program.remaps);
  w.put(program.folds);
  w.put(program.memberships);
  w.put(program.computed);
  w.put(program.groups);
  w.put(program.ledgers);
  w.put(program.timelines);
  w.put(program.joins);
  w.put(program.grounds);
  w.put(program.duties);
  w.put(program.requires_);
  w.put(program.reports);
  w.put(program.applicabilities);
  w.put(program.strata);
  w.put(program.schema.entities);
  w.put(program.schema.enums);
  w.put(program.schema.remedies);
  w.put(program.schema.parameters);
  const XXH128_hash_t hash = XXH3_128bits(w.bytes.data(), w.bytes.size());
  return {reinterpret_cast<const char*>(&hash), sizeof hash};
}

}  // namespace tiao::jit
