// A program as bytes and back, so that a run over unchanged sources need not parse and check them again.
#pragma once

#include <string>
#include <string_view>

#include "compiler/core/core.hpp"

namespace tiao::core {

/// Changes whenever the shape of Program or Schema changes.
inline constexpr std::uint32_t program_format = 2;

std::string to_bytes(const Program& program);
/// False when the bytes are not a whole program of this format; `out` is then not to be used. The bytes are trusted no further
/// than their length: whoever keeps them guards them with a checksum.
bool from_bytes(std::string_view bytes, Program& out);

}  // namespace tiao::core
