#include "compiler/jit/object_cache.hpp"

#include <unistd.h>
#include <xxhash.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace tiao::jit {
namespace {

constexpr char magic[8] = {'t', 'i', 'a', 'o', 'o', 'b', 'j', '1'};

// Header: magic, count, checksum of what follows; then per object its size and its bytes.
struct Header {
  char magic[8];
  std::uint64_t count, checksum_low, checksum_high;
};

std::string hex(XXH128_hash_t hash) {
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

}  // namespace

std::filesystem::path default_cache_directory() {
  if (const char* own = std::getenv("TIAO_CACHE_DIR")) return own;
  if (const char* shared = std::getenv("XDG_CACHE_HOME"); shared && *shared) return std::filesystem::path(shared) / "tiao";
  if (const char* home = std::getenv("HOME"); home && *home) return std::filesystem::path(home) / ".cache" / "tiao";
  return {};
}

std::string cache_key(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) {
    const std::uint64_t size = part.size();
    all.append(reinterpret_cast<const char*>(&size), sizeof size).append(part);
  }
  return hex(XXH3_128bits(all.data(), all.size()));
}

std::optional<std::vector<std::string>> ObjectCache::load(const std::string& key) const {
  if (directory_.empty()) return std::nullopt;
  std::ifstream in(directory_ / (key + ".obj"), std::ios::binary);
  Header header;
  if (!in || !in.read(reinterpret_cast<char*>(&header), sizeof header) || std::memcmp(header.magic, magic, sizeof magic) != 0)
    return std::nullopt;
  const std::string body((std::istreambuf_iterator<char>(in)), {});
  const XXH128_hash_t sum = XXH3_128bits_withSeed(body.data(), body.size(), header.count);
  if (sum.low64 != header.checksum_low || sum.high64 != header.checksum_high) return std::nullopt;
  std::vector<std::string> objects;
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < header.count; ++i) {
    std::uint64_t size = 0;
    if (body.size() - at < sizeof size) return std::nullopt;
    std::memcpy(&size, body.data() + at, sizeof size);
    at += sizeof size;
    if (body.size() - at < size) return std::nullopt;
    objects.emplace_back(body, at, size);
    at += size;
  }
  return objects;
}

void ObjectCache::store(const std::string& key, const std::vector<std::string>& objects) const {
  if (directory_.empty()) return;
  std::error_code failure;
  std::filesystem::create_directories(directory_, failure);
  if (failure) return;
  std::string body;
  for (const std::string& object : objects) {
    const std::uint64_t size = object.size();
    body.append(reinterpret_cast<const char*>(&size), sizeof size).append(object);
  }
  Header header{};
  std::memcpy(header.magic, magic, sizeof magic);
  header.count = objects.size();
  const XXH128_hash_t sum = XXH3_128bits_withSeed(body.data(), body.size(), header.count);
  header.checksum_low = sum.low64;
  header.checksum_high = sum.high64;
  // A name of its own until it is whole, so that no run ever sees half a file.
  const auto whole = directory_ / (key + ".obj"), part = directory_ / (key + '.' + std::to_string(getpid()) + ".part");
  {
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(&header), sizeof header).write(body.data(), static_cast<std::streamsize>(body.size()));
    out.close();
    if (!out) {
      std::filesystem::remove(part, failure);
      return;
    }
  }
  std::filesystem::rename(part, whole, failure);
  if (failure) std::filesystem::remove(part, failure);
}

}  // namespace tiao::jit
