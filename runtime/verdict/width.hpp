// Terminal cells: Han letters take two.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tiao::verdict {

std::size_t width_of(std::string_view text);
/// Appends the text and fills it with blanks to `cells`; a longer text stays whole.
void append_padded(std::string& out, std::string_view text, std::size_t cells);

}  // namespace tiao::verdict
