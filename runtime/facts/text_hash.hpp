// The hash by which texts are looked up.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/facts/bytes.hpp"

namespace tiao::facts {

// Keys are short: a multiplication for every eight bytes. Packed files hold these hashes: another way is another version of them.
inline std::uint32_t hash_of(std::string_view text) {
  const auto mixed = [](std::uint64_t a) {
    const unsigned __int128 product = static_cast<unsigned __int128>(a) * 0x9e3779b97f4a7c15u;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  std::uint64_t hash = text.size() + 0x243f6a8885a308d3u;
  for (; text.size() > 8; text.remove_prefix(8)) hash = mixed(hash ^ first_bytes(text));
  hash = mixed(hash ^ first_bytes(text) * 0xd6e8feb86659fd93u);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

}  // namespace tiao::facts
