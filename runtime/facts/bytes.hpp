// Short texts as numbers, without reading beyond them.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tiao::facts {

static_assert(std::endian::native == std::endian::little, "texts are compared and dates read as little-endian numbers");

template <class T>
T loaded(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

/// The first eight bytes of a text; of a shorter one, a number that differs wherever texts of this length differ.
inline std::uint64_t first_bytes(std::string_view text) {
  const char* at = text.data();
  const std::size_t n = text.size();
  if (n >= 8) return loaded<std::uint64_t>(at);
  if (n >= 4) return loaded<std::uint32_t>(at) | (std::uint64_t{loaded<std::uint32_t>(at + n - 4)} << 32);
  if (n == 0) return 0;
  const auto byte = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(at[i])}; };
  return byte(0) | byte(n / 2) << 8 | byte(n - 1) << 16;
}

/// The last eight, likewise: with the length, both tell all texts of up to sixteen bytes apart.
inline std::uint64_t last_bytes(std::string_view text) { return text.size() <= 8 ? 0 : loaded<std::uint64_t>(text.data() + text.size() - 8); }

}  // namespace tiao::facts
