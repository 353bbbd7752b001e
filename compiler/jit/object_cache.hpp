// Compiled programs and machine code kept between runs. A file that is missing, old, torn or another's is as good as none: what
// it held is made again. The files together stay within a limit; those not used for longest go first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tiao::jit {

// Where compiled programs are kept: TIAO_CACHE_DIR, else $XDG_CACHE_HOME/tiao, else ~/.cache/tiao. Empty: nowhere.
std::filesystem::path default_cache_directory();

// The running tool: any rebuild may change what it makes. Part of every key.
std::string tool_identity();

// 32 hex digits that name everything the machine code depends on.
std::string cache_key(const std::vector<std::string>& parts);

class ObjectCache {
 public:
  static constexpr std::uint64_t default_max_bytes = std::uint64_t{256} << 20;

  explicit ObjectCache(std::filesystem::path directory, std::uint64_t max_bytes = default_max_bytes)
      : directory_(std::move(directory)), max_bytes_(max_bytes) {}
  std::optional<std::vector<std::string>> load(const std::string& key) const;
  // Silent when it cannot be written: the next run compiles again.
  void store(const std::string& key, const std::vector<std::string>& objects) const;

 private:
  void keep_within_limit(const std::filesystem::path& newest) const;

  std::filesystem::path directory_;
  std::uint64_t max_bytes_;
};

}  // namespace tiao::jit
