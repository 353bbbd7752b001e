// What is wrong with facts. Messages are data: a code and its arguments; the wording stands in messages.def.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace tiao::facts {

enum class ErrorCode : std::uint8_t {
#define FACT_ERROR(code, zh, en) code,
#include "runtime/facts/messages.def"
#undef FACT_ERROR
};

std::string_view code_name(ErrorCode code);
std::vector<ErrorCode> all_error_codes();

// One message, ready to show.
struct LoadError {
  std::string code;        // duplicate_key
  std::string file;        // as given; empty for facts that come from no file
  std::uint64_t line = 0;  // from 1; 0 = the file as a whole
  std::string path;        // incident[3].points, records counted from 0
  std::string zh, en;
  std::string hint;        // the nearest name there is, or empty
};

// Where a message points.
struct Place {
  std::string_view file;
  std::uint64_t line = 0;
  std::string path;
};

// Collects messages: all are counted, the first `limit` listed.
class LoadErrors {
 public:
  explicit LoadErrors(std::size_t limit = 100) : limit_(limit) {}
  void add(ErrorCode code, const Place& place, std::initializer_list<std::string_view> args, std::string hint = {});
  // Nothing more will be listed: spare the search for a hint.
  bool full() const { return listed.size() >= limit_; }
  bool empty() const { return count == 0; }

  std::vector<LoadError> listed;
  std::uint64_t count = 0;

 private:
  std::size_t limit_;
};

// The candidate with the smallest edit distance, in characters, if it is near enough to be meant; else "".
std::string nearest(std::string_view name, const std::vector<std::string_view>& candidates);

// An argument that reads differently in the two languages.
std::string in_both(std::string_view zh, std::string_view en);

// Texts quoted in messages: at most 60 characters, line breaks and other control characters shown as spaces.
std::string excerpt(std::string_view text);

}  // namespace tiao::facts
