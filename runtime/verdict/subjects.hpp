// Which subject a row stands under, whatever table the row is in, and whether the row is there at all.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/facts/tables.hpp"
#include "runtime/program/schema.hpp"
#include "runtime/verdict/results.hpp"

namespace tiao::verdict {

struct SubjectRow { EntityId entity = none; std::uint32_t row = none; };

/// The subjects of a run in the order of their verdicts: entities as the agreement names them, rows by the bytes of their keys.
class Subjects {
 public:
  Subjects(const Schema& schema, const facts::FactBase& facts, const Results& results, std::int64_t as_of);

  std::size_t size() const { return order_.size(); }
  const SubjectRow& at(std::size_t i) const { return order_[i]; }
  /// Place of the subject that the row is or stands under (its nearest parent that is one); none if there is no such subject.
  std::uint32_t of(EntityId entity, std::uint32_t row) const;
  bool is_subject(EntityId entity) const { return entity < place_.size() && !place_[entity].empty(); }
  /// Membership of a row: of registers by its date and its parents, of derived tables as the engine found it.
  Truth there(EntityId entity, std::uint32_t row) const;
  /// Rows that a table of the run has, registers and derived ones alike.
  std::uint32_t rows(EntityId entity) const;

 private:
  bool step_up(EntityId& entity, std::uint32_t& row) const;

  const Schema& schema_;
  const facts::FactBase& facts_;
  const Results& results_;
  std::int64_t as_of_;
  std::vector<SubjectRow> order_;
  std::vector<std::vector<std::uint32_t>> place_;   // by entity, by row; empty for entities that are no subjects
};

/// Items gathered under subjects, in the order in which they were added.
template <class Item>
class BySubject {
 public:
  void add(std::uint32_t subject, Item item) { loose_.push_back({subject, item}); }
  void seal(std::size_t subjects) {
    offsets_.assign(subjects + 1, 0);
    for (const auto& entry : loose_) ++offsets_[entry.subject + 1];
    for (std::size_t i = 0; i < subjects; ++i) offsets_[i + 1] += offsets_[i];
    items_.resize(loose_.size());
    std::vector<std::uint32_t> next(offsets_.begin(), offsets_.end() - 1);
    for (const auto& entry : loose_) items_[next[entry.subject]++] = entry.item;
    std::vector<Entry>().swap(loose_);
  }
  const Item* begin(std::size_t subject) const { return items_.data() + offsets_[subject]; }
  const Item* end(std::size_t subject) const { return items_.data() + offsets_[subject + 1]; }

 private:
  struct Entry { std::uint32_t subject; Item item; };
  std::vector<Entry> loose_;
  std::vector<std::uint32_t> offsets_;
  std::vector<Item> items_;
};

}  // namespace tiao::verdict
