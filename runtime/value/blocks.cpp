#include "runtime/value/blocks.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <new>

namespace tiao::blocks {
namespace {

// From here on pages of two megabytes are asked for: columns are read in an order that spares the table of pages nothing.
constexpr std::size_t huge = std::size_t{1} << 22;

class Pool {
 public:
  void* take(std::size_t size) {
    const std::lock_guard<std::mutex> lock(guard_);
    void* block = nullptr;
    if (const auto fits = free_.lower_bound(size); fits != free_.end()) {
      block = fits->second;
      const std::size_t rest = fits->first - size;
      free_.erase(fits);
      kept_ -= size;
      if (rest != 0) free_.emplace(rest, static_cast<char*>(block) + size);
    } else {
      make_way(size);
      block = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (block == MAP_FAILED) throw std::bad_alloc();
      if (size >= huge) madvise(block, size, MADV_HUGEPAGE);
    }
    count(size);
    return block;
  }

  void* resize(void* block, std::size_t size, std::size_t wanted) {
    const std::lock_guard<std::mutex> lock(guard_);
    if (wanted > size) make_way(wanted - size);
    void* moved = mremap(block, size, wanted, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) throw std::bad_alloc();
    used_ -= size;
    count(wanted);
    return moved;
  }

  void give(void* block, std::size_t size) noexcept {
    const std::lock_guard<std::mutex> lock(guard_);
    used_ -= size;
    try {
      free_.emplace(size, block);
      kept_ += size;
    } catch (const std::bad_alloc&) {
      munmap(block, size);
    }
  }

  void trim() noexcept {
    const std::lock_guard<std::mutex> lock(guard_);
    for (const auto& [size, block] : free_) munmap(block, size);
    free_.clear();
    kept_ = 0;
    most_ = used_;
  }

  Use use() noexcept {
    const std::lock_guard<std::mutex> lock(guard_);
    return {used_, kept_};
  }

 private:
  void count(std::size_t size) {
    used_ += size;
    most_ = std::max(most_, used_);
  }

  // Frees as much that `size` more leave no more than were ever in use.
  void make_way(std::size_t size) noexcept {
    while (kept_ != 0 && used_ + size + kept_ > most_) {
      const std::size_t beyond = used_ + size + kept_ - most_;
      const auto last = std::prev(free_.end());
      const std::size_t whole = last->first, going = std::min(whole, beyond);
      char* const block = static_cast<char*>(last->second);
      munmap(block + (whole - going), going);
      kept_ -= going;
      auto node = free_.extract(last);
      if (going == whole) continue;
      node.key() = whole - going;
      free_.insert(std::move(node));
    }
  }

  std::mutex guard_;
  std::multimap<std::size_t, void*> free_;   // by size
  std::size_t used_ = 0, kept_ = 0, most_ = 0;
};

// Never destroyed: arrays may outlive everything else.
Pool& pool() {
  static Pool* const all = new Pool;
  return *all;
}

std::size_t pages(std::size_t bytes) {
  static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  if (bytes > static_cast<std::size_t>(-1) - page) throw std::bad_alloc();
  return (bytes + page - 1) / page * page;
}

}  // namespace

void* allocate(std::size_t bytes) { return pool().take(pages(bytes)); }

void* reallocate(void* block, std::size_t bytes, std::size_t wanted) {
  const std::size_t size = pages(bytes), more = pages(wanted);
  return size == more ? block : pool().resize(block, size, more);
}

void release(void* block, std::size_t bytes) noexcept { pool().give(block, pages(bytes)); }

void trim() noexcept { pool().trim(); }

Use use() noexcept { return pool().use(); }

}  // namespace tiao::blocks
