// Arrays of truth values that are only kept when some value is not `yes`.
#pragma once

#include <cstdint>

#include "runtime/engine/array.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::engine {

inline constexpr std::uint8_t unknown_byte = 0, yes_byte = 1, no_byte = 2, error_byte = 3;

inline Truth truth_at(const std::uint8_t* plane, std::size_t i) { return plane == nullptr ? Truth::yes : static_cast<Truth>(plane[i]); }

// A truth per row, stored from the first row on that is not `yes`.
class TruthColumn {
 public:
  void push(Truth t) {
    if (t != Truth::yes && !kept_) {
      kept_ = true;
      values_.assign(size_, yes_byte);
    }
    if (kept_) values_.push(static_cast<std::uint8_t>(t));
    ++size_;
  }
  // Up to `size` values: what is missing is `yes`.
  void pad(std::size_t size) {
    if (kept_) {
      values_.resize(size);
      std::fill(values_.begin() + size_, values_.end(), yes_byte);
    }
    size_ = size;
  }
  std::size_t size() const { return size_; }
  Truth at(std::size_t i) const { return kept_ ? static_cast<Truth>(values_[i]) : Truth::yes; }
  void append(TruthColumn& other) {
    if (other.kept_ && !kept_) {
      kept_ = true;
      values_.assign(size_, yes_byte);
    }
    if (kept_) {
      values_.resize(size_ + other.size_);
      if (other.kept_) std::copy(other.values_.begin(), other.values_.end(), values_.begin() + size_);
      else std::fill_n(values_.begin() + size_, other.size_, yes_byte);
    }
    size_ += other.size_;
    other = TruthColumn();
  }
  // Keeps the first `size` values.
  void cut(std::size_t size) {
    if (kept_) values_.resize(size);
    size_ = size;
  }
  // Empty when every value is `yes`.
  Array<std::uint8_t> take() {
    values_.shrink();
    return std::move(values_);
  }

 private:
  Array<std::uint8_t> values_;
  std::size_t size_ = 0;
  bool kept_ = false;
};

}  // namespace tiao::engine
