// Diagnostics are data: a code, a place, and arguments. The wording stands in messages.def and nowhere else.
#pragma once

#include "compiler/source/source.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tiao::diag {

enum class Severity : std::uint8_t { note, warning, error };

enum class Language : std::uint8_t { zh, en };

/// One value per row of messages.def, in the same order.
enum class Code : std::uint16_t {
#define TIAO_MESSAGE(code, severity, zh, en, hint_zh, hint_en) code,
#include "compiler/diag/messages.def"
#undef TIAO_MESSAGE
    count_  // not a message
};

/// One row of messages.def.
struct Message {
    std::string_view name;
    Severity severity;
    std::string_view zh, en;            // {0} {1} … stand for the arguments
    std::string_view hint_zh, hint_en;  // may be empty
};

const Message& message(Code code);

/// A second place that a diagnostic points at, with the message that says why (its arguments fill the same way).
struct Label {
    source::Span span;
    Code code;
    std::vector<std::string> args;
};

/// One thing to tell the user.
struct Diagnostic {
    Code code;
    source::Span span;  // invalid when it concerns no place
    std::vector<std::string> args;
    std::vector<Label> labels;
    /// Arguments of the hint; empty: the hint takes those of the diagnostic.
    std::vector<std::string> hint_args;
    bool hint = true;  // false: do not show the hint of the row
};

/// Collects diagnostics in the order in which they are found.
class Diagnostics {
public:
    /// Adds one and returns it for labels and hints; the reference holds until the next call.
    Diagnostic& add(Code code, source::Span span, std::vector<std::string> args = {});
    const std::vector<Diagnostic>& all() const { return items_; }
    bool has_errors() const { return errors_ != 0; }
    std::size_t error_count() const { return errors_; }
    std::size_t size() const { return items_.size(); }
    bool empty() const { return items_.empty(); }
    /// Moves everything of another collection to the end of this one.
    void append(Diagnostics&& other);
    /// Order by file, place, code and arguments, and drop what was said twice: the same output whichever pass spoke first.
    void sort();

private:
    std::vector<Diagnostic> items_;
    std::size_t errors_ = 0;
};

/// How to print.
struct RenderOptions {
    Language language = Language::zh;
    bool colour = false;
    std::size_t limit = 50;  // further diagnostics are only counted (text form)
};

/// True when the stream with this descriptor is a terminal that wants colour (honours NO_COLOR and TERM=dumb).
bool wants_colour(int descriptor);

/// An argument that is itself worded: the renderer picks the half of its language.
std::string both(std::string_view zh, std::string_view en);

/// The wording of one diagnostic, arguments filled in; and its hint, empty when there is none.
std::string wording(const Diagnostic& diagnostic, Language language);
std::string hint(const Diagnostic& diagnostic, Language language);

std::string render_text(const source::SourceMap& sources, const Diagnostics& diagnostics, const RenderOptions& options);
std::string render_json(const source::SourceMap& sources, const Diagnostics& diagnostics, const RenderOptions& options);
std::string render_sarif(const source::SourceMap& sources, const Diagnostics& diagnostics, const RenderOptions& options);

}  // namespace tiao::diag
