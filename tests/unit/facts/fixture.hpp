// A small schema with one column of every sort, and helpers to load texts against it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "runtime/facts/loader.hpp"
#include "runtime/value/format.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::facts {

enum : EntityId { facility, practitioner, incident, total };
namespace f { enum : ColumnId { code, opened, area, grade, share, held }; }
namespace p { enum : ColumnId { no, facility, licensed }; }
namespace i {
enum : ColumnId { key, practitioner, site, proven, suspected, severe, points, amount, decided_on, term, wait, due, note, rate, score, level, flag };
}

inline Schema sample_schema() {
  Schema s;
  s.strings = {"outpatient", "市内"};
  s.enums.push_back({"level", "等级", true, {{"low", "低"}, {"mid", "中"}, {"high", "高"}}});
  s.enums.push_back({"one_off", "", false, {{"per_entry", ""}, {"per_decision", ""}}});
  s.actors = {{"agency", "经办机构"}, {"bureau", "医保局"}};
  auto column = [](const char* id, const char* label, ColumnKind kind, Kind type, std::uint8_t scale = 0, std::uint32_t of = none) {
    Column c;
    c.id = id;
    c.label = label;
    c.kind = kind;
    c.type = {type, scale, of};
    return c;
  };
  auto fact = [&](const char* id, const char* label, Kind type, std::uint8_t scale = 0, std::uint32_t of = none) {
    return column(id, label, ColumnKind::fact, type, scale, of);
  };
  Entity e;
  e.id = "facility", e.label = "机构", e.key_column = 0;
  e.columns = {column("code", "代码", ColumnKind::key, Kind::text), fact("opened", "开业日", Kind::date), fact("area", "地区", Kind::text),
               fact("grade", "级别", Kind::choice, 0, 0), fact("share", "占比", Kind::percent, 2),
               column("holds:第六十三条（三）", "", ColumnKind::finding, Kind::boolean)};
  s.entities.push_back(e);

  e = {};
  e.id = "practitioner", e.label = "人员", e.key_column = 0, e.parent = facility, e.parent_column = 1;
  e.columns = {column("no", "编号", ColumnKind::key, Kind::text), column("facility", "机构", ColumnKind::parent, Kind::ref, 0, facility),
               fact("licensed", "执业日", Kind::date)};
  s.entities.push_back(e);

  e = {};
  e.id = "incident", e.label = "行为", e.key_column = 0, e.parent = practitioner, e.parent_column = 1, e.generated_key = true, e.dated_column = i::decided_on;
  e.columns = {column("key", "", ColumnKind::key, Kind::text),
               column("practitioner", "人员", ColumnKind::parent, Kind::ref, 0, practitioner),
               column("site", "地点", ColumnKind::link, Kind::ref, 0, facility),
               column("proven", "经查实", ColumnKind::finding, Kind::boolean),
               column("suspected:proven", "", ColumnKind::suspected, Kind::boolean),
               column("severe", "情节严重", ColumnKind::judgment, Kind::boolean),
               fact("points", "记分", Kind::integer), fact("amount", "金额", Kind::money, 2), fact("decided_on", "认定日", Kind::date),
               fact("term", "期限", Kind::duration, 0), fact("wait", "等待", Kind::duration, 1), fact("due", "时限", Kind::workdays),
               fact("note", "备注", Kind::text), fact("rate", "比例", Kind::percent, 1), column("score", "得分", ColumnKind::computed, Kind::integer),
               fact("level", "等级", Kind::choice, 0, 0), fact("flag", "标记", Kind::boolean)};
  e.columns[i::points].range_lo = 0, e.columns[i::points].range_hi = 12;
  e.columns[i::severe].by = {0};
  s.entities.push_back(e);

  e = {};
  e.id = "total", e.origin = EntityOrigin::group, e.parent = practitioner;
  s.entities.push_back(e);

  Parameter param;
  param.id = "start_date", param.label = "生效日", param.type.kind = Kind::date, param.agreement = "city.base";
  s.parameters.push_back(param);
  param.id = "cap", param.label = "上限", param.type = {Kind::percent, 0, none}, param.range_lo = 0, param.range_hi = 100;
  s.parameters.push_back(param);
  param.agreement = "city.other";
  s.parameters.push_back(param);
  param = {};
  param.id = "one_off", param.is_reading = true, param.type = {Kind::choice, 0, 1}, param.agreement = "city.base";
  s.parameters.push_back(param);
  param = {};
  param.id = "quota", param.type = {Kind::integer, 0, none};
  for (const char* name : {"city.second", "city.third"}) {
    param.agreement = name;
    s.parameters.push_back(param);
  }
  AgreementInfo agreement;
  agreement.name = "city.base";
  s.agreements.push_back(agreement);
  s.foreign = {{"incident", "elsewhere_only"}, {"行为", "elsewhere_only"}, {"ward", ""}};
  return s;
}

class Facts : public ::testing::Test {
 protected:
  Facts() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tiao-facts-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) dir = pattern;
  }
  ~Facts() override { std::filesystem::remove_all(dir); }

  std::filesystem::path write(const std::string& name, const std::string& text) {
    const auto path = dir / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  bool load_text(const std::string& text, const std::string& name = "facts.json") { return load_path(write(name, text)); }
  bool load_path(const std::filesystem::path& path) {
    errors = LoadErrors(limit);
    return load(schema, path, base, errors, options);
  }
  // Codes with line and path, in order.
  std::vector<std::string> complaints() const {
    std::vector<std::string> out;
    for (const LoadError& e : errors.listed) out.push_back(e.code + " " + std::to_string(e.line) + " " + e.path + (e.hint.empty() ? "" : " ?" + e.hint));
    return out;
  }
  // Every cell, texts written out, what decisions say and, if wanted, the lines that rows come from.
  std::string shown(bool with_lines) const {
    std::string out;
    for (const Table& table : base.tables) {
      const Entity& e = schema.entities[table.entity];
      if (e.origin != EntityOrigin::register_) continue;
      for (std::uint32_t row = 0; row < table.rows; ++row) {
        out += e.id;
        if (with_lines) out += ":" + std::to_string(table.source_line[row]);
        for (ColumnId c = 0; c < e.columns.size(); ++c) {
          if (e.columns[c].kind == ColumnKind::computed) continue;
          const Cell v = table.columns[c].cell(row, e.columns[c].type.kind);
          out += " " + std::to_string(table.columns[c].presence[row]) + "/";
          out += e.columns[c].type.kind == Kind::text && v.lo >= 0 ? std::string(base.strings.at(v.lo)) : std::to_string(v.lo) + ".." + std::to_string(v.hi);
          if (const auto d = table.columns[c].decided.find(row); d != table.columns[c].decided.end()) out += "(" + d->second.by + d->second.on + d->second.grounds + ")";
        }
        out += "\n";
      }
    }
    return out;
  }
  const ColumnData& column(EntityId e, ColumnId c) const { return base.tables[e].columns[c]; }
  Cell cell(EntityId e, ColumnId c, std::uint32_t row = 0) const { return column(e, c).cell(row, schema.entities[e].columns[c].type.kind); }
  Presence presence(EntityId e, ColumnId c, std::uint32_t row = 0) const { return static_cast<Presence>(column(e, c).presence[row]); }
  // One incident of one practitioner, with these fields.
  bool one(const std::string& fields) {
    return load_text(R"({"facility":[{"code":"F1"}],"practitioner":[{"no":"P1","facility":"F1"}],"incident":[{"practitioner":"P1")" +
                     (fields.empty() ? "" : "," + fields) + "}]}");
  }
  bool one_csv(const std::string& header, const std::string& row) {
    write("t/facility.csv", "code\nF1\n");
    write("t/practitioner.csv", "no,facility\nP1,F1\n");
    write("t/incident.csv", "practitioner," + header + "\nP1," + row + "\n");
    return load_path(dir / "t");
  }
  static std::int64_t day(std::string_view text) {
    std::int64_t lo = 0, hi = 0;
    EXPECT_EQ(parse_date(text, lo, hi), Parse::ok);
    return lo;
  }

  Schema schema = sample_schema();
  FactBase base;
  LoadErrors errors;
  LoadOptions options;
  std::size_t limit = 100;
  std::filesystem::path dir;
};

}  // namespace tiao::facts
