#include "runtime/facts/errors.hpp"

#include <algorithm>

#include "runtime/value/text.hpp"

namespace tiao::facts {
namespace {

struct Row { ErrorCode code; std::string_view name, zh, en; };
constexpr Row table[] = {
#define FACT_ERROR(code, zh, en) {ErrorCode::code, #code, zh, en},
#include "runtime/facts/messages.def"
#undef FACT_ERROR
};

// Between the halves of in_both(); excerpt() lets no control character of the facts through.
constexpr char between_languages = '\x1f';

// {0}, {1} … by hand: arguments are untrusted and templates are fixed, so nothing here can throw.
std::string fill(std::string_view pattern, std::initializer_list<std::string_view> args, bool english) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}') {
      const auto index = static_cast<std::size_t>(pattern[i + 1] - '0');
      if (index < args.size()) {
        const std::string_view arg = *(args.begin() + index);
        const auto middle = arg.find(between_languages);
        out += middle == arg.npos ? arg : english ? arg.substr(middle + 1) : arg.substr(0, middle);
      }
      i += 2;
    } else {
      out += pattern[i];
    }
  }
  return out;
}

}  // namespace

std::string_view code_name(ErrorCode code) { return table[static_cast<std::size_t>(code)].name; }

std::vector<ErrorCode> all_error_codes() {
  std::vector<ErrorCode> out;
  for (const Row& row : table) out.push_back(row.code);
  return out;
}

void LoadErrors::add(ErrorCode code, const Place& place, std::initializer_list<std::string_view> args, std::string hint) {
  ++count;
  if (full()) return;
  const Row& row = table[static_cast<std::size_t>(code)];
  listed.push_back({std::string(row.name), std::string(place.file), place.line, place.path, fill(row.zh, args, false), fill(row.en, args, true), std::move(hint)});
}

std::string nearest(std::string_view name, const std::vector<std::string_view>& candidates) {
  const std::string_view wanted = name.substr(0, 200);
  const std::size_t letters = character_count(wanted);
  // A third of the characters may differ, and one of a two-character word.
  std::size_t best = std::max<std::size_t>(1, letters / 3) + 1;
  std::string_view found;
  for (const std::string_view candidate : candidates) {
    if (candidate.empty()) continue;
    const std::string_view other = candidate.substr(0, 200);
    const std::size_t count = character_count(other), gap = letters > count ? letters - count : count - letters;
    if (gap >= best) continue;
    if (const std::size_t d = edit_distance(wanted, other); d < best && d < std::max(letters, count)) {
      best = d;
      found = candidate;
    }
  }
  return std::string(found);
}

std::string in_both(std::string_view zh, std::string_view en) { return std::string(zh) + between_languages + std::string(en); }

std::string excerpt(std::string_view text) {
  std::string out;
  std::size_t shown = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (++shown > 60) return out + "…";
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    length = std::min(length, text.size() - i);
    if (lead < 0x20 || lead == 0x7F) out += ' ';
    else out += text.substr(i, length);
    i += length;
  }
  return out;
}

}  // namespace tiao::facts
