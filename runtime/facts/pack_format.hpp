// What writer and reader of packed facts share.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/facts/bytes.hpp"
#include "runtime/program/schema.hpp"

namespace tiao::facts {

inline constexpr std::array<char, 8> packed_magic{'T', 'i', 'a', 'o', 'F', 'a', 'c', 't'};
inline constexpr std::uint32_t packed_version = 1;
inline constexpr std::uint32_t packed_byte_order = 0x01020304;   // as a number of this machine
inline constexpr std::size_t packed_alignment = 64;              // kernels read whole lines

struct PackedHeader {
  std::array<char, 8> magic = packed_magic;
  std::uint32_t version = packed_version;
  std::uint32_t sections = 0;
  std::uint64_t file_size = 0;
  std::uint64_t directory_hash = 0;
  std::uint32_t byte_order = packed_byte_order;
  std::uint32_t unused[5] = {};
  std::uint64_t hash = 0;        // of all before it
};
static_assert(sizeof(PackedHeader) == 64);

struct PackedSection { std::uint64_t offset = 0, size = 0, hash = 0; };

constexpr std::uint64_t aligned(std::uint64_t offset) { return (offset + packed_alignment - 1) / packed_alignment * packed_alignment; }

std::uint64_t packed_hash(const void* bytes, std::size_t size);

/// The small things of a file, one behind the other.
class PackedWriter {
 public:
  void number(std::uint64_t value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void text(std::string_view value) {
    number(value.size());
    bytes += value;
  }
  std::string bytes;
};

class PackedReader {
 public:
  explicit PackedReader(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number() {
    if (rest_.size() < sizeof(std::uint64_t)) return bad();
    const auto value = loaded<std::uint64_t>(rest_.data());
    rest_.remove_prefix(sizeof value);
    return value;
  }
  /// At most `most`, else nothing that follows is good.
  std::uint64_t number(std::uint64_t most) {
    const std::uint64_t value = number();
    return value <= most ? value : bad();
  }
  std::string_view text() {
    const std::uint64_t size = number(rest_.size());
    if (size > rest_.size()) bad();
    const std::string_view out = rest_.substr(0, good_ ? static_cast<std::size_t>(size) : 0);
    rest_.remove_prefix(out.size());
    return out;
  }
  bool good() const { return good_; }
  bool at_end() const { return good_ && rest_.empty(); }

 private:
  std::uint64_t bad() {
    good_ = false;
    rest_ = {};
    return 0;
  }
  std::string_view rest_;
  bool good_ = true;
};

/// What facts are read as, a line for each register, its columns and a parameter: every name by which a file of facts may call
/// something, and what that may hold. Equal lines: facts mean the same.
struct PackedShape {
  std::string name, text;   // incident.points; fact integer 0..12
  friend bool operator==(const PackedShape&, const PackedShape&) = default;
};
std::vector<PackedShape> shape_of(const Schema& schema, const Entity& entity);
PackedShape shape_of(const Schema& schema, const Parameter& parameter);

/// The array that holds what is known of a column: two planes, a byte a row, or a number and maybe another one.
enum class PackedValues : std::uint8_t { pairs, masks, numbers };
PackedValues values_of(const Schema& schema, const Type& type);

/// Registers in the order of the schema.
std::vector<EntityId> registers_of(const Schema& schema);

}  // namespace tiao::facts
