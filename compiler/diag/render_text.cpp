// The form for people: place, code, wording, the line as written with a mark under it, and a hint.
#include "compiler/diag/diag.hpp"

#include <algorithm>

namespace tiao::diag {

namespace {

// A longer line is shown in part, around its mark.
constexpr std::uint32_t max_line_cells = 160;

struct Colours {
    std::string_view error, warning, note, dim, bold, reset;
};

Colours colours(bool on) {
    if (!on) return {};
    return {"\x1b[31m", "\x1b[33m", "\x1b[36m", "\x1b[2m", "\x1b[1m", "\x1b[0m"};
}

std::string_view severity_word(Severity severity, Language language) {
    const bool zh = language == Language::zh;
    switch (severity) {
        case Severity::note: return zh ? "说明" : "note";
        case Severity::warning: return zh ? "警告" : "warning";
        case Severity::error: break;
    }
    return zh ? "错误" : "error";
}

/// Bytes of the character that begins here.
std::size_t letter_size(std::string_view text, std::size_t at) {
    std::size_t n = 1;
    while (at + n < text.size() && (static_cast<unsigned char>(text[at + n]) & 0xc0) == 0x80) ++n;
    return n;
}

/// Source as it may be shown: no control characters, which could drive the terminal, tabs as blanks, bad bytes as one sign.
std::string shown(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t n = letter_size(text, i);
        const auto first = static_cast<unsigned char>(text[i]);
        if (first >= 0x80 && source::find_invalid_utf8(text.substr(i, n))) out += "\uFFFD";
        else if (first == '\t') out += ' ';
        else if (first >= 0x20 && first != 0x7f && !(first == 0xc2 && n == 2 && static_cast<unsigned char>(text[i + 1]) < 0xa0)) out += text.substr(i, n);
        i += n;
    }
    return out;
}

struct Excerpt {
    std::string line;
    std::uint32_t indent = 0;
    std::uint32_t width = 1;
};

Excerpt excerpt_of(const source::SourceMap& sources, source::Span span, const source::Position& at) {
    const std::string_view line = sources.line(span.file, at.line);
    const std::size_t line_begin = sources.line_begin(span.file, at.line);
    const std::size_t begin = std::min<std::size_t>(span.begin - line_begin, line.size());
    const std::size_t end = std::clamp<std::size_t>(span.end - line_begin, begin, line.size());

    std::size_t from = 0;
    if (source::display_width(line.substr(0, std::min<std::size_t>(begin, 4 * max_line_cells))) > max_line_cells / 2 || begin > 4 * max_line_cells) {
        // Keep about a third of the line before the mark.
        from = begin > max_line_cells / 3 ? begin - max_line_cells / 3 : 0;
        while (from > 0 && (static_cast<unsigned char>(line[from]) & 0xc0) == 0x80) --from;
        if (source::display_width(line.substr(0, std::min<std::size_t>(line.size(), 4 * max_line_cells))) <= max_line_cells && line.size() <= 4 * max_line_cells) from = 0;
    }
    std::size_t to = from;
    std::uint32_t cells = 0;
    while (to < line.size() && cells < max_line_cells) {
        const std::size_t n = letter_size(line, to);
        cells += source::display_width(line.substr(to, n));
        to += n;
    }
    Excerpt excerpt;
    const std::string before = shown(line.substr(from, begin - from));
    excerpt.line = (from > 0 ? "…" : "") + shown(line.substr(from, to - from)) + (to < line.size() ? "…" : "");
    excerpt.indent = source::display_width(before) + (from > 0 ? 1 : 0);
    excerpt.width = std::max(1u, source::display_width(shown(line.substr(begin, std::min(end, std::max(to, begin)) - begin))));
    return excerpt;
}

void put_place(std::string& out, const source::SourceMap& sources, source::Span span, const Colours& c, std::string_view mark_colour) {
    const source::Position at = sources.position(span.file, span.begin);
    const std::string number = std::to_string(at.line);
    const Excerpt excerpt = excerpt_of(sources, span, at);
    const std::string gutter(number.size() + 1, ' ');
    out.append(" ").append(c.dim).append(number).append(" |").append(c.reset).append(" ").append(excerpt.line).append("\n");
    out.append(gutter).append(c.dim).append(" |").append(c.reset).append(" ").append(excerpt.indent, ' ');
    out.append(mark_colour).append(excerpt.width, '^').append(c.reset).append("\n");
}

std::string place_of(const source::SourceMap& sources, source::Span span) {
    const source::Position at = sources.position(span.file, span.begin);
    return sources.path(span.file) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": ";
}

void put(std::string& out, const source::SourceMap& sources, const Diagnostic& d, const RenderOptions& options, const Colours& c) {
    const bool zh = options.language == Language::zh;
    const Message& row = message(d.code);
    const std::string_view colour = row.severity == Severity::error ? c.error : row.severity == Severity::warning ? c.warning : c.note;
    if (d.span.valid()) out.append(c.bold).append(place_of(sources, d.span)).append(c.reset);
    out.append(colour).append(severity_word(row.severity, options.language)).append("[").append(row.name).append("]").append(c.reset);
    out.append(zh ? "：" : ": ").append(shown(wording(d, options.language))).append("\n");
    if (d.span.valid()) put_place(out, sources, d.span, c, colour);
    for (const Label& label : d.labels) {
        Diagnostic note;
        note.code = label.code;
        note.args = label.args;
        out.append("  ");
        if (label.span.valid()) out.append(place_of(sources, label.span));
        out.append(c.note).append(severity_word(Severity::note, options.language)).append(c.reset);
        out.append(zh ? "：" : ": ").append(shown(wording(note, options.language))).append("\n");
        if (label.span.valid()) put_place(out, sources, label.span, c, c.note);
    }
    const std::string advice = hint(d, options.language);
    if (!advice.empty()) out.append("  ").append(c.note).append(zh ? "提示" : "hint").append(c.reset).append(zh ? "：" : ": ").append(shown(advice)).append("\n");
}

}  // namespace

std::string render_text(const source::SourceMap& sources, const Diagnostics& diagnostics, const RenderOptions& options) {
    const Colours c = colours(options.colour);
    std::string out;
    const std::size_t shown_count = std::min(options.limit, diagnostics.size());
    for (std::size_t i = 0; i < shown_count; ++i) put(out, sources, diagnostics.all()[i], options, c);
    if (const std::size_t rest = diagnostics.size() - shown_count; rest > 0)
        out.append(options.language == Language::zh ? "另有 " + std::to_string(rest) + " 条未显示\n" : std::to_string(rest) + " more not shown\n");
    return out;
}

}  // namespace tiao::diag
