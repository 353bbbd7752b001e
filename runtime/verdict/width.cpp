#include "runtime/verdict/width.hpp"

#include <utf8proc.h>

namespace tiao::verdict {

std::size_t width_of(std::string_view text) {
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto rest = static_cast<utf8proc_ssize_t>(text.size());
  std::size_t cells = 0;
  while (rest > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t used = utf8proc_iterate(at, rest, &point);
    if (used <= 0) return cells + static_cast<std::size_t>(rest);
    cells += static_cast<std::size_t>(utf8proc_charwidth(point));
    at += used;
    rest -= used;
  }
  return cells;
}

void append_padded(std::string& out, std::string_view text, std::size_t cells) {
  out += text;
  const std::size_t width = width_of(text);
  if (width < cells) out.append(cells - width, ' ');
}

}  // namespace tiao::verdict
