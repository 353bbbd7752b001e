#include "compiler/source/source.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utf8proc.h>

namespace tiao::source {

namespace {

/// Decodes one character; malformed bytes count as one character each.
std::size_t decode(std::string_view text, std::size_t at, utf8proc_int32_t& out) {
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                       static_cast<utf8proc_ssize_t>(std::min<std::size_t>(text.size() - at, 4)), &out);
    if (size > 0) return static_cast<std::size_t>(size);
    out = 0xfffd;
    return 1;
}

/// A tab is shown as one blank.
std::uint32_t cells_of(utf8proc_int32_t letter) {
    return letter == '\t' ? 1 : static_cast<std::uint32_t>(std::max(0, utf8proc_charwidth(letter)));
}

std::vector<std::uint32_t> line_table(std::string_view text) {
    std::vector<std::uint32_t> lines{0};
    for (std::size_t i = text.find('\n'); i != text.npos; i = text.find('\n', i + 1)) lines.push_back(static_cast<std::uint32_t>(i + 1));
    return lines;
}

struct Fence {
    char sign = 0;
    std::size_t length = 0;
    std::string_view info;
};

/// A line that opens or closes a Markdown fence: up to three spaces, then three or more ` or ~.
Fence fence_of(std::string_view line) {
    std::size_t i = 0;
    while (i < line.size() && i < 3 && line[i] == ' ') ++i;
    if (i >= line.size() || (line[i] != '`' && line[i] != '~')) return {};
    Fence fence;
    fence.sign = line[i];
    while (i < line.size() && line[i] == fence.sign) ++i, ++fence.length;
    if (fence.length < 3) return {};
    while (i < line.size() && line[i] == ' ') ++i;
    std::size_t end = i;
    while (end < line.size() && line[end] != ' ' && line[end] != '\r' && line[end] != '\t') ++end;
    fence.info = line.substr(i, end - i);
    return fence;
}

/// Blanks everything outside ```tiao fences; offsets and lines stay as they are.
std::string blank_prose(std::string_view text, const std::vector<std::uint32_t>& lines) {
    std::string program(text);
    Fence open;
    for (std::size_t n = 0; n < lines.size(); ++n) {
        const std::size_t begin = lines[n];
        const std::size_t end = n + 1 < lines.size() ? lines[n + 1] - 1 : text.size();
        const Fence fence = fence_of(text.substr(begin, end - begin));
        bool keep = open.sign != 0 && open.info == "tiao";
        if (open.sign == 0) {
            if (fence.sign != 0) open = fence;
        } else if (fence.sign == open.sign && fence.length >= open.length && fence.info.empty()) {
            open = {};
            keep = false;
        }
        if (!keep)
            for (std::size_t i = begin; i < end; ++i)
                if (program[i] != '\r') program[i] = ' ';
    }
    return program;
}

}  // namespace

Span join(Span a, Span b) {
    if (!a.valid()) return b;
    if (!b.valid() || a.file != b.file) return a;
    return {a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

std::uint32_t display_width(std::string_view text) {
    std::uint32_t cells = 0;
    for (std::size_t i = 0; i < text.size();) {
        utf8proc_int32_t letter = 0;
        i += decode(text, i, letter);
        cells += cells_of(letter);
    }
    return cells;
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u; };
    const auto follows = [&](std::size_t at) { return (byte(at) & 0xc0) == 0x80; };
    for (std::size_t i = 0; i < text.size();) {
        if (std::uint64_t eight = 0; text.size() - i >= sizeof eight) {
            std::memcpy(&eight, text.data() + i, sizeof eight);
            if ((eight & 0x8080808080808080u) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        // Neither longer than it need be, nor half of a surrogate pair, nor beyond the last letter there is.
        const unsigned lead = byte(i), next = byte(i + 1);
        std::size_t size = 0;
        if (lead < 0x80) size = 1;
        else if (lead >= 0xc2 && lead <= 0xdf) size = 2;
        else if (lead >= 0xe0 && lead <= 0xef && (lead != 0xe0 || next >= 0xa0) && (lead != 0xed || next < 0xa0)) size = 3;
        else if (lead >= 0xf0 && lead <= 0xf4 && (lead != 0xf0 || next >= 0x90) && (lead != 0xf4 || next < 0x90)) size = 4;
        if (size == 0) return i;
        for (std::size_t k = 1; k < size; ++k)
            if (!follows(i + k)) return i;
        i += size;
    }
    return std::nullopt;
}

FileId SourceMap::add_file(File file) {
    files_.push_back(std::move(file));
    return {static_cast<std::uint32_t>(files_.size() - 1)};
}

FileId SourceMap::add(std::string path, std::string text) {
    File file;
    file.path = std::move(path);
    file.markdown = file.path.ends_with(".md");
    if (text.size() > max_file_bytes) {
        file.defect = Defect::too_large;
        text.clear();
    }
    if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
    file.text = std::move(text);
    file.lines = line_table(file.text);
    if (const auto at = find_invalid_utf8(file.text)) {
        file.defect = Defect::invalid_utf8;
        file.defect_at = static_cast<std::uint32_t>(*at);
    } else if (file.markdown) {
        file.program = blank_prose(file.text, file.lines);
    }
    return add_file(std::move(file));
}

std::optional<FileId> SourceMap::load(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(path.c_str(), "rb"), &std::fclose);
    if (!stream) return std::nullopt;
    std::string text;
    char buffer[1 << 16];
    // One byte more than allowed is enough to know that it is too large.
    while (text.size() <= max_file_bytes) {
        const std::size_t got = std::fread(buffer, 1, sizeof buffer, stream.get());
        if (got == 0) break;
        text.append(buffer, got);
    }
    if (std::ferror(stream.get())) return std::nullopt;
    return add(path, std::move(text));
}

const std::string& SourceMap::path(FileId id) const { return file(id).path; }
std::string_view SourceMap::text(FileId id) const { return file(id).text; }
std::string_view SourceMap::program(FileId id) const { return file(id).program.empty() ? file(id).text : file(id).program; }
bool SourceMap::markdown(FileId id) const { return file(id).markdown; }
Defect SourceMap::defect(FileId id) const { return file(id).defect; }
std::uint32_t SourceMap::defect_at(FileId id) const { return file(id).defect_at; }

std::uint32_t SourceMap::line_count(FileId id) const { return static_cast<std::uint32_t>(file(id).lines.size()); }

std::uint32_t SourceMap::line_begin(FileId id, std::uint32_t line) const {
    const auto& lines = file(id).lines;
    return line == 0 || line > lines.size() ? static_cast<std::uint32_t>(file(id).text.size()) : lines[line - 1];
}

std::string_view SourceMap::line(FileId id, std::uint32_t line) const {
    const auto& f = file(id);
    if (line == 0 || line > f.lines.size()) return {};
    const std::size_t begin = f.lines[line - 1];
    std::size_t end = line < f.lines.size() ? f.lines[line] - 1 : f.text.size();
    if (end > begin && f.text[end - 1] == '\r') --end;
    return std::string_view(f.text).substr(begin, end - begin);
}

std::string_view SourceMap::text(Span span) const {
    if (!span.valid()) return {};
    const std::string_view whole = file(span.file).text;
    const std::size_t begin = std::min<std::size_t>(span.begin, whole.size());
    return whole.substr(begin, std::min<std::size_t>(span.end, whole.size()) - begin);
}

Position SourceMap::position(FileId id, std::uint32_t byte) const {
    const auto& f = file(id);
    byte = std::min<std::uint32_t>(byte, static_cast<std::uint32_t>(f.text.size()));
    const auto next = std::upper_bound(f.lines.begin(), f.lines.end(), byte);
    Position position;
    position.line = static_cast<std::uint32_t>(next - f.lines.begin());
    std::size_t i = *(next - 1);
    while (i < byte) {
        utf8proc_int32_t letter = 0;
        i += decode(f.text, i, letter);
        ++position.column;
        position.cell += cells_of(letter);
    }
    return position;
}

}  // namespace tiao::source
