#include "compiler/diag/diag.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <tuple>
#include <unistd.h>

namespace tiao::diag {

namespace {

constexpr std::array messages{
#define TIAO_MESSAGE(code, severity, zh, en, hint_zh, hint_en) Message{#code, Severity::severity, zh, en, hint_zh, hint_en},
#include "compiler/diag/messages.def"
#undef TIAO_MESSAGE
};

// Between the two halves of a worded argument; never part of source text that reaches a message (control characters do not).
constexpr char half_mark = '\x1f';

std::string_view half(std::string_view argument, Language language) {
    const auto mark = argument.find(half_mark);
    if (mark == std::string_view::npos) return argument;
    return language == Language::zh ? argument.substr(0, mark) : argument.substr(mark + 1);
}

std::string fill(std::string_view pattern, const std::vector<std::string>& args, Language language) {
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool place = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}' && pattern[i + 1] >= '0' && pattern[i + 1] <= '9';
        if (!place) {
            out += pattern[i];
            continue;
        }
        const std::size_t n = static_cast<std::size_t>(pattern[i + 1] - '0');
        if (n < args.size()) out += half(args[n], language);
        i += 2;
    }
    return out;
}

auto order_key(const Diagnostic& d) { return std::tie(d.span.file.value, d.span.begin, d.span.end, d.code, d.args); }

}  // namespace

const Message& message(Code code) { return messages[static_cast<std::size_t>(code)]; }

std::string both(std::string_view zh, std::string_view en) {
    std::string out(zh);
    out += half_mark;
    out += en;
    return out;
}

Diagnostic& Diagnostics::add(Code code, source::Span span, std::vector<std::string> args) {
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.span = span;
    diagnostic.args = std::move(args);
    items_.push_back(std::move(diagnostic));
    if (message(code).severity == Severity::error) ++errors_;
    return items_.back();
}

void Diagnostics::append(Diagnostics&& other) {
    std::move(other.items_.begin(), other.items_.end(), std::back_inserter(items_));
    errors_ += other.errors_;
    other.items_.clear();
    other.errors_ = 0;
}

void Diagnostics::sort() {
    std::stable_sort(items_.begin(), items_.end(), [](const auto& a, const auto& b) { return order_key(a) < order_key(b); });
    const auto last = std::unique(items_.begin(), items_.end(), [](const auto& a, const auto& b) { return order_key(a) == order_key(b); });
    items_.erase(last, items_.end());
    errors_ = static_cast<std::size_t>(
        std::count_if(items_.begin(), items_.end(), [](const auto& d) { return message(d.code).severity == Severity::error; }));
}

bool wants_colour(int descriptor) {
    const char* no_colour = std::getenv("NO_COLOR");
    if (no_colour && *no_colour) return false;
    const char* term = std::getenv("TERM");
    if (!term || std::string_view(term) == "dumb") return false;
    return isatty(descriptor) == 1;
}

std::string wording(const Diagnostic& diagnostic, Language language) {
    const Message& row = message(diagnostic.code);
    return fill(language == Language::zh ? row.zh : row.en, diagnostic.args, language);
}

std::string hint(const Diagnostic& diagnostic, Language language) {
    if (!diagnostic.hint) return {};
    const Message& row = message(diagnostic.code);
    return fill(language == Language::zh ? row.hint_zh : row.hint_en, diagnostic.hint_args.empty() ? diagnostic.args : diagnostic.hint_args,
                language);
}

}  // namespace tiao::diag
