// A long file of rows is read in pieces of whole records, by several threads, and put together in its order. What the reader of a
// piece does not take – it only takes what is right – is given back, and the rest of the file is read by the careful reader,
// which alone speaks of errors: so they do not depend on pieces and threads, and neither does anything else.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "runtime/facts/builder.hpp"
#include "runtime/facts/input.hpp"

namespace tiao::facts {

// How far the reading has come, or how much a piece holds.
struct Extent { std::uint64_t lines = 0, rows = 0; };

class PieceReader {
 public:
  virtual ~PieceReader() = default;
  /// Reads records into the builder it was made for; lines are counted from 0. The text ends with a line break, and
  /// Input::padding bytes behind it can be read. False: something in it is not right, or not plain.
  virtual bool read(std::string_view text, Extent& extent) = 0;
};

struct Pieces {
  EntityId entity = none;             // none: rows that are only counted
  std::size_t max_record = 0;         // bytes
  bool quotes = false;                // line breaks inside quotes do not end a record
  unsigned threads = 1;
  std::uint64_t file_size = 0;        // about; to make room
  std::function<std::unique_ptr<PieceReader>(FactBuilder&)> reader;
};

/// Reads what is left of the input; `done` are the lines and rows before it, then also those that were read. False: not to the
/// end, and what is left stands in the input again.
bool read_in_pieces(FactBuilder& whole, Input& input, const Pieces& pieces, Extent& done);

}  // namespace tiao::facts
