// Source files, positions in them, and how wide a stretch of text is on a terminal.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiao::source {

/// Names one file of a SourceMap.
struct FileId {
    std::uint32_t value = 0xffffffff;
    bool valid() const { return value != 0xffffffff; }
    auto operator<=>(const FileId&) const = default;
};

/// A stretch of one file in bytes, `begin` included and `end` not.
struct Span {
    FileId file;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool valid() const { return file.valid(); }
    auto operator<=>(const Span&) const = default;
};

/// The smallest span that covers both; an invalid one counts for nothing.
Span join(Span a, Span b);

/// A place for people: line and column count from 1; a column is a character, a cell is a terminal cell (Han letters take two).
struct Position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    std::uint32_t cell = 1;
};

/// What keeps a text from being read at all.
enum class Defect { none, too_large, invalid_utf8 };

/// Larger files are refused: a clause file is read whole, and its tokens take some eighty times its size.
inline constexpr std::size_t max_file_bytes = 16u << 20;

/// Terminal cells of a text: 0 for combining marks, 2 for wide letters.
std::uint32_t display_width(std::string_view text);

/// Byte position of the first malformed UTF-8 sequence, if there is one.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

/// The texts of one run. Files are never removed, so a FileId stays good, and so do the views handed out.
class SourceMap {
public:
    /// Takes a text in. A path that ends in `.md` is Markdown: what stands outside its ```tiao fences is blank to the program.
    FileId add(std::string path, std::string text);

    /// Reads a file from disk; nothing when it cannot be opened. A file over `max_file_bytes` is kept empty and defective.
    std::optional<FileId> load(const std::string& path);

    std::size_t size() const { return files_.size(); }
    const std::string& path(FileId file) const;
    /// The text as it was written (without a byte order mark).
    std::string_view text(FileId file) const;
    /// The text as the parser sees it: of the same length, prose outside fences replaced by spaces.
    std::string_view program(FileId file) const;
    bool markdown(FileId file) const;

    Defect defect(FileId file) const;
    /// Byte position of the defect.
    std::uint32_t defect_at(FileId file) const;

    Position position(FileId file, std::uint32_t byte) const;
    std::uint32_t line_count(FileId file) const;
    /// One line without its line end; `line` counts from 1.
    std::string_view line(FileId file, std::uint32_t line) const;
    /// Byte where a line begins.
    std::uint32_t line_begin(FileId file, std::uint32_t line) const;
    /// The text of a span as written.
    std::string_view text(Span span) const;

private:
    struct File {
        std::string path;
        std::string text;
        std::string program;  // empty when it equals the text
        std::vector<std::uint32_t> lines;
        Defect defect = Defect::none;
        std::uint32_t defect_at = 0;
        bool markdown = false;
    };
    FileId add_file(File file);
    const File& file(FileId id) const { return files_[id.value]; }
    std::deque<File> files_;
};

}  // namespace tiao::source
