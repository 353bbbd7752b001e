#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <thread>

#include "runtime/facts/builder.hpp"
#include "runtime/facts/names.hpp"
#include "runtime/facts/pack.hpp"
#include "runtime/facts/pack_check.hpp"
#include "runtime/facts/pack_format.hpp"
#include "runtime/facts/register.hpp"

namespace tiao::facts {
namespace {

// A whole file, as long as somebody holds on to it.
class Mapping {
 public:
  ~Mapping() {
    if (bytes_ != nullptr) ::munmap(bytes_, size_);
  }
  // "" or why not.
  std::string open(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return std::strerror(errno);
    struct stat about {};
    std::string problem;
    if (::fstat(file, &about) != 0) problem = std::strerror(errno);
    else if (!S_ISREG(about.st_mode)) problem = std::strerror(S_ISDIR(about.st_mode) ? EISDIR : EINVAL);
    else if (about.st_size > 0) {
      void* const at = ::mmap(nullptr, static_cast<std::size_t>(about.st_size), PROT_READ, MAP_PRIVATE, file, 0);
      if (at == MAP_FAILED) problem = std::strerror(errno);
      else bytes_ = at, size_ = static_cast<std::size_t>(about.st_size);
    }
    ::close(file);
    return problem;
  }
  std::string_view bytes() const { return {static_cast<const char*>(bytes_), size_}; }

 private:
  void* bytes_ = nullptr;
  std::size_t size_ = 0;
};

// Everything from 0 to count, in any order, by so many threads.
template <class Do>
void each_of(std::size_t count, unsigned threads, Do what) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i; (i = next++) < count;) what(i);
  };
  std::vector<std::thread> helpers;
  for (unsigned t = 1; t < threads && t < count; ++t) helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();
}

class Unpacker {
 public:
  Unpacker(const Schema& schema, std::string_view name, const std::vector<std::string>& others, LoadErrors& errors, unsigned threads)
      : schema_(schema), name_(name), others_(others), errors_(errors), threads_(threads), registers_(registers_of(schema)) {}

  bool read(const std::filesystem::path& path, FactBase& out) {
    const auto mapping = std::make_shared<Mapping>();
    if (const std::string problem = mapping->open(path); !problem.empty()) return refuse(ErrorCode::unreadable_file, {name_, problem});
    bytes_ = mapping->bytes();
    out.schema = &schema_;
    out.mapping = mapping;
    return header() && sections() && tables(out) && values(out);
  }

 private:
  bool refuse(ErrorCode code, std::initializer_list<std::string_view> args) {
    errors_.add(code, Place{name_, 0, {}}, args);
    return false;
  }
  bool damaged(std::string_view zh, std::string_view en) { return refuse(ErrorCode::packed_damaged, {in_both(zh, en)}); }
  bool damaged(std::string_view section) { return damaged("“" + std::string(section) + "”一段", "the part “" + std::string(section) + "”"); }

  bool header() {
    PackedHeader h;
    if (bytes_.size() < sizeof h.magic || std::memcmp(bytes_.data(), packed_magic.data(), sizeof h.magic) != 0) return refuse(ErrorCode::packed_not, {name_});
    if (bytes_.size() < sizeof h) return damaged("文件长度", "its length");
    std::memcpy(&h, bytes_.data(), sizeof h);
    if (h.byte_order != packed_byte_order) return refuse(ErrorCode::packed_byte_order, {});
    if (h.version != packed_version) return refuse(ErrorCode::packed_version, {std::to_string(h.version), std::to_string(packed_version)});
    if (h.hash != packed_hash(&h, offsetof(PackedHeader, hash))) return damaged("文件头", "its header");
    if (h.file_size != bytes_.size()) return damaged("文件长度", "its length");
    const std::uint64_t room = bytes_.size() - sizeof h;
    if (h.sections == 0 || h.sections > room / sizeof(PackedSection)) return damaged("目录", "its directory");
    directory_.resize(h.sections);
    std::memcpy(directory_.data(), bytes_.data() + sizeof h, h.sections * sizeof(PackedSection));
    if (h.directory_hash != packed_hash(directory_.data(), h.sections * sizeof(PackedSection))) return damaged("目录", "its directory");
    std::uint64_t at = aligned(sizeof h + h.sections * sizeof(PackedSection));
    std::uint64_t end = sizeof h + h.sections * sizeof(PackedSection);   // of what stands before
    for (const PackedSection& s : directory_) {
      if (s.offset != at || at > bytes_.size() || s.size > bytes_.size() - at) return damaged("目录", "its directory");
      if (!zeros(end, at)) return damaged("填充字节", "its padding");
      end = at + s.size;
      at = aligned(end);
    }
    if (at != bytes_.size()) return damaged("目录", "its directory");
    return zeros(end, at) || damaged("填充字节", "its padding");
  }

  bool zeros(std::uint64_t from, std::uint64_t to) const {
    return std::all_of(bytes_.begin() + static_cast<std::ptrdiff_t>(from), bytes_.begin() + static_cast<std::ptrdiff_t>(to), [](char c) { return c == 0; });
  }

  // Hashes of all. Which one is wrong is said when its turn comes.
  bool sections() {
    whole_.resize(directory_.size());
    each_of(directory_.size(), threads_, [&](std::size_t i) {
      const PackedSection& s = directory_[i];
      whole_[i] = packed_hash(bytes_.data() + s.offset, s.size) == s.hash;
    });
    return true;
  }

  // The next section, of `count` values; without, as many as there are.
  template <class T>
  bool take(std::string_view name, std::span<const T>& out, std::optional<std::uint64_t> count = {}) {
    if (next_ >= directory_.size() || whole_[next_] == 0) return damaged(name);
    const PackedSection& s = directory_[next_++];
    if (count ? s.size != *count * sizeof(T) : s.size % sizeof(T) != 0) return damaged(name);
    out = {reinterpret_cast<const T*>(bytes_.data() + s.offset), static_cast<std::size_t>(s.size / sizeof(T))};
    return true;
  }
  template <class T, class Own>
  bool take(std::string_view name, Lent<T, Own>& out, std::uint64_t count) {
    std::span<const T> values;
    if (!take(name, values, count)) return false;
    out = Lent<T, Own>::of(values);
    return true;
  }
  bool take(std::string_view name, BitPairs& out, std::uint32_t rows) {
    std::span<const std::uint64_t> first, second;
    if (!take(name, first, BitPairs::room_of(rows)) || !take(name, second, BitPairs::room_of(rows))) return false;
    out = BitPairs::lent(first, second, rows);
    return true;
  }

  bool tables(FactBase& out) {
    std::span<const char> about;
    FrozenTexts texts;
    if (!take("tables", about) || !take("texts", texts.offsets) || !take("texts", texts.bytes) || !take("texts", texts.slots)) return false;
    if (!good_texts(texts)) return damaged("texts");
    out.strings = StringPool(texts);
    constexpr std::size_t some = 1 << 14;
    std::atomic<bool> good = true;
    each_of((texts.size() + some - 1) / some, threads_, [&](std::size_t i) {
      if (!good_texts(texts, i * some, std::min(texts.size(), (i + 1) * some))) good = false;
    });
    if (!good) return damaged("texts");
    out.tables.resize(schema_.entities.size());
    for (EntityId id = 0; id < out.tables.size(); ++id) {
      out.tables[id].entity = id;
      out.tables[id].columns.resize(schema_.entities[id].columns.size());
    }
    PackedReader reader({about.data(), about.size()});
    if (!same_shapes(reader)) return false;
    for (const EntityId id : registers_)
      if (!table(reader, out, id)) return false;
    return rest(reader, out);
  }

  PackedShape shape(PackedReader& reader) const {
    const std::string_view name = reader.text();
    return {std::string(name), std::string(reader.text())};
  }

  // What is not as it was, the first there is.
  bool same_shapes(PackedReader& reader) {
    std::vector<PackedShape> packed, now;
    for (std::uint64_t n = reader.number(); n > 0 && reader.good(); --n) packed.push_back(shape(reader));
    if (!reader.good()) return damaged("tables");
    for (const EntityId id : registers_)
      for (PackedShape& line : shape_of(schema_, schema_.entities[id])) now.push_back(std::move(line));
    const auto [was, is] = std::mismatch(packed.begin(), packed.end(), now.begin(), now.end());
    if (was == packed.end() && is == now.end()) return true;
    const auto named = [](const std::vector<PackedShape>& lines, const PackedShape& line) {
      return std::any_of(lines.begin(), lines.end(), [&](const PackedShape& other) { return other.name == line.name; });
    };
    if (was != packed.end() && !named(now, *was)) return otherwise(was->name, in_both("现在没有", "it is there no longer"));
    if (is != now.end() && !named(packed, *is)) return otherwise(is->name, in_both("当时没有", "it was not there"));
    if (was != packed.end() && is != now.end() && was->name == is->name) return otherwise(*was, *is);
    return otherwise((was != packed.end() ? *was : *is).name, in_both("次序不同", "it stands in another place"));
  }

  bool otherwise(std::string_view name, const std::string& how) { return refuse(ErrorCode::packed_otherwise, {"“" + excerpt(name) + "”", how}); }
  bool otherwise(const PackedShape& was, const PackedShape& is) {
    // From the word on that differs.
    const auto same = static_cast<std::size_t>(std::mismatch(was.text.begin(), was.text.end(), is.text.begin(), is.text.end()).first - was.text.begin());
    const std::size_t space = was.text.rfind(' ', same == 0 ? 0 : same - 1);
    const std::size_t from = space == std::string::npos ? 0 : space + 1;
    const auto shown = [&](const std::string& text) { return from < text.size() ? (from == 0 ? "" : "… ") + excerpt(std::string_view(text).substr(from)) : text; };
    return otherwise(is.name, in_both("当时 " + shown(was.text) + "，现在 " + shown(is.text), shown(was.text) + " then, " + shown(is.text) + " now"));
  }

  bool table(PackedReader& reader, FactBase& out, EntityId id) {
    const Entity& entity = schema_.entities[id];
    Table& table = out.tables[id];
    table.rows = static_cast<std::uint32_t>(reader.number(0xfffffffeu));
    table.supplied = reader.number(1) != 0;
    const std::uint64_t open_for = reader.number(0xfffffffeu);
    if (!reader.good()) return damaged("tables");
    std::span<const std::uint32_t> offsets;
    std::span<const std::uint8_t> open;
    if (entity.parent != none && !take(entity.id, offsets)) return false;
    if (!take(entity.id, open, open_for) || !take(entity.id, table.source_line, table.rows)) return false;
    table.offsets.assign(offsets.begin(), offsets.end());
    table.open_for.assign(open.begin(), open.end());
    for (ColumnId c = 0; c < entity.columns.size(); ++c) {
      if (!is_stored(entity.columns[c])) continue;
      if (!column(reader, entity, c, table)) return false;
    }
    return true;
  }

  bool column(PackedReader& reader, const Entity& entity, ColumnId c, Table& table) {
    ColumnData& data = table.columns[c];
    const std::string name = entity.id + "." + entity.columns[c].id;
    const Column& declared = entity.columns[c];
    const bool ranges = reader.number(1) != 0;
    for (std::uint64_t n = reader.number(); n > 0 && reader.good(); --n) {
      const auto row = static_cast<std::uint32_t>(reader.number(table.rows));
      Decided what;
      for (std::string* text : {&what.by, &what.on, &what.grounds}) *text = reader.text();
      if (!reader.good() || row >= table.rows || declared.kind != ColumnKind::judgment) return damaged("tables");
      // Who may decide is the clauses' to say.
      if (!check_decided(schema_, declared, what, Place{name_, 0, entity.id + "[" + std::to_string(row) + "]." + declared.id}, errors_)) return false;
      data.decided.emplace(row, std::move(what));
    }
    if (!reader.good()) return damaged("tables");
    bool there = false;
    switch (values_of(schema_, declared.type)) {
      case PackedValues::pairs: there = take(name, data.truth, table.rows); break;
      case PackedValues::masks: there = take(name, data.masks, table.rows); break;
      case PackedValues::numbers: there = take(name, data.lo, table.rows) && (!ranges || take(name, data.hi, table.rows));
    }
    return there && take(name, data.presence, table.rows);
  }

  bool rest(PackedReader& reader, FactBase& out) {
    const auto entity = [&] { return registers_[static_cast<std::size_t>(std::min<std::uint64_t>(reader.number(registers_.size() - 1), registers_.size() - 1))]; };
    for (std::uint64_t n = reader.number(); n > 0 && reader.good(); --n) {
      const EntityId child = entity(), of = entity();
      const auto row = static_cast<std::uint32_t>(reader.number(0xffffffffu));
      if (!reader.good() || row >= out.tables[of].rows) return damaged("tables");
      out.open_of.push_back({child, of, row});
    }
    for (const Parameter& p : schema_.parameters) out.parameters.push_back(unknown_cell(schema_, p.type, p.range_lo, p.range_hi));
    out.parameter_set.resize(schema_.parameters.size());
    out.parameter_names.resize(schema_.parameters.size());
    std::uint64_t skipped = 0;
    for (std::uint64_t n = reader.number(); n > 0 && reader.good(); --n) {
      const std::string name(reader.text());
      const PackedShape was = shape(reader);
      const bool set = reader.number(1) != 0;
      Cell cell;
      for (std::int64_t* end : {&cell.lo, &cell.hi}) *end = static_cast<std::int64_t>(reader.number());
      if (!reader.good()) break;
      // Which one the name means depends on the text being run, as it does in other facts.
      const auto found = find_parameter(schema_, name, others_, Place{name_, 0, "parameters." + excerpt(name)}, errors_);
      if (!found) return false;
      if (*found == none) {
        ++skipped;
        continue;
      }
      const Parameter& declared = schema_.parameters[*found];
      if (const PackedShape is = shape_of(schema_, declared); is.text != was.text) return otherwise(was, is);
      if (out.parameter_names[*found] == name || (set && !good_parameter(schema_, declared, cell, out.strings.size()))) return damaged("tables");
      if (!out.parameter_names[*found].empty()) {   // two names that were of two parameters
        errors_.add(ErrorCode::duplicate_field, Place{name_, 0, "parameters." + excerpt(name)}, {declared.id});
        return false;
      }
      out.parameter_names[*found] = name;
      if (!set) continue;
      out.parameters[*found] = cell;
      out.parameter_set[*found] = 1;
    }
    out.skipped_fields = reader.number() + skipped;
    program_texts_ = reader.number(out.strings.size());
    return (reader.at_end() && next_ == directory_.size()) || damaged("tables");
  }

  // What columns hold, each by itself, then what they say together.
  bool values(FactBase& out) {
    struct Part { EntityId entity; ColumnId column; };
    std::vector<Part> parts;
    for (const EntityId id : registers_)
      for (ColumnId c = 0; c < schema_.entities[id].columns.size(); ++c)
        if (is_stored(schema_.entities[id].columns[c])) parts.push_back({id, c});
    std::vector<std::uint8_t> good(parts.size());
    each_of(parts.size(), threads_, [&](std::size_t i) { good[i] = good_column(out, parts[i].entity, parts[i].column); });
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (good[i] == 0) return damaged(schema_.entities[parts[i].entity].id + "." + schema_.entities[parts[i].entity].columns[parts[i].column].id);
    for (const EntityId id : registers_)
      if (!good_table(out, id)) return damaged(schema_.entities[id].id);
    if (!same_texts(out)) call_texts_anew(out);
    return true;
  }

  // The texts of the program come first, here as when the facts were packed.
  bool same_texts(const FactBase& out) const {
    if (program_texts_ != schema_.strings.size()) return false;
    for (std::size_t id = 0; id < schema_.strings.size(); ++id)
      if (out.strings.at(static_cast<std::int64_t>(id)) != schema_.strings[id]) return false;
    return true;
  }

  // Clauses that say other words number texts otherwise: only what holds texts is copied.
  void call_texts_anew(FactBase& out) {
    StringPool strings;
    for (const std::string& text : schema_.strings) strings.intern(text);
    std::vector<std::string_view> all(out.strings.size());
    for (std::size_t id = 0; id < all.size(); ++id) all[id] = out.strings.at(static_cast<std::int64_t>(id));
    std::vector<std::int64_t> ids(all.size());
    strings.intern(all, ids.data());
    const auto renamed = [&](std::int64_t id) { return id >= 0 && id != pos_inf ? ids[static_cast<std::size_t>(id)] : id; };
    for (const EntityId entity : registers_)
      for (ColumnId c = 0; c < schema_.entities[entity].columns.size(); ++c) {
        if (!is_stored(schema_.entities[entity].columns[c]) || schema_.entities[entity].columns[c].type.kind != Kind::text) continue;
        for (Lent<std::int64_t>* ends : {&out.tables[entity].columns[c].lo, &out.tables[entity].columns[c].hi})
          for (std::int64_t& id : *ends) id = renamed(id);
      }
    for (std::size_t p = 0; p < out.parameters.size(); ++p)
      if (schema_.parameters[p].type.kind == Kind::text) out.parameters[p].lo = renamed(out.parameters[p].lo), out.parameters[p].hi = renamed(out.parameters[p].hi);
    out.strings = std::move(strings);
  }

  const Schema& schema_;
  std::string name_;
  const std::vector<std::string>& others_;   // parameters
  LoadErrors& errors_;
  unsigned threads_;
  std::vector<EntityId> registers_;
  std::string_view bytes_;
  std::vector<PackedSection> directory_;
  std::vector<std::uint8_t> whole_;
  std::size_t next_ = 0;
  std::uint64_t program_texts_ = 0;
};

}  // namespace

bool is_packed(const std::filesystem::path& path) {
  std::array<char, packed_magic.size()> begin{};
  std::ifstream in;
  if (std::error_code none_such; std::filesystem::is_regular_file(path, none_such)) in.open(path, std::ios::binary);
  return in.is_open() && in.read(begin.data(), begin.size()) && begin == packed_magic;
}

bool load_packed(const Schema& schema, const std::filesystem::path& path, const std::vector<std::string>& other_parameters, FactBase& out, LoadErrors& errors, unsigned threads) {
  FactBase facts;
  if (!Unpacker(schema, path.string(), other_parameters, errors, threads).read(path, facts)) return false;
  out = std::move(facts);
  return true;
}

}  // namespace tiao::facts
