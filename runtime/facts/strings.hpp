// Interned texts. Ids are dense from 0; the strings of the program come first, in their order.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace tiao::facts {

// Texts as a file keeps them, ready to be looked up: text i is bytes[offsets[i] .. offsets[i + 1]).
struct FrozenTexts {
  struct Slot { std::uint32_t id = 0, hash = 0; };   // id + 1, 0 = free; the hash stands here to spare a look at the text
  std::span<const std::uint64_t> offsets;            // one more than there are texts
  std::span<const char> bytes;
  std::span<const Slot> slots;                       // a power of two, more than there are texts
  std::size_t size() const { return offsets.empty() ? 0 : offsets.size() - 1; }
  std::string_view at(std::size_t id) const { return {bytes.data() + offsets[id], static_cast<std::size_t>(offsets[id + 1] - offsets[id])}; }
};

class StringPool {
 public:
  StringPool() = default;
  /// Of texts that somebody else keeps; more may be added.
  explicit StringPool(const FrozenTexts& texts) : frozen_(texts) {}
  StringPool(const StringPool& other);
  StringPool& operator=(const StringPool& other);
  StringPool(StringPool&&) = default;
  StringPool& operator=(StringPool&&) = default;

  std::int64_t intern(std::string_view text);
  // Many at once, in their order: the memory that one needs is fetched while others are looked up.
  void intern(std::span<const std::string_view> texts, std::int64_t* ids);
  std::int64_t find(std::string_view text) const;   // -1: no such text
  std::string_view at(std::int64_t id) const {
    const auto i = static_cast<std::size_t>(id);
    return i < frozen_.size() ? frozen_.at(i) : items_[i - frozen_.size()];
  }
  std::size_t size() const { return frozen_.size() + items_.size(); }
  void clear();
  // What a file needs to keep these texts; `FrozenTexts` over it is the same pool.
  struct Kept {
    std::vector<std::uint64_t> offsets;
    std::vector<char> bytes;
    std::vector<FrozenTexts::Slot> slots;
  };
  Kept kept() const;

 private:
  using Slot = FrozenTexts::Slot;
  std::int64_t find_frozen(std::string_view text, std::uint32_t hash) const;
  std::size_t slot_of(std::string_view text, std::uint32_t hash) const;
  std::int64_t intern(std::string_view text, std::uint32_t hash);
  void grow();

  FrozenTexts frozen_;                               // the first of all; beside them:
  // Bytes in blocks that never move, and a table of places in items_ by open addressing: no allocation per text.
  std::vector<std::string_view> items_;
  std::vector<Slot> slots_;                          // a power of two
  std::vector<std::shared_ptr<char[]>> blocks_;      // copies of a pool share the filled ones
  std::size_t free_ = 0;                             // bytes left in the last block
  char* next_ = nullptr;
};

}  // namespace tiao::facts
