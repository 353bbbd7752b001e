#include <algorithm>
#include <filesystem>
#include <fstream>

#include "compiler/driver/mutation.hpp"

namespace tiao::driver {
namespace {

std::string trimmed(std::string text) {
  constexpr const char* blanks = " \t\r";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::vector<ListedMutant> read_listed(const std::string& folder, std::vector<StaleLine>& stale) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".mutants") files.push_back(it->path().lexically_normal().string());
  std::sort(files.begin(), files.end());
  std::vector<ListedMutant> out;
  for (const std::string& file : files) {
    std::ifstream in(file);
    std::string text;
    for (std::uint32_t line = 1; std::getline(in, text); ++line) {
      text = trimmed(text);
      if (text.empty() || text.starts_with("#")) continue;
      ListedMutant listed{file, line, text, {}, {}};
      const std::size_t first = text.find('|'), second = first == std::string::npos ? first : text.find('|', first + 1);
      if (second != std::string::npos) {
        listed.address = trimmed(text.substr(0, first));
        listed.change = trimmed(text.substr(first + 1, second - first - 1));
        listed.reason = trimmed(text.substr(second + 1));
      }
      if (listed.reason.empty()) stale.push_back({std::move(listed), StaleLine::Why::malformed, {}});
      else out.push_back(std::move(listed));
    }
  }
  return out;
}

}  // namespace tiao::driver
