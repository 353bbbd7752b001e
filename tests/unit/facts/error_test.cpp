// What is wrong is found, placed and counted; tests/golden/facts shows the wording.
#include "fixture.hpp"

#include <random>
#include <set>

namespace tiao::facts {
namespace {

namespace fs = std::filesystem;
using Errors = Facts;
using Strings = std::vector<std::string>;

std::string one_line(const LoadError& e) {
  return e.code + " | " + e.file + ":" + std::to_string(e.line) + " | " + e.path + " | " + e.zh + " | " + e.en + (e.hint.empty() ? "" : " | " + e.hint);
}

// tests/golden/facts: CASE.json|ndjson|csv or a directory CASE, beside it CASE.expected with one message a line. Files of one
// table are named CASE.ENTITY.EXTENSION and are read under the name of the entity.
TEST_F(Errors, Golden) {
  const fs::path golden = fs::path(TIAO_SOURCE_DIR) / "tests/golden/facts";
  std::set<std::string> seen;
  for (const auto& entry : fs::directory_iterator(golden)) {
    const fs::path path = entry.path();
    if (path.extension() == ".expected") continue;
    fs::path input = dir / path.filename();
    if (entry.is_directory()) {
      fs::copy(path, input, fs::copy_options::recursive);
    } else {
      const std::string name = path.filename().string();
      const auto dots = std::count(name.begin(), name.end(), '.');
      if (dots == 2) input = dir / name.substr(name.find('.') + 1);
      fs::copy_file(path, input, fs::copy_options::overwrite_existing);
    }
    EXPECT_FALSE(load_path(input)) << path;
    std::string found;
    for (const LoadError& e : errors.listed) {
      LoadError shown = e;
      if (const auto at = shown.file.find(dir.string()); at == 0) shown.file = shown.file.substr(dir.string().size() + 1);
      for (std::string* text : {&shown.zh, &shown.en})
        for (auto at = text->find(dir.string()); at != std::string::npos; at = text->find(dir.string())) text->erase(at, dir.string().size() + 1);
      found += one_line(shown) + "\n";
      seen.insert(e.code);
    }
    EXPECT_FALSE(found.empty()) << path;
    const fs::path expected = golden / (path.stem().string() + ".expected");
    if (std::getenv("TIAO_UPDATE_GOLDEN") != nullptr) std::ofstream(expected) << found;
    std::ifstream in(expected);
    EXPECT_EQ(found, std::string(std::istreambuf_iterator<char>(in), {})) << path;
    if (!entry.is_directory()) fs::remove(input);
  }
  // These depend on the machine or on limits, and are tested below.
  for (const char* code : {"unreadable_file", "empty_directory", "file_too_large", "line_too_long",
                           "packed_not", "packed_version", "packed_byte_order", "packed_damaged", "packed_otherwise"}) seen.insert(code);
  for (const ErrorCode code : all_error_codes()) EXPECT_TRUE(seen.contains(std::string(code_name(code)))) << "no golden test of " << code_name(code);
}

TEST_F(Errors, PlacesAreExact) {
  EXPECT_FALSE(load_text("{\n\"facility\": [\n  {\"code\": \"F1\"},\n  {\"code\": \"F2\",\n   \"grade\": \"lov\"}\n ],\n \"practitioner\": [\n  {\"no\":\"P1\",\"facility\":\"F3\"}]\n}"));
  EXPECT_EQ(complaints(), (Strings{"bad_enum_value 4 facility[1].grade ?low", "dangling_reference 8 practitioner[0].facility ?F1"}));
  EXPECT_FALSE(load_text("{\"code\":\"F1\"}\n\n{\"code\":\"F1\"}\n{\"code\":7}\n", "facility.ndjson"));
  EXPECT_EQ(complaints(), (Strings{"wrong_type 4 facility[2].code", "duplicate_key 3 facility[1].code"}));
  EXPECT_FALSE(load_text("code,area,opened\n\"F\n1\",a,2025-01-01\nF2,a,2025-02-30\n", "facility.csv"));
  EXPECT_EQ(complaints(), (Strings{"bad_date 4 facility[1].opened"}));
}

TEST_F(Errors, CellsAreRefusedOneByOne) {
  const std::pair<const char*, const char*> rows[] = {
      {R"("points":13)", "out_of_declared_range"},
      {R"("points":{"in":[3,13]})", "out_of_declared_range"},
      {R"("points":3.5)", "too_precise"},
      {R"("points":1e1)", "bad_number"},
      {R"("points":"1e1")", "bad_number"},
      {R"("points":"six")", "bad_number"},
      {R"("points":true)", "wrong_type"},
      {R"("points":[3])", "wrong_type"},
      {R"("points":{"in":[3]})", "bad_range"},
      {R"("points":{"in":[5,3]})", "bad_range"},
      {R"("points":{"in":3})", "bad_range"},
      {R"("points":{"in":[[3],4]})", "bad_range"},
      {R"("points":{})", "wrong_type"},
      {R"("points":{"at":3})", "unknown_field"},
      {R"("points":{"value":3})", "unknown_field"},
      {R"("points":{"in":[3,4],"by":"agency"})", "unknown_field"},
      {R"("points":{"in":[3,4],"in":[3,4]})", "duplicate_field"},
      {R"("points":3,"points":3)", "duplicate_field"},
      {R"("points":null,"记分":3)", "duplicate_field"},
      {R"("amount":99999999999999999999)", "number_too_large"},
      {R"("amount":92233720368547758.08)", "number_too_large"},
      {R"("amount":"1,000.00")", "bad_number"},
      {R"("amount":0.001)", "too_precise"},
      {R"("decided_on":"2025-02-30")", "bad_date"},
      {R"("decided_on":20250201)", "wrong_type"},
      {R"("decided_on":"Never")", "bad_date"},
      {R"("term":"3")", "bad_duration"},
      {R"("term":3)", "wrong_type"},
      {R"("term":"P30D")", "wrong_duration"},
      {R"("wait":"P1M")", "wrong_duration"},
      {R"("wait":"P9999999999D")", "number_too_large"},
      {R"("note":5)", "wrong_type"},
      {R"("note":{"in":["a","b"]})", "wrong_type"},
      {R"("flag":"true")", "wrong_type"},
      {R"("flag":1)", "wrong_type"},
      {R"("flag":{"in":[true,false]})", "wrong_type"},
      {R"("level":"middle")", "bad_enum_value"},
      {R"("level":{"in":[]})", "bad_range"},
      {R"("level":{"in":["low",null]})", "wrong_type"},
      {R"("site":"F9")", "dangling_reference"},
      {R"("site":7)", "wrong_type"},
      {R"("score":7)", "computed_column"},
      {R"("suspected:proven":true)", "computed_column"},
      {R"("pionts":7)", "unknown_column"},
      {R"("severe":{"value":true,"by":"agent"})", "unknown_actor"},
      {R"("severe":{"value":true,"by":"bureau"})", "wrong_decider"},
      {R"("severe":{"value":true,"on":"yesterday"})", "bad_date"},
      {R"("severe":{"value":true,"by":7})", "wrong_type"},
      {R"("severe":{"value":true,"who":"agency"})", "unknown_field"},
      {R"("severe":{"by":"agency"})", "wrong_type"},
      {R"("proven":{"value":true})", "unknown_field"},
      {R"("key":5)", "wrong_type"},
      {R"("points":tru)", "bad_json"},
      {R"("points":nul)", "bad_json"},
      {R"("points":03)", "bad_json"},
      {R"("points":3.)", "bad_json"},
      {R"("points":-)", "bad_json"},
      {R"("points":3 4)", "bad_json"},
      {R"("note":"\x")", "bad_json"},
      {R"("note":"\ud800")", "bad_json"},
      {R"("note":)", "bad_json"},
  };
  for (const auto& [fields, code] : rows) {
    EXPECT_FALSE(one(fields)) << fields;
    ASSERT_EQ(errors.count, 1u) << fields << " " << (errors.listed.size() > 1 ? errors.listed[1].en : "");
    EXPECT_EQ(errors.listed[0].code, code) << fields << " " << errors.listed[0].en;
  }
}

TEST_F(Errors, RowsAndKeys) {
  EXPECT_FALSE(load_text(R"({"facility":[{"code":""},{"area":"x"},{"code":null},7,"F1",{"code":"F1"}]})"));
  EXPECT_EQ(complaints(), (Strings{"wrong_type 1 facility[3]", "wrong_type 1 facility[4]", "missing_key 1 facility[0]", "missing_key 1 facility[1]", "missing_key 1 facility[2]"}));
  EXPECT_FALSE(load_text(R"({"facility":[{"code":"F1"}],"practitioner":[{"no":"P1"},{"no":"P2","facility":null},{"no":"P3","facility":"F1"}]})"));
  EXPECT_EQ(complaints(), (Strings{"missing_parent 1 practitioner[0]", "missing_parent 1 practitioner[1]"}));
}

TEST_F(Errors, WhatFollowsFromABadRowIsNotReportedAgain) {
  EXPECT_FALSE(load_text(R"({"facility":[{"code":7}],"practitioner":[{"no":"P1","facility":"F1"}]})"));
  EXPECT_EQ(complaints(), (Strings{"wrong_type 1 facility[0].code"}));
  write("d/facility.ndjson", "{\"code\":\"F1\"\n{\"code\":\"F2\"}\n");
  write("d/practitioner.ndjson", "{\"no\":\"P1\",\"facility\":\"F1\"}\n{\"no\":\"P2\",\"facility\":5}\n");
  EXPECT_FALSE(load_path(dir / "d"));
  EXPECT_EQ(complaints(), (Strings{"truncated_json 1 facility[0]", "wrong_type 2 practitioner[1].facility"}));
}

TEST_F(Errors, AllAreCountedAndAHundredListed) {
  std::string text;
  for (int k = 0; k < 1000; ++k) text += "{\"code\":\"F" + std::to_string(k) + "\",\"grade\":\"none\"}\n";
  EXPECT_FALSE(load_text(text, "facility.ndjson"));
  EXPECT_EQ(errors.count, 1000u);
  EXPECT_EQ(errors.listed.size(), 100u);
  limit = 3;
  EXPECT_FALSE(load_text(text, "facility.ndjson"));
  EXPECT_EQ(errors.listed.size(), 3u);
}

TEST_F(Errors, ALineTooLongIsPassedOverWithoutKeepingIt) {
  options.max_line = 2 << 20;
  std::string text = "{\"code\":\"F1\"}\n{\"code\":\"" + std::string(40 << 20, 'x') + "\"}\n{\"code\":7}\n";
  EXPECT_FALSE(load_text(text, "facility.ndjson"));
  EXPECT_EQ(complaints(), (Strings{"line_too_long 2 facility[1]", "wrong_type 3 facility[2].code"}));
  text = "code\nF1\n" + std::string(40 << 20, 'x') + "\n\"F2\n";
  EXPECT_FALSE(load_text(text, "facility.csv"));
  EXPECT_EQ(complaints(), (Strings{"line_too_long 3 facility[1]", "bad_csv 4 facility[2]"}));
  EXPECT_FALSE(load_text("code\n\"" + std::string(40 << 20, 'x'), "facility.csv"));
  EXPECT_EQ(complaints(), (Strings{"line_too_long 2 facility[0]"}));
  options.max_line = 100;
  EXPECT_FALSE(load_text("code\nF1\n" + std::string(101, 'x') + "\nF2\n", "facility.csv"));
  EXPECT_EQ(complaints(), (Strings{"line_too_long 3 facility[1]"}));
  EXPECT_FALSE(load_text("{\"code\":\"" + std::string(101, 'x') + "\"}\n{\"code\":\"F1\"}", "facility.ndjson"));
  EXPECT_EQ(complaints(), (Strings{"line_too_long 1 facility[0]"}));
}

TEST_F(Errors, Files) {
  EXPECT_FALSE(load_path(dir / "nowhere.json"));
  EXPECT_EQ(errors.listed[0].code, "unreadable_file");
  EXPECT_FALSE(load_path(dir / "nowhere"));
  EXPECT_EQ(errors.listed[0].code, "unreadable_file");
  fs::create_directories(dir / "empty");
  EXPECT_FALSE(load_path(dir / "empty"));
  EXPECT_EQ(errors.listed[0].code, "empty_directory");
  fs::create_directories(dir / "odd/facility.json");
  EXPECT_FALSE(load_path(dir / "odd"));
  EXPECT_EQ(errors.listed[0].code, "unreadable_file");
  for (const char* name : {"facts.json", "facility.ndjson", "facility.csv"}) {
    EXPECT_FALSE(load_text("", name));
    EXPECT_EQ(errors.listed[0].code, "empty_file") << name;
  }
  EXPECT_FALSE(load_text(" \n "));
  EXPECT_EQ(errors.listed[0].code, "empty_file");
  options.max_json = 10;
  EXPECT_FALSE(load_text(R"({"facility":[]})"));
  EXPECT_EQ(errors.listed[0].code, "file_too_large");
}

TEST_F(Errors, DeepNestingDoesNotCrash) {
  const std::string deep(200'000, '['), closed = deep + std::string(200'000, ']');
  std::string objects;
  for (int k = 0; k < 100'000; ++k) objects += "{\"a\":";
  for (const std::string& text : {deep, closed, objects, R"({"facility":)" + closed + "}", R"({"facility":[)" + objects, R"({"ward":)" + closed + "}",
                                  R"({"ward":[)" + closed + "]}", R"({"parameters":{"cap":)" + closed + "}}", R"({"open":[{"of":)" + closed + "}]}"})
    EXPECT_FALSE(load_text(text));
  EXPECT_FALSE(one(R"("elsewhere_only":)" + closed));
  EXPECT_FALSE(one(R"("severe":{"value":)" + objects));
  EXPECT_FALSE(load_text("{\"code\":" + closed + "}\n" + deep, "facility.ndjson"));
}

TEST_F(Errors, TruncationsAndBitFlipsNeverCrash) {
  const std::string json = R"({"facility":[{"code":"F1","area":"市内","grade":"低","share":"12.50%"},{"code":"F2","opened":"2025-03"}],
 "practitioner":[{"no":"P1","facility":"F1","licensed":"never"},{"no":"P2","facility":"F2"}],
 "incident":[{"practitioner":"P1","site":"F2","proven":null,"severe":{"value":true,"by":"agency","on":"2025-03-01","grounds":"x"},
   "points":{"in":["3",5]},"amount":3600.50,"term":"P3M","note":"\u7532\n","elsewhere_only":[1,{"a":null}]}],
 "ward":[{"x":1}],"open":[{"entity":"incident","of":"P2"}],"parameters":{"cap":"30%","start_date":null},"holds":[{"address":"第六十三条（三）","of":"F1"}]})";
  const std::string csv = "key,practitioner,points,note,decided_on\r\nI1,P1,3..5,\"a,\"\"b\"\"\r\nc\",2025-03\r\n\"I2\",P1,null,,never\r\n";
  std::string nd;
  for (const char* row : {R"({"practitioner":"P1","points":3,"note":"甲"})", R"({"practitioner":"P1","level":{"in":["low","高"]},"flag":true})"}) nd += std::string(row) + "\n";
  write("d/facility.csv", "code\nF1\n");
  write("d/practitioner.csv", "no,facility\nP1,F1\n");
  auto try_one = [&](const std::string& name, const std::string& text) {
    fs::remove(dir / "d/incident.csv");
    fs::remove(dir / "d/incident.ndjson");
    const bool ok = name == "facts.json" ? load_text(text) : (write("d/" + name, text), load_path(dir / "d"));
    ASSERT_EQ(ok, errors.count == 0);
  };
  std::mt19937 random(11);
  for (const auto& [name, text] : {std::pair{std::string("facts.json"), json}, std::pair{std::string("incident.csv"), csv}, std::pair{std::string("incident.ndjson"), nd}}) {
    try_one(name, text);
    ASSERT_EQ(errors.count, 0u) << name << " " << errors.listed[0].en << errors.listed[0].path;
    for (std::size_t n = 0; n < text.size(); ++n) try_one(name, text.substr(0, n));
    for (int k = 0; k < 3000; ++k) {
      std::string broken = text;
      for (unsigned flips = 1 + random() % 3; flips > 0; --flips) {
        const std::size_t at = random() % broken.size();
        switch (random() % 4) {
          case 0: broken[at] = static_cast<char>(random()); break;
          case 1: broken[at] = "{}[]\",:\\\n\r0-.e"[random() % 14]; break;
          case 2: broken.erase(at, 1 + random() % 4); break;
          default: broken.insert(at, 1, "{}[]\",:\\\n\r0-.e"[random() % 14]);
        }
        if (broken.empty()) broken = " ";
      }
      try_one(name, broken);
    }
  }
}

TEST_F(Errors, NearestNames) {
  EXPECT_EQ(nearest("pionts", {"points", "amount"}), "points");
  EXPECT_EQ(nearest("积分", {"记分", "金额"}), "记分");
  EXPECT_EQ(nearest("x", {"y"}), "");
  EXPECT_EQ(nearest("completely", {"different"}), "");
  EXPECT_EQ(nearest("", {"a"}), "");
  EXPECT_EQ(excerpt("a\nb"), "a b");
  EXPECT_EQ(excerpt(std::string(100, 'x')), std::string(60, 'x') + "…");
}

}  // namespace
}  // namespace tiao::facts
