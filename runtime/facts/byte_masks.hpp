// Which of 64 bytes are the ones that structure CSV.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tiao::facts {

struct ByteMasks { std::uint64_t quotes, commas, breaks, returns; };

/// One for every 64 bytes from `text`, all of which can be read. By AVX2 where the processor has it, else SSE2, else byte by byte.
void byte_masks(const char* text, std::size_t blocks, ByteMasks* out);

/// The ways to do it that this processor has, for tests.
using MaskBytes = void (*)(const char* text, std::size_t blocks, ByteMasks* out);
std::size_t ways_to_mask(MaskBytes (&ways)[3]);

}  // namespace tiao::facts
