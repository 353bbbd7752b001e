// Plain growable storage for columns: uninitialised, movable, grown without value initialisation, shrunk to what it holds.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#include "runtime/value/blocks.hpp"

namespace tiao::engine {

// Elements of a trivial type. A column of a million rows is one allocation; moving an Array keeps its data pointer.
template <class T>
class Array {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Array() = default;
  explicit Array(std::size_t size) { resize(size); }
  Array(std::size_t size, T value) { assign(size, value); }
  Array(Array&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)), capacity_(std::exchange(other.capacity_, 0)) {}
  Array& operator=(Array&& other) noexcept {
    if (this != &other) {
      drop();
      data_ = std::exchange(other.data_, nullptr);
      size_ = std::exchange(other.size_, 0);
      capacity_ = std::exchange(other.capacity_, 0);
    }
    return *this;
  }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  ~Array() { drop(); }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return capacity_ * sizeof(T); }
  bool empty() const { return size_ == 0; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  T& back() { return data_[size_ - 1]; }

  void clear() { size_ = 0; }
  void reserve(std::size_t capacity) {
    if (capacity > capacity_) reallocate(capacity);
  }
  // New elements are uninitialised.
  void resize(std::size_t size) {
    reserve(size);
    size_ = size;
  }
  void assign(std::size_t size, T value) {
    resize(size);
    for (std::size_t i = 0; i < size; ++i) data_[i] = value;
  }
  void push(T value) {
    if (size_ == capacity_) reallocate(capacity_ == 0 ? 16 : capacity_ + capacity_ / 2 + 1);
    data_[size_++] = value;
  }
  void shrink() {
    if (size_ == 0) *this = Array();
    else if (size_ < capacity_) reallocate(size_);
  }

 private:
  // Whole lines of the cache: a kernel of words reads 64 bytes at a time, however many of the last ones are used.
  static constexpr std::size_t room(std::size_t bytes) { return (bytes + 63) / 64 * 64; }
  static constexpr bool is_block(std::size_t room) { return room >= blocks::smallest; }

  void drop() noexcept {
    const std::size_t own = room(bytes());
    if (is_block(own)) blocks::release(data_, own);
    else std::free(data_);
  }

  void reallocate(std::size_t capacity) {
    if (capacity > (static_cast<std::size_t>(-1) - 64) / sizeof(T)) throw std::bad_alloc();
    const std::size_t own = room(bytes()), wanted = room(capacity * sizeof(T));
    void* moved = nullptr;
    if (is_block(own) && is_block(wanted)) {
      moved = blocks::reallocate(data_, own, wanted);
    } else if (!is_block(own) && !is_block(wanted)) {
      moved = std::realloc(data_, wanted);
    } else {
      moved = is_block(wanted) ? blocks::allocate(wanted) : std::malloc(wanted);
      if (moved != nullptr && size_ != 0) std::memcpy(moved, data_, std::min(size_, capacity) * sizeof(T));
      if (moved != nullptr) drop();
    }
    if (moved == nullptr) throw std::bad_alloc();
    data_ = static_cast<T*>(moved);
    capacity_ = capacity;
  }

  T* data_ = nullptr;
  std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace tiao::engine
