// Long files are read in pieces by several threads: what comes out depends on neither, and is what the careful reader says.
#include "fixture.hpp"
#include "runtime/facts/byte_masks.hpp"
#include "runtime/facts/csv_index.hpp"

#include <random>

namespace tiao::facts {
namespace {

using Strings = std::vector<std::string>;

// One written cell: as CSV has it, and as JSON has it.
struct Written { std::string csv, json; };

class PieceFacts : public Facts {
 protected:
  std::string quoted(const std::string& text) const {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"') out += '"';
      out += c;
    }
    return out + "\"";
  }
  std::string json_text(const std::string& text) const {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      if (c == '\n') out += "\\n";
      else out += c;
    }
    return out + "\"";
  }
  unsigned any(unsigned n) { return static_cast<unsigned>(random() % n); }
  std::string word(unsigned most) { return "w" + std::to_string(any(most)); }

  // A cell of the column, one time in six none.
  Written cell_of(ColumnId column) {
    const auto both = [](const std::string& text) { return Written{text, "\"" + text + "\""}; };
    if (any(6) == 0) return {};
    if (any(20) == 0) return {"null", "null"};
    const auto day = [&] { return "20" + std::to_string(10 + any(20)) + "-0" + std::to_string(1 + any(9)) + "-1" + std::to_string(any(10)); };
    const auto text = [&] {
      const char* odd[] = {"", "null", "a,b", "say \"so\"", "two\nlines", "a..b", "市内", "后 \\ 前"};
      const std::string t = any(4) == 0 ? odd[any(8)] : word(5000);
      const bool plain = t.find_first_of(",\"\n") == t.npos && !t.empty() && t != "null";
      return Written{plain && any(3) != 0 ? t : quoted(t), json_text(t)};
    };
    switch (column) {
      case i::proven:
      case i::severe:
      case i::flag: return any(2) == 0 ? Written{any(2) == 0 ? "true" : "是", "true"} : Written{any(2) == 0 ? "false" : "否", "false"};
      case i::points:
        if (any(8) == 0) return {"3..5", R"({"in":[3,5]})"};
        if (any(8) == 0) return {"..5", R"({"in":[null,5]})"};
        return both(std::to_string(any(13)));
      case i::amount: return both((any(5) == 0 ? "-" : "") + std::to_string(any(1000000)) + (any(2) == 0 ? "" : "." + std::to_string(any(100))));
      case i::decided_on: return both(any(10) == 0 ? "2025-03" : any(10) == 0 ? "never" : any(10) == 0 ? "1850-02-28" : day());
      case i::term: return both(std::to_string(any(20)) + "个月");
      case i::wait: return both("P" + std::to_string(any(90)) + "D");
      case i::due: return both(std::to_string(any(30)));
      case i::note: return text();
      case i::rate: return both(std::to_string(any(100)) + (any(2) == 0 ? ".5" : "") + (any(2) == 0 ? "%" : ""));
      default: return both(any(2) == 0 ? "mid" : "高");
    }
  }

  // Incidents of practitioners, the same in three forms. Returns the lines of the CSV at which rows begin.
  void write_all(unsigned rows) {
    std::string facilities = "code\n", practitioners = "no,facility\n", facility_json, practitioner_json;
    for (unsigned k = 0; k < 200; ++k) {
      facilities += "F" + std::to_string(k) + "\n";
      facility_json += std::string(k == 0 ? "" : ",") + R"({"code":"F)" + std::to_string(k) + "\"}";
    }
    for (unsigned k = 0; k < 4000; ++k) {
      const std::string no = "P" + std::to_string(k * 7919 % 4000), of = "F" + std::to_string(k % 200);
      practitioners += no + "," + of + "\n";
      practitioner_json += std::string(k == 0 ? "" : ",") + R"({"no":")" + no + R"(","facility":")" + of + "\"}";
    }
    const ColumnId columns[] = {i::proven, i::severe, i::flag, i::points, i::amount, i::decided_on, i::term, i::wait, i::due, i::note, i::rate, i::level};
    csv = "key,practitioner,site,elsewhere_only";
    for (const ColumnId c : columns) csv += "," + schema.entities[incident].columns[c].id;
    csv += "\n";
    std::uint64_t line = 2;
    for (unsigned row = 0; row < rows; ++row) {
      while (any(50) == 0) csv += any(2) == 0 ? "\n" : "\r\n", ++line;
      lines.push_back(line);
      const std::string key = "I" + std::to_string(row), of = "P" + std::to_string(any(4000)), site = "F" + std::to_string(any(200));
      csv += key + "," + of + "," + site + "," + (any(3) == 0 ? "x" : "");
      ndjson += R"({"key":")" + key + R"(","practitioner":")" + of + R"(","site":")" + site + "\"";
      for (const ColumnId c : columns) {
        const Written w = cell_of(c);
        csv += "," + w.csv;
        line += static_cast<std::uint64_t>(std::count(w.csv.begin(), w.csv.end(), '\n'));
        if (!w.json.empty()) ndjson += ",\"" + schema.entities[incident].columns[c].id + "\":" + w.json;
      }
      csv += any(2) == 0 ? "\n" : "\r\n";
      ++line;
      ndjson += "}\n";
    }
    if (any(2) == 0) csv.erase(csv.find_last_not_of("\r\n") + 1);
    write("csv/facility.csv", facilities), write("csv/practitioner.csv", practitioners), write("csv/incident.csv", csv);
    write("nd/facility.csv", facilities), write("nd/practitioner.csv", practitioners), write("nd/incident.ndjson", ndjson);
    std::string all = ndjson;
    all.pop_back();
    for (char& c : all)
      if (c == '\n') c = ',';
    write("all.json", "{\"facility\":[" + facility_json + "],\"practitioner\":[" + practitioner_json + "],\"incident\":[" + all + "]}");
  }

  std::mt19937 random{5};
  std::string csv, ndjson;
  std::vector<std::uint64_t> lines;
};

TEST_F(PieceFacts, AreThoseOfOneThreadAndOfEveryFormat) {
  write_all(30'000);   // several megabytes
  ASSERT_TRUE(load_path(dir / "all.json")) << errors.listed[0].en;
  const std::string whole = shown(false);
  for (const char* form : {"csv", "nd"}) {
    std::string first;
    Strings texts;
    for (const unsigned threads : {1u, 2u, 3u, 8u}) {
      options.threads = threads;
      ASSERT_TRUE(load_path(dir / form)) << errors.listed[0].file << errors.listed[0].line << errors.listed[0].en;
      EXPECT_EQ(base.tables[incident].rows, 30'000u);
      if (form == std::string("csv")) {
        EXPECT_GT(base.skipped_fields, 5'000u);
      }
      const std::string now = shown(true);
      Strings texts_now;
      for (std::size_t id = 0; id < base.strings.size(); ++id) texts_now.emplace_back(base.strings.at(static_cast<std::int64_t>(id)));
      if (first.empty()) {
        first = now, texts = texts_now;
        EXPECT_EQ(shown(false), whole) << form;
      } else {
        EXPECT_EQ(now, first) << threads;
        EXPECT_EQ(texts_now, texts) << threads;
      }
    }
  }
  for (std::uint32_t row = 0; row < 30'000; ++row) {
    const std::string key = base.key(incident, row);
    EXPECT_EQ(base.tables[incident].source_line[row], std::stoul(key.substr(1)) + 1);
  }
  ASSERT_TRUE(load_path(dir / "csv"));
  for (std::uint32_t row = 0; row < 30'000; ++row) ASSERT_EQ(base.tables[incident].source_line[row], lines[std::stoul(base.key(incident, row).substr(1))]);
}

TEST_F(PieceFacts, WrongOnesAreReportedAlikeByAnyNumberOfThreads) {
  write_all(8'000);
  const std::string good_csv = csv, good_ndjson = ndjson;
  const auto spoil = [&](std::string& text, const std::string& before, const std::string& with) {
    const auto at = text.find(before);
    ASSERT_NE(at, text.npos) << before;
    text.replace(at, before.size(), with);
  };
  const auto told = [&](const char* form) {
    std::vector<Strings> all;
    for (const unsigned threads : {1u, 2u, 5u}) {
      options.threads = threads;
      EXPECT_FALSE(load_path(dir / form));
      all.push_back(complaints());
      all.back().push_back(std::to_string(errors.count));
      EXPECT_EQ(all.back(), all.front()) << threads;
    }
    return all.front();
  };
  const std::string deep = "\nI7000,", other = "\nI5000,";
  const auto line = [&](unsigned row) { return std::to_string(lines[row]); };
  spoil(csv, deep, deep + "nobody,F1" + std::string(13, ',') + "\nI99999,");
  spoil(csv, other, "\n" + std::string("I1,"));
  write("csv/incident.csv", csv);
  const Strings both = told("csv");
  EXPECT_EQ(both[0].substr(0, 18), "dangling_reference");
  EXPECT_EQ(both[1], "duplicate_key " + line(5000) + " incident[5000].key");
  const std::pair<std::string, std::string> wrongs[] = {
      {"I7000,nobody", "dangling_reference " + line(7000) + " incident[7000].practitioner"},
      {"I7000,\"P1\"x", "bad_csv " + line(7000) + " incident[7000]"},
      {"I7000,P1,F1,,,,,,,,,,,,,,,,\nI9", "wrong_field_count " + line(7000) + " incident[7000]"},
      {"I7000,P\xff", "invalid_utf8 " + line(7000) + " incident[7000]"},
      {"I70\"00,P1", "bad_csv " + line(7000) + " incident[7000]"},
  };
  for (const auto& [with, expected] : wrongs) {
    csv = good_csv;
    const auto at = csv.find(deep);
    const auto end = csv.find(',', at + deep.size());
    csv.replace(at + 1, end - at - 1, with);
    write("csv/incident.csv", csv);
    const Strings alone = told("csv");
    EXPECT_EQ(alone[0].substr(0, expected.size()), expected);
    // A wrong cell at the start leaves everything to the careful reader.
    spoil(csv, "\nI0,", "\nI0,\"P1\"x" + std::string(14, ',') + "\nI00,");
    write("csv/incident.csv", csv);
    EXPECT_EQ(told("csv")[0], "bad_csv " + line(0) + " incident[0]");
  }
  ndjson = good_ndjson;
  spoil(ndjson, "{\"key\":\"I7500\"", "{\"key\":7500");
  spoil(ndjson, "{\"key\":\"I7501\"", "{\"key\":\"I7501\",\"point\":3");
  spoil(ndjson, "{\"key\":\"I7502\"", "\"key\":\"I7502\"");
  write("nd/incident.ndjson", ndjson);
  EXPECT_EQ(told("nd"), (Strings{"wrong_type 7501 incident[7500].key", "unknown_column 7502 incident[7501].point ?points", "wrong_type 7503 incident[7502]", "3"}));
}

// A row in error at the start makes the careful reader read all; otherwise pieces are read as long as they are right.
TEST_F(PieceFacts, PiecesTakeWhatTheCarefulReaderTakes) {
  const std::string_view letters = ",,,\"\"\"\n\n\r F12";
  unsigned taken = 0;
  for (unsigned round = 0; round < 1'000; ++round) {
    std::string text;
    for (unsigned n = any(14); n > 0; --n) text += letters[any(static_cast<unsigned>(letters.size()))];
    const char* header = any(2) == 0 ? "area\n" : "area,code\n";
    options.threads = 1 + any(2);
    const bool good = load_text(header + std::string(any(3), '\n') + text, "facility.csv");
    const Strings alone = complaints();
    const bool careful = load_text(header + std::string("x,x,x\n") + text, "facility.csv");
    EXPECT_FALSE(careful);
    // Keys are looked at whatever was wrong, so that only what the reading itself says is compared.
    const auto of_reading = [](const Strings& all) {
      return std::count_if(all.begin(), all.end(), [](const std::string& s) { return s.starts_with("bad_csv") || s.starts_with("wrong_field_count"); });
    };
    ASSERT_EQ(of_reading(complaints()), of_reading(alone) + 1) << text;
    taken += good;
  }
  EXPECT_GT(taken, 30u);
}

TEST(ByteMasks, AreTheSameHoweverTheyAreMade) {
  MaskBytes ways[3];
  const std::size_t n = ways_to_mask(ways);
  ASSERT_GE(n, 1u);
  std::mt19937 random(3);
  std::string text;
  for (unsigned k = 0; k < 64 * 50; ++k) text += random() % 2 == 0 ? static_cast<char>(random()) : ",\"\n\r"[random() % 4];
  std::vector<ByteMasks> first(50), other(50);
  ways[0](text.data(), 50, first.data());
  for (std::size_t b = 0; b < 50; ++b)
    for (unsigned bit = 0; bit < 64; ++bit) {
      const char c = text[b * 64 + bit];
      EXPECT_EQ(first[b].quotes >> bit & 1, c == '"');
      EXPECT_EQ(first[b].commas >> bit & 1, c == ',');
      EXPECT_EQ(first[b].breaks >> bit & 1, c == '\n');
      EXPECT_EQ(first[b].returns >> bit & 1, c == '\r');
    }
  for (std::size_t w = 1; w < n; ++w) {
    ways[w](text.data(), 50, other.data());
    for (std::size_t b = 0; b < 50; ++b)
      EXPECT_TRUE(first[b].quotes == other[b].quotes && first[b].commas == other[b].commas && first[b].breaks == other[b].breaks && first[b].returns == other[b].returns) << w;
  }
}

TEST(CsvIndex, FindsFieldsAcrossBlocks) {
  std::string text;
  std::vector<std::uint32_t> expected{0xffffffffu};
  for (unsigned k = 0; k < 500; ++k) {
    text += "\"" + std::string(k % 67, 'x') + ",\n\"";
    expected.push_back(static_cast<std::uint32_t>(text.size()));
    text += k % 3 == 0 ? '\n' : ',';
  }
  text += '\n';
  expected.push_back(static_cast<std::uint32_t>(text.size() - 1));
  CsvIndex index;
  const std::string padded = text + std::string(64, '"');
  ASSERT_TRUE(index_csv(padded.data(), text.size(), index));
  EXPECT_EQ(index.ends, expected);
  EXPECT_EQ(index.records, 168u);
  EXPECT_EQ(index.line_breaks, 668u);
  for (const char* wrong : {"a\"b\"\n", "\"a\"b\n", "\"a\n", "\"a\"\"\n", "\"a\"\rb\n", "a,\"b\" \n"}) {
    std::string bad = wrong;
    const std::size_t size = bad.size();
    bad += std::string(64, '\0');
    EXPECT_FALSE(index_csv(bad.data(), size, index)) << wrong;
  }
}

}  // namespace
}  // namespace tiao::facts
