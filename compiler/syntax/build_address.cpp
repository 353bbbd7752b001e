// Legal addresses, from either order of writing to one: big to small.
#include "compiler/syntax/builder.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace tiao::syntax {

namespace {

constexpr std::pair<std::string_view, Level> chinese_levels[] = {
    {"章", Level::chapter}, {"节", Level::section}, {"部分", Level::part},  {"条", Level::article},   {"款", Level::paragraph},
    {"项", Level::item},    {"目", Level::subitem}, {"分项", Level::limb}, {"句", Level::sentence}, {"首段", Level::head},
    {"末段", Level::tail}};

/// Value of one Chinese numeral; 10 and 100 multiply.
int numeral(std::string_view letter) {
    static constexpr std::string_view digits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
    if (letter == "〇") return 0;
    if (letter == "百") return 100;
    for (int i = 0; i <= 10; ++i)
        if (digits[i] == letter) return i;
    return -1;
}

/// 六十二, 十, 一百零五, or digit by digit 一〇五; nothing when it is no number.
std::optional<std::uint32_t> chinese_number(std::string_view word) {
    if (word.size() > 3 * 7) return std::nullopt;
    std::uint32_t total = 0, digit = 0, last_unit = 1000;
    bool pending = false, units = false, zero = false;
    std::uint32_t positional = 0;
    for (std::size_t i = 0; i < word.size(); i += 3) {
        const int value = numeral(word.substr(i, 3));
        if (value < 0) return std::nullopt;
        if (value >= 10) {
            const auto unit = static_cast<std::uint32_t>(value);
            if (unit >= last_unit || (!pending && !(unit == 10 && (i == 0 || zero)))) return std::nullopt;
            total += (pending ? digit : 1) * unit;
            last_unit = unit;
            units = true;
            pending = zero = false;
        } else {
            if (pending && units) return std::nullopt;
            zero = value == 0;
            positional = positional * 10 + static_cast<std::uint32_t>(value);
            digit = static_cast<std::uint32_t>(value);
            pending = value != 0;
        }
    }
    return units ? total + (pending ? digit : 0) : positional;
}

bool is_digit(std::string_view s, std::size_t i) { return i < s.size() && s[i] >= '0' && s[i] <= '9'; }

}  // namespace

std::uint32_t Builder::segment_number(std::string_view digits, Span where) {
    std::uint32_t value = 0;
    if (is_digit(digits, 0)) {
        const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (end.ec != std::errc{}) value = 0;
    } else {
        value = chinese_number(digits).value_or(0);
    }
    if (value == 0) diagnostics_.add(diag::Code::invalid_address, where, {std::string(digits)});
    return value;
}

/// Reads a Chinese address token: 第n条, （n）, 第（n）款, n（ with n a part, 首段, 末段, digits for a subitem, (digits) for a limb.
void Builder::chinese_segments(const antlr4::Token* t, std::vector<Segment>& out) {
    const Span whole = span(t);
    const std::string_view word = text(whole);
    std::size_t at = 0;
    const auto take = [&](std::string_view part) {
        if (!word.substr(at).starts_with(part)) return false;
        at += part.size();
        return true;
    };
    const auto take_open = [&] { return take("(") || take("（"); };
    const auto take_close = [&] { return take(")") || take("）"); };
    const auto take_number = [&] {
        const std::size_t begin = at;
        if (is_digit(word, at)) {
            while (is_digit(word, at)) ++at;
        } else {
            while (at + 3 <= word.size() && numeral(word.substr(at, 3)) >= 0) at += 3;
        }
        return word.substr(begin, at - begin);
    };
    while (at < word.size()) {
        const std::size_t begin = at;
        const auto put = [&](Level level, std::string_view digits) {
            const Span where{whole.file, whole.begin + static_cast<std::uint32_t>(begin), whole.begin + static_cast<std::uint32_t>(at)};
            const bool numbered = level != Level::head && level != Level::tail;
            out.push_back({level, numbered ? segment_number(digits, where) : 0, where});
        };
        if (take("首段")) {
            put(Level::head, {});
        } else if (take("末段")) {
            put(Level::tail, {});
        } else if (take("第")) {
            if (take_open()) {
                const std::string_view digits = take_number();
                take_close();
                if (!take("款")) take("项");
                put(Level::item, digits);
            } else {
                const std::string_view digits = take_number();
                Level level = Level::item;
                for (const auto& [spelled, value] : chinese_levels)
                    if (take(spelled)) {
                        level = value;
                        break;
                    }
                put(level, digits);
            }
        } else if (take_open()) {
            const bool arabic = is_digit(word, at);
            const std::string_view digits = take_number();
            take_close();
            put(arabic ? Level::limb : Level::item, digits);
        } else {
            const bool arabic = is_digit(word, at);
            const std::string_view digits = take_number();
            if (digits.empty()) break;  // the lexer lets nothing else through
            put(arabic ? Level::subitem : Level::part, digits);
        }
    }
}

void Builder::one_segment(P::SegmentContext* c, std::vector<Segment>& out) {
    if (c->HEAD()) out.push_back({Level::head, 0, span(c)});
    else if (c->TAIL()) out.push_back({Level::tail, 0, span(c)});
    else if (c->level()) {
        // Level tokens stand in the order of the enumeration.
        const std::size_t type = c->level()->getStart()->getType();
        static constexpr std::pair<std::size_t, Level> levels[] = {
            {P::CHAPTER, Level::chapter}, {P::SECTION, Level::section}, {P::PART, Level::part},
            {P::ARTICLE, Level::article}, {P::PARAGRAPH, Level::paragraph}, {P::ITEM, Level::item},
            {P::SUBITEM, Level::subitem}, {P::LIMB, Level::limb},       {P::SENTENCE, Level::sentence}};
        Level level = Level::item;
        for (const auto& [token, value] : levels)
            if (token == type) level = value;
        auto* digits = c->INT() ? c->INT() : c->CNNUM();
        out.push_back({level, segment_number(text(span(digits)), span(c)), span(c)});
    } else {
        chinese_segments((c->SEG() ? c->SEG() : c->ITEM_MARK())->getSymbol(), out);
    }
}

Address Builder::address(P::AddressContext* c) {
    Address out;
    out.span = span(c);
    if (c->ADDR()) chinese_segments(c->ADDR()->getSymbol(), out.segments);
    // `item 4 of article 62`: small to big in the text.
    const auto steps = c->segment();
    for (std::size_t i = steps.size(); i-- > 0;) one_segment(steps[i], out.segments);
    out.agreement = path(c->path());
    // A sentence may have limbs of its own, as well as a limb sentences.
    for (std::size_t i = 1; i < out.segments.size(); ++i)
        if (out.segments[i].level < out.segments[i - 1].level && out.segments[i].level != Level::limb && out.segments[i - 1].level != Level::head && out.segments[i - 1].level != Level::tail) {
            diagnostics_.add(diag::Code::invalid_address, out.span, {std::string(text(out.span))});
            break;
        }
    return out;
}

AddressRange Builder::single(P::AddressContext* c) { return {address(c), std::nullopt, span(c)}; }

AddressRange Builder::address_range(P::AddressRangeContext* c) {
    AddressRange out;
    out.span = span(c);
    out.lo = address(c->address(0));
    if (c->address().size() > 1) out.hi = address(c->address(1));
    return out;
}

AddressList Builder::addresses(P::AddressesContext* c) {
    AddressList out;
    if (!c) return out;
    for (auto* range : c->addressRange()) out.push_back(address_range(range));
    return out;
}

}  // namespace tiao::syntax
