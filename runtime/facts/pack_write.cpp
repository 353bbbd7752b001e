#include <algorithm>
#include <map>

#include "runtime/facts/pack.hpp"
#include "runtime/facts/pack_format.hpp"
#include "runtime/facts/register.hpp"

namespace tiao::facts {
namespace {

class Packer {
 public:
  explicit Packer(const FactBase& facts) : facts_(facts), schema_(*facts.schema), registers_(registers_of(schema_)), texts_(facts.strings.kept()) {}

  void write(const std::function<void(std::string_view)>& put) {
    sections_.emplace_back();   // what tables there are: known at the end
    add(texts_.offsets);
    add(texts_.bytes);
    add(texts_.slots);
    std::vector<PackedShape> shapes;
    for (const EntityId id : registers_)
      for (PackedShape& shape : shape_of(schema_, schema_.entities[id])) shapes.push_back(std::move(shape));
    about_.number(shapes.size());
    for (const PackedShape& shape : shapes) add(shape);
    for (const EntityId id : registers_) add_table(id);
    add_rest();
    sections_[0] = about_.bytes;

    std::vector<PackedSection> directory;
    std::uint64_t at = aligned(sizeof(PackedHeader) + sections_.size() * sizeof(PackedSection));
    for (const std::string_view section : sections_) {
      directory.push_back({at, section.size(), packed_hash(section.data(), section.size())});
      at = aligned(at + section.size());
    }
    const std::string_view listed = bytes_of(directory);
    PackedHeader header;
    header.sections = static_cast<std::uint32_t>(sections_.size());
    header.file_size = at;
    header.directory_hash = packed_hash(listed.data(), listed.size());
    header.hash = packed_hash(&header, offsetof(PackedHeader, hash));
    const std::string zeros(packed_alignment, '\0');
    put({reinterpret_cast<const char*>(&header), sizeof header});
    put(listed);
    put(std::string_view(zeros).substr(0, directory[0].offset - sizeof header - listed.size()));
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      put(sections_[i]);
      put(std::string_view(zeros).substr(0, aligned(sections_[i].size()) - sections_[i].size()));
    }
  }

 private:
  template <class Array>
  static std::string_view bytes_of(const Array& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(*values.data())};
  }
  template <class Array>
  void add(const Array& values) { sections_.push_back(bytes_of(values)); }
  void add(const BitPairs& values) {
    for (const std::uint64_t* plane : {values.first(), values.second()})
      sections_.push_back({reinterpret_cast<const char*>(plane), BitPairs::room_of(values.size()) * sizeof *plane});
  }
  void add(const PackedShape& shape) {
    about_.text(shape.name);
    about_.text(shape.text);
  }

  void add_table(EntityId id) {
    const Entity& entity = schema_.entities[id];
    const Table& table = facts_.tables[id];
    about_.number(table.rows);
    about_.number(table.supplied);
    about_.number(table.open_for.size());
    if (entity.parent != none) add(table.offsets);
    add(table.open_for);
    add(table.source_line);
    for (ColumnId c = 0; c < entity.columns.size(); ++c) {
      if (!is_stored(entity.columns[c])) continue;
      const ColumnData& data = table.columns[c];
      about_.number(!data.hi.empty());
      const std::map<std::uint32_t, Decided> decided(data.decided.begin(), data.decided.end());
      about_.number(decided.size());
      for (const auto& [row, what] : decided) {
        about_.number(row);
        for (const std::string& text : {what.by, what.on, what.grounds}) about_.text(text);
      }
      switch (values_of(schema_, entity.columns[c].type)) {
        case PackedValues::pairs: add(data.truth); break;
        case PackedValues::masks: add(data.masks); break;
        case PackedValues::numbers:
          add(data.lo);
          if (!data.hi.empty()) add(data.hi);
      }
      add(data.presence);
    }
  }

  // Which register, among those of the file.
  std::uint64_t number_of(EntityId id) const { return static_cast<std::uint64_t>(std::find(registers_.begin(), registers_.end(), id) - registers_.begin()); }

  void add_rest() {
    about_.number(facts_.open_of.size());
    for (const OpenOf& open : facts_.open_of) {
      about_.number(number_of(open.entity));
      about_.number(number_of(open.of_entity));
      about_.number(open.of_row);
    }
    std::vector<std::size_t> named;
    for (std::size_t p = 0; p < facts_.parameters.size(); ++p)
      if (facts_.parameter_set[p] != 0 || !facts_.parameter_names[p].empty()) named.push_back(p);
    about_.number(named.size());
    for (const std::size_t p : named) {
      const Parameter& parameter = schema_.parameters[p];
      about_.text(facts_.parameter_names[p].empty() ? parameter.agreement + "." + parameter.id : facts_.parameter_names[p]);
      add(shape_of(schema_, parameter));
      about_.number(facts_.parameter_set[p]);
      for (const std::int64_t end : {facts_.parameters[p].lo, facts_.parameters[p].hi}) about_.number(static_cast<std::uint64_t>(end));
    }
    about_.number(facts_.skipped_fields);
    about_.number(schema_.strings.size());
  }

  const FactBase& facts_;
  const Schema& schema_;
  std::vector<EntityId> registers_;
  StringPool::Kept texts_;
  PackedWriter about_;
  std::vector<std::string_view> sections_;
};

}  // namespace

void pack(const FactBase& facts, const std::function<void(std::string_view)>& put) { Packer(facts).write(put); }

}  // namespace tiao::facts
