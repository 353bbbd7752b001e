// An array that is its own, or lent by somebody who keeps it, such as a file that is mapped into memory. Who changes one that is
// lent gets a copy of its own first; who only reads cannot tell.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

namespace tiao {

/// `Own`: the vector that holds what is its own. What is lent in place of a LineVector stands at whole lines, too.
template <class T, class Own = std::vector<T>>
class Lent {
 public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;

  Lent() = default;
  Lent(Own values) : own_(std::move(values)) { settle(); }
  Lent(std::initializer_list<T> values) : own_(values) { settle(); }
  /// Valid as long as the values stay where they are; so are its copies.
  static Lent of(std::span<const T> values) {
    Lent out;
    out.data_ = values.data();
    out.size_ = values.size();
    return out;
  }

  Lent(const Lent& other) : own_(other.own_), data_(other.data_), size_(other.size_) {
    if (!other.lent()) settle();
  }
  Lent(Lent&& other) noexcept : own_(std::move(other.own_)), data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) { other.forget(); }
  Lent& operator=(Lent other) noexcept {
    own_.swap(other.own_);   // what vectors hold stays where it is
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  bool lent() const { return data_ != own_.data(); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T* data() const { return data_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  const T& back() const { return data_[size_ - 1]; }
  std::size_t capacity() const { return own_.capacity(); }

  T* data() { return own().data(); }
  T* begin() { return own().data(); }
  T* end() { return own().data() + size_; }
  T& operator[](std::size_t i) { return own()[i]; }
  T& back() { return own().back(); }
  void push_back(const T& value) { change([&](Own& v) { v.push_back(value); }); }
  /// New elements are what those of an `Own` are: of a LineVector, nothing yet.
  void resize(std::size_t size) { change([&](Own& v) { v.resize(size); }); }
  void resize(std::size_t size, const T& value) { change([&](Own& v) { v.resize(size, value); }); }
  void reserve(std::size_t size) { change([&](Own& v) { v.reserve(size); }); }
  void clear() { forget(); }
  void shrink_to_fit() {
    if (!lent()) change([](Own& v) { v.shrink_to_fit(); });
  }

  friend bool operator==(const Lent& a, const Lent& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

 private:
  void settle() {
    data_ = own_.data();
    size_ = own_.size();
  }
  void forget() {
    own_.clear();
    settle();
  }
  Own& own() {
    if (lent()) {
      own_.assign(data_, data_ + size_);
      settle();
    }
    return own_;
  }
  template <class Change>
  void change(Change make) {
    make(own());
    settle();
  }

  Own own_;
  const T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace tiao
