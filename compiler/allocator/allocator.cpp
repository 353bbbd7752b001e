// Memory of the program. The library's own operators end the program where there is none left; these say so.
#include <mimalloc.h>

#include <cstddef>
#include <new>

namespace {

void* some(std::size_t bytes) {
  if (void* memory = mi_malloc(bytes)) return memory;
  throw std::bad_alloc();
}

void* some(std::size_t bytes, std::align_val_t alignment) {
  if (void* memory = mi_malloc_aligned(bytes, static_cast<std::size_t>(alignment))) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t bytes) { return some(bytes); }
void* operator new[](std::size_t bytes) { return some(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return mi_malloc(bytes); }
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept { return mi_malloc(bytes); }
void* operator new(std::size_t bytes, std::align_val_t alignment) { return some(bytes, alignment); }
void* operator new[](std::size_t bytes, std::align_val_t alignment) { return some(bytes, alignment); }
void* operator new(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) noexcept { return mi_malloc_aligned(bytes, static_cast<std::size_t>(alignment)); }
void* operator new[](std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) noexcept { return mi_malloc_aligned(bytes, static_cast<std::size_t>(alignment)); }
void operator delete(void* memory) noexcept { mi_free(memory); }
void operator delete[](void* memory) noexcept { mi_free(memory); }
void operator delete(void* memory, std::size_t) noexcept { mi_free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { mi_free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { mi_free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { mi_free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { mi_free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { mi_free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { mi_free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { mi_free(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept { mi_free(memory); }
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept { mi_free(memory); }
