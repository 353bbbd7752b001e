// Where the fields of CSV end. It takes text whose quotes are all in place; any other is for the reader that says what is wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tiao::facts {

struct CsvIndex {
  // ends[0] stands before the first field (so that ends[i] + 1 is where field i begins, from 0), ends[i + 1] is the comma or the
  // line break behind field i.
  std::vector<std::uint32_t> ends;
  std::size_t fields() const { return ends.size() - 1; }
  std::size_t records = 0;       // line breaks that end a record (or stand alone)
  std::size_t line_breaks = 0;   // all of them, those inside quotes too
};

/// Of text that begins outside quotes, ends with a line break and is shorter than 4 GB; 64 bytes behind it can be read.
/// False: a quote is out of place or not closed.
bool index_csv(const char* text, std::size_t size, CsvIndex& index);

}  // namespace tiao::facts
