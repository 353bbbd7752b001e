// Memory of large arrays. A run builds some hundred columns of a million rows one after another and drops most of them soon:
// a general allocator keeps what is free in pieces that the next column does not fit into.
#pragma once

#include <cstddef>

namespace tiao::blocks {

// Arrays from here on, in bytes, are blocks of whole pages; smaller ones are left to malloc.
inline constexpr std::size_t smallest = std::size_t{1} << 18;

// Uninitialised memory. Blocks that are free are used again; there are never more of them and of those in use together than were
// ever in use at once. Throws std::bad_alloc. Any thread.
void* allocate(std::size_t bytes);
// `bytes`: as asked for last. The contents move along.
void* reallocate(void* block, std::size_t bytes, std::size_t wanted);
void release(void* block, std::size_t bytes) noexcept;

// Gives what is free back to the system, and forgets how much was in use.
void trim() noexcept;

// Bytes of blocks that are in use, and of those that are kept.
struct Use { std::size_t used, kept; };
Use use() noexcept;

}  // namespace tiao::blocks
