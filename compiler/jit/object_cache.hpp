// Machine code kept between runs. A file that is missing, old, torn or forged is as good as none: the code is made again.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tiao::jit {

// Where compiled programs are kept: TIAO_CACHE_DIR, else $XDG_CACHE_HOME/tiao, else ~/.cache/tiao. Empty: nowhere.
std::filesystem::path default_cache_directory();

// 32 hex digits that name everything the machine code depends on.
std::string cache_key(const std::vector<std::string>& parts);

class ObjectCache {
 public:
  explicit ObjectCache(std::filesystem::path directory) : directory_(std::move(directory)) {}
  std::optional<std::vector<std::string>> load(const std::string& key) const;
  // Silent when it cannot be written: the next run compiles again.
  void store(const std::string& key, const std::vector<std::string>& objects) const;

 private:
  std::filesystem::path directory_;
};

}  // namespace tiao::jit
