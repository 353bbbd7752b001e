#include "runtime/facts/strings.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>

#include "runtime/facts/huge_pages.hpp"
#include "runtime/facts/text_hash.hpp"

namespace tiao::facts {
namespace {

constexpr std::size_t block_size = 1 << 20, huge_page = std::size_t{2} << 20, many = 1 << 15;

// Without a call for the short texts that keys are.
bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() <= 16) return first_bytes(a) == first_bytes(b) && last_bytes(a) == last_bytes(b);
  return a == b;
}

// Many texts are looked up all over their memory: few large pages of it are found faster than many small ones.
std::shared_ptr<char[]> huge_block(std::size_t size) {
  char* const block = static_cast<char*>(std::aligned_alloc(huge_page, size));
  if (block == nullptr) throw std::bad_alloc();
  ::madvise(block, size, MADV_HUGEPAGE);   // advice: nothing depends on it
  return {block, [](char* p) { std::free(p); }};
}

// The slot that holds the text, or the free one where it would go.
template <class Slots, class At>
std::size_t find_slot(const Slots& slots, std::string_view text, std::uint32_t hash, At at) {
  const std::size_t mask = slots.size() - 1;
  std::size_t slot = hash & mask;
  for (; slots[slot].id != 0; slot = (slot + 1) & mask)
    if (slots[slot].hash == hash && same(at(slots[slot].id - 1), text)) break;
  return slot;
}

void put_slot(std::vector<FrozenTexts::Slot>& slots, const FrozenTexts::Slot& item) {
  const std::size_t mask = slots.size() - 1;
  std::size_t slot = item.hash & mask;
  while (slots[slot].id != 0) slot = (slot + 1) & mask;
  slots[slot] = item;
}

}  // namespace

StringPool::StringPool(const StringPool& other)
    : frozen_(other.frozen_), items_(other.items_), slots_(other.slots_), blocks_(other.blocks_) {}  // begins a block of its own

StringPool& StringPool::operator=(const StringPool& other) {
  if (this != &other) {
    StringPool copy(other);
    *this = std::move(copy);
  }
  return *this;
}

std::int64_t StringPool::find_frozen(std::string_view text, std::uint32_t hash) const {
  if (frozen_.slots.empty()) return -1;
  const std::size_t slot = find_slot(frozen_.slots, text, hash, [&](std::size_t id) { return frozen_.at(id); });
  return static_cast<std::int64_t>(frozen_.slots[slot].id) - 1;
}

std::size_t StringPool::slot_of(std::string_view text, std::uint32_t hash) const {
  return find_slot(slots_, text, hash, [&](std::size_t id) { return items_[id]; });
}

void StringPool::grow() {
  const std::size_t size = slots_.empty() ? 1024 : slots_.size() * 2;
  std::vector<Slot> slots;
  reserve_huge(slots, size);
  if (items_.capacity() < size / 2) reserve_huge(items_, size * 2);   // room costs nothing before it is touched
  slots.resize(size);
  for (const Slot& old : slots_)
    if (old.id != 0) put_slot(slots, old);
  slots_ = std::move(slots);
}

std::int64_t StringPool::intern(std::string_view text) { return intern(text, hash_of(text)); }

void StringPool::intern(std::span<const std::string_view> texts, std::int64_t* ids) {
  constexpr std::size_t together = 32;
  std::uint32_t hashes[together];
  for (std::size_t first = 0; first < texts.size(); first += together) {
    const std::size_t n = std::min(together, texts.size() - first);
    while ((items_.size() + n) * 2 >= slots_.size()) grow();
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = 0; i < n; ++i) {
      hashes[i] = hash_of(texts[first + i]);
      __builtin_prefetch(&slots_[hashes[i] & mask]);
    }
    for (std::size_t i = 0; i < n; ++i)
      if (const Slot& slot = slots_[hashes[i] & mask]; slot.id != 0) __builtin_prefetch(&items_[slot.id - 1]);
    for (std::size_t i = 0; i < n; ++i)
      if (const Slot& slot = slots_[hashes[i] & mask]; slot.id != 0) __builtin_prefetch(items_[slot.id - 1].data());
    for (std::size_t i = 0; i < n; ++i) ids[first + i] = intern(texts[first + i], hashes[i]);
  }
}

std::int64_t StringPool::intern(std::string_view text, std::uint32_t hash) {
  if (const std::int64_t id = find_frozen(text, hash); id >= 0) return id;
  if (items_.size() * 2 >= slots_.size()) grow();
  const std::size_t slot = slot_of(text, hash);
  if (slots_[slot].id != 0) return static_cast<std::int64_t>(frozen_.size() + slots_[slot].id - 1);
  if (text.size() > free_) {
    const std::size_t size = items_.size() < many || text.size() > huge_page ? std::max(block_size, text.size()) : huge_page;
    if (size == huge_page) blocks_.push_back(huge_block(size));
    else blocks_.emplace_back(new char[size]);
    next_ = blocks_.back().get();
    free_ = size;
  }
  if (!text.empty()) std::memcpy(next_, text.data(), text.size());
  items_.emplace_back(next_, text.size());
  next_ += text.size();
  free_ -= text.size();
  slots_[slot] = {static_cast<std::uint32_t>(items_.size()), hash};
  return static_cast<std::int64_t>(size() - 1);
}

std::int64_t StringPool::find(std::string_view text) const {
  const std::uint32_t hash = hash_of(text);
  if (const std::int64_t id = find_frozen(text, hash); id >= 0 || slots_.empty()) return id;
  const std::uint32_t item = slots_[slot_of(text, hash)].id;
  return item == 0 ? -1 : static_cast<std::int64_t>(frozen_.size() + item - 1);
}

void StringPool::clear() {
  frozen_ = {};
  items_.clear();
  std::fill(slots_.begin(), slots_.end(), Slot{});
  blocks_.clear();
  next_ = nullptr;
  free_ = 0;
}

StringPool::Kept StringPool::kept() const {
  Kept out;
  out.slots.resize(std::bit_ceil(size() + size() / 2 + 2));
  out.offsets.push_back(0);
  for (std::size_t id = 0; id < size(); ++id) {
    const std::string_view text = at(static_cast<std::int64_t>(id));
    out.bytes.insert(out.bytes.end(), text.begin(), text.end());
    out.offsets.push_back(out.bytes.size());
    put_slot(out.slots, {static_cast<std::uint32_t>(id + 1), hash_of(text)});
  }
  return out;
}

}  // namespace tiao::facts
