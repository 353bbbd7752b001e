#include "tests/bench/sample_facts.hpp"

#include <vector>

#include "runtime/facts/builder.hpp"
#include "runtime/value/format.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::bench {
namespace {

using facts::CellSpec;

class Builder final : public Sink {
 public:
  explicit Builder(facts::FactBuilder& builder) : builder_(builder) {}

  void table(std::size_t id, std::string_view name, std::span<const std::string_view> columns, std::uint32_t rows) override {
    if (tables_.size() <= id) tables_.resize(id + 1);
    Table& t = tables_[id];
    const auto entity = builder_.entity(name);
    if (!entity) return builder_.report_unknown_entity(name);
    t.entity = *entity;
    builder_.supply(t.entity);
    builder_.reserve(t.entity, rows);
    for (const std::string_view column : columns) {
      const auto found = builder_.column(t.entity, column);
      if (!found) builder_.report_unknown_column(t.entity, column);
      t.columns.push_back(found.value_or(none));
    }
  }

  void row(std::size_t id, std::span<const Value> cells) override {
    const Table& t = tables_[id];
    if (t.entity == none) return;
    const std::uint32_t row = builder_.add_row(t.entity);
    for (std::size_t c = 0; c < cells.size(); ++c)
      if (cells[c].form != Value::Form::absent && t.columns[c] != none) builder_.set(t.entity, row, t.columns[c], spec(cells[c]));
  }

  void parameter(std::string_view name, const Value& value) override {
    builder_.set_parameter(name, spec(value));
  }

 private:
  struct Table { EntityId entity = none; std::vector<ColumnId> columns; };

  CellSpec spec(const Value& v) {
    CellSpec cell = undecided(v);
    if (v.decision == nullptr) return cell;
    decided_ = {std::string(v.decision->by), format_date(v.decision->on), std::string(v.decision->grounds)};
    cell.decided = &decided_;
    return cell;
  }

  CellSpec undecided(const Value& v) {
    switch (v.form) {
      case Value::Form::text:
      case Value::Form::word: return CellSpec::string(v.text);
      case Value::Form::number:
      case Value::Form::money:
      case Value::Form::date: return CellSpec::typed(known(v.a));
      case Value::Form::boolean: return CellSpec::typed(of(truth(v.a != 0)));
      case Value::Form::percent: return CellSpec::string(written_ = format_percent(v.a, 2));
      case Value::Form::decimal: return CellSpec::number(written_ = format_money(v.a, 2));
      case Value::Form::money_range:
      case Value::Form::range: return CellSpec::typed(between(v.a, v.b));
      case Value::Form::duration: return CellSpec::typed(known(scalar::make_duration(v.a, v.b)));
      case Value::Form::month: {
        const auto year = static_cast<std::int32_t>(v.a / 12), month = static_cast<std::int32_t>(v.a % 12) + 1;
        return CellSpec::typed(between(scalar::day_number({year, month, 1}), scalar::day_number({year, month, scalar::days_in_month(year, month)})));
      }
      default: return CellSpec::null();
    }
  }

  facts::FactBuilder& builder_;
  std::vector<Table> tables_;
  std::string written_;        // what a cell points at until it has been set
  facts::Decided decided_;
};

}  // namespace

std::string make_facts(const Schema& schema, const SampleOptions& options, facts::FactBase& out) {
  facts::LoadErrors errors(5);
  facts::FactBuilder builder(schema, errors);
  Builder sink(builder);
  generate(options, sink);
  if (builder.finish(out)) return {};
  std::string text;
  for (const facts::LoadError& e : errors.listed) text += e.path + ": " + e.en + "\n";
  return text;
}

}  // namespace tiao::bench
