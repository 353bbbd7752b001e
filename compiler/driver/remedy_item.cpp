#include "compiler/driver/remedy_item.hpp"

#include "runtime/value/scalar.hpp"

namespace tiao::driver {

RemedyItem::RemedyItem(const core::Program& program, EvidenceWalk& walk, const verdict::RemedyEntry& entry)
    : program_(program), remedy_(entry.remedy), target_(entry.target.row) {
  const RemedyTable& table = walk.interpreter().remedy_table(remedy_);
  const std::uint32_t row = walk.row_of(entry.remedy, entry.table_row);
  lead_ = &program_.grounds[table.lead[row]];
  lead_id_ = static_cast<std::uint32_t>(table.lead[row]);
  scope_row_ = static_cast<std::uint32_t>(table.scope_row[row]);
  marks_ = marks(walk.interpreter(), scope_row_);
  if (program_.schema.entities[lead_->scope].origin != EntityOrigin::join) return;
  for (const core::Join& join : program_.joins) {
    if (join.entity != lead_->scope) continue;
    marked_.push_back(join.first);
    for (const core::Hop& hop : join.hops) marked_.push_back(hop.entity);
  }
}

Truth RemedyItem::state(interp::Interpreter& interpreter, std::vector<interp::Blank>* blanks, const RowsOut* gone) const {
  Truth state = Truth::no;
  const std::optional<std::uint32_t> target = gone == nullptr ? target_ : gone->number_after(program_.schema.remedies[remedy_].target, target_);
  if (!target) return state;
  const interp::RowRange rows = interpreter.remedy_rows(remedy_, *target);
  for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
    if (!is_it(interpreter, row, gone)) continue;
    const RemedyTable& table = interpreter.remedy_table(remedy_);
    state = scalar::or_(state, static_cast<Truth>(table.state[row]));
    if (blanks == nullptr) continue;
    const std::vector<interp::Blank> found = interpreter.blanks_of_remedy_state(remedy_, row);
    blanks->insert(blanks->end(), found.begin(), found.end());
  }
  return state;
}

bool RemedyItem::is_it(interp::Interpreter& interpreter, std::uint32_t row, const RowsOut* gone) const {
  const RemedyTable& table = interpreter.remedy_table(remedy_);
  const core::Ground& lead = program_.grounds[table.lead[row]];
  if (lead.modality != lead_->modality || lead.actor != lead_->actor || lead.alternative != lead_->alternative) return false;
  if (!per_row()) return true;
  if (lead.scope != lead_->scope || (program_.schema.remedies[remedy_].combine == Combine::each && table.lead[row] != lead_id_)) return false;
  const auto scope_row = static_cast<std::uint32_t>(table.scope_row[row]);
  if (program_.schema.entities[lead.scope].origin == EntityOrigin::register_)
    return gone == nullptr ? scope_row == scope_row_ : gone->number_after(lead.scope, scope_row_) == scope_row;
  const std::vector<Cell> found = marks(interpreter, scope_row);
  for (std::size_t i = 0; i < found.size(); ++i) {
    Cell mark = marks_[i];
    if (gone != nullptr && i < marked_.size() && mark.lo == mark.hi) {
      const std::optional<std::uint32_t> now = gone->number_after(marked_[i], static_cast<std::uint32_t>(mark.lo));
      if (!now) return false;
      mark = known(*now);
    }
    if (found[i].lo > mark.hi || found[i].hi < mark.lo) return false;
  }
  return true;
}

// The columns by which a derived row is known: a step by its day, a cycle by its first, a group by its keys, a path by its rows.
std::vector<Cell> RemedyItem::marks(interp::Interpreter& interpreter, std::uint32_t row) const {
  const Entity& entity = program_.schema.entities[lead_->scope];
  std::vector<Cell> out;
  const auto add = [&](ColumnId column) { out.push_back(interpreter.column(lead_->scope, column, row)); };
  if (entity.origin == EntityOrigin::step) add(core::step_col::day);
  if (entity.origin == EntityOrigin::cycle) add(core::cycle_col::starts_on);
  if (entity.origin == EntityOrigin::group)
    for (const core::Group& group : program_.groups)
      for (ColumnId k = 0; group.entity == lead_->scope && k < group.keys.size(); ++k) {
        const Kind kind = entity.columns[core::group_col::first_key + k].type.kind;
        if (kind != Kind::boolean && kind != Kind::choice && kind != Kind::ratio) add(core::group_col::first_key + k);
      }
  if (entity.origin == EntityOrigin::join)
    for (const core::Join& join : program_.joins)
      for (ColumnId c = 0; join.entity == lead_->scope && c <= join.hops.size(); ++c) add(c);
  return out;
}

}  // namespace tiao::driver
