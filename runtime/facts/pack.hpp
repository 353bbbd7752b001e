// Packed facts: a file of columns that is mapped into memory, for runs repeated over the same facts. Everything in it is checked
// when it is loaded – hashes, bounds, references, values – so that a damaged file, or one made for other registers, is refused.
//
//     header      64 bytes: magic, version, size of the file, hash of the directory, number of sections, hash of the header
//     directory   offset, size and hash of every section
//     sections    each from a multiple of 64: what tables there are; the texts; then the arrays of each register
//
// Numbers are little-endian. What clauses say does not matter to it, only the registers and their columns do: facts stay packed
// while a text is amended.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "runtime/facts/errors.hpp"
#include "runtime/facts/tables.hpp"

namespace tiao::facts {

inline constexpr std::string_view packed_extension = ".tiaof";

/// Hands over the bytes of the file, in order. Of facts that were loaded.
void pack(const FactBase& facts, const std::function<void(std::string_view)>& put);

/// Columns are lent by the file as long as the facts (or a copy of them) live; it must not be written to meanwhile, but may be
/// replaced. False: reported, and `out` untouched.
bool load_packed(const Schema& schema, const std::filesystem::path& path, const std::vector<std::string>& other_parameters, FactBase& out, LoadErrors& errors, unsigned threads);

/// Does it begin as packed facts do, whatever it is called?
bool is_packed(const std::filesystem::path& path);

}  // namespace tiao::facts
