// The forms for programs: a JSON list of our own, and SARIF 2.1.0 for code review tools. Keys stand in a fixed order.
#include "compiler/diag/diag.hpp"

#include <nlohmann/json.hpp>
#include <set>

namespace tiao::diag {

namespace {

using Json = nlohmann::ordered_json;

std::string_view severity_name(Severity severity) {
    switch (severity) {
        case Severity::note: return "note";
        case Severity::warning: return "warning";
        case Severity::error: break;
    }
    return "error";
}

void put_place(Json& out, const source::SourceMap& sources, source::Span span) {
    if (!span.valid()) return;
    const auto from = sources.position(span.file, span.begin);
    const auto to = sources.position(span.file, span.end);
    out["file"] = sources.path(span.file);
    out["line"] = from.line;
    out["column"] = from.column;
    out["end_line"] = to.line;
    out["end_column"] = to.column;
    out["bytes"] = {span.begin, span.end};
}

std::string label_wording(const Label& label, Language language) {
    Diagnostic note;
    note.code = label.code;
    note.args = label.args;
    return wording(note, language);
}

Json sarif_location(const source::SourceMap& sources, source::Span span) {
    const auto from = sources.position(span.file, span.begin);
    const auto to = sources.position(span.file, span.end);
    Json region;
    region["startLine"] = from.line;
    region["startColumn"] = from.column;
    region["endLine"] = to.line;
    region["endColumn"] = to.column;
    region["byteOffset"] = span.begin;
    region["byteLength"] = span.end - span.begin;
    Json physical;
    physical["artifactLocation"]["uri"] = sources.path(span.file);
    physical["region"] = std::move(region);
    Json location;
    location["physicalLocation"] = std::move(physical);
    return location;
}

// Bytes that are not UTF-8 (a path may hold some) must not end the program.
std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

std::string render_json(const source::SourceMap& sources, const Diagnostics& diagnostics, const RenderOptions& options) {
    Json list = Json::array();
    for (const Diagnostic& d : diagnostics.all()) {
        const Message& row = message(d.code);
        Json item;
        item["code"] = row.name;
        item["severity"] = severity_name(row.severity);
        put_place(item, sources, d.span);
        item["message"] = wording(d, options.language);
        if (const std::string advice = hint(d, options.language); !advice.empty()) item["hint"] = advice;
        for (const Label& label : d.labels) {
            Json place;
            put_place(place, sources, label.span);
            place["message"] = label_wording(label, options.language);
            item["related"].push_back(std::move(place));
        }
        list.push_back(std::move(item));
    }
    return dump(list);
}

std::string render_sarif(const source::SourceMap& sources, const Diagnostics& diagnostics, const RenderOptions& options) {
    std::set<Code> used;
    for (const Diagnostic& d : diagnostics.all()) used.insert(d.code);
    Json rules = Json::array();
    for (const Code code : used) {
        const Message& row = message(code);
        Json rule;
        rule["id"] = row.name;
        rule["shortDescription"]["text"] = options.language == Language::zh ? row.zh : row.en;
        rules.push_back(std::move(rule));
    }
    Json results = Json::array();
    for (const Diagnostic& d : diagnostics.all()) {
        const Message& row = message(d.code);
        Json result;
        result["ruleId"] = row.name;
        result["level"] = severity_name(row.severity);
        std::string text = wording(d, options.language);
        if (const std::string advice = hint(d, options.language); !advice.empty()) text += "\n" + advice;
        result["message"]["text"] = text;
        if (d.span.valid()) result["locations"].push_back(sarif_location(sources, d.span));
        for (const Label& label : d.labels) {
            if (!label.span.valid()) continue;
            Json related = sarif_location(sources, label.span);
            related["message"]["text"] = label_wording(label, options.language);
            result["relatedLocations"].push_back(std::move(related));
        }
        results.push_back(std::move(result));
    }
    Json run;
    run["tool"]["driver"]["name"] = "tiao";
    run["tool"]["driver"]["rules"] = std::move(rules);
    run["columnKind"] = "unicodeCodePoints";
    run["results"] = std::move(results);
    Json log;
    log["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
    log["version"] = "2.1.0";
    log["runs"].push_back(std::move(run));
    return dump(log);
}

}  // namespace tiao::diag
