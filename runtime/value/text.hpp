// Words in messages: how far apart two names are, text on one line, text inside markup.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tiao {

/// Of UTF-8; what is not is counted as if it were, and never read beyond.
std::size_t character_count(std::string_view text);
/// Levenshtein distance over characters, for nearest names.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// What was written may run over several lines; a message takes one.
std::string one_line(std::string_view text);

/// Text inside XML or HTML, between tags or in quotation marks; control characters that XML does not know are left out.
std::string xml_escaped(std::string_view text);

}  // namespace tiao
