// What was struck out of a text and what was put in, word by word.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tiao::driver {

struct Redline {
  enum class Kind : std::uint8_t { same, gone, come } kind = Kind::same;
  std::string text;
  friend bool operator==(const Redline&, const Redline&) = default;
};

/// In reading order, what is gone before what came in its place. Without `come` it reads as `before`, without `gone` as `after`.
std::vector<Redline> redline(std::string_view before, std::string_view after);

}  // namespace tiao::driver
