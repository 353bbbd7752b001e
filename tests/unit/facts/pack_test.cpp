// Packed facts are the facts they were made of; a file that is not whole, or was made for something else, is refused.
#include "fixture.hpp"
#include "runtime/facts/pack.hpp"
#include "runtime/facts/pack_format.hpp"

#include <functional>
#include <random>
#include <set>

namespace tiao::facts {
namespace {

using Strings = std::vector<std::string>;

class PackedFacts : public Facts {
 protected:
  void SetUp() override {
    std::string incidents;
    for (unsigned k = 0; k < 150; ++k)
      incidents += R"({"key":"I)" + std::to_string(k) + R"(","practitioner":"P)" + std::to_string(k % 7) + R"(","points":)" + std::to_string(k % 13) +
                   R"(,"level":"mid","proven":)" + (k % 3 == 0 ? "null" : "true") + R"(,"note":"说明)" + std::to_string(k % 20) + "\"},";
    std::string practitioners;
    for (unsigned k = 0; k < 7; ++k)
      practitioners += std::string(k == 0 ? "" : ",") + R"({"no":"P)" + std::to_string(k) + R"(","facility":"F)" + std::to_string(k % 2) + "\"}";
    ASSERT_TRUE(load_text(R"({"facility":[{"code":"F0","area":"市内","grade":"低"},{"code":"F1","opened":"2025-03"}],"practitioner":[)" + practitioners +
                          R"(],"incident":[)" + incidents +
                          R"({"practitioner":"P3","site":"F1","severe":{"value":true,"by":"agency","on":"2025-03-01","grounds":"三次"},"points":{"in":["3",5]},
                             "amount":-3600.50,"term":"P3M","decided_on":"never","elsewhere_only":1}],
                             "open":[{"entity":"incident","of":"P2"},{"entity":"practitioner","of":"F1"}],"parameters":{"city.other.cap":"30%","start_date":"2025-03"},
                             "holds":[{"address":"第六十三条（三）","of":"F1"}]})"))
        << errors.listed[0].en;
    pack(base, [&](std::string_view bytes) { packed += bytes; });
  }

  // Under another inode each time: facts that are loaded lend what stands in theirs.
  bool load_bytes(const std::string& bytes) {
    std::filesystem::remove(dir / "facts.tiaof");
    return load_path(write("facts.tiaof", bytes));
  }
  std::string told() const { return errors.listed.empty() ? "" : errors.listed[0].code + ": " + errors.listed[0].en; }

  static PackedSection section(const std::string& bytes, std::size_t n) {
    PackedSection out;
    std::memcpy(&out, bytes.data() + sizeof(PackedHeader) + n * sizeof out, sizeof out);
    return out;
  }
  static PackedHeader header(const std::string& bytes) {
    PackedHeader out;
    std::memcpy(static_cast<void*>(&out), bytes.data(), sizeof out);
    return out;
  }
  // Hashes as somebody would write them who meant what stands there.
  static std::string sealed(std::string bytes, const std::function<void(PackedHeader&)>& change = [](PackedHeader&) {}) {
    PackedHeader h = header(bytes);
    for (std::size_t n = 0; n < h.sections; ++n) {
      PackedSection s = section(bytes, n);
      s.hash = packed_hash(bytes.data() + s.offset, s.size);
      std::memcpy(bytes.data() + sizeof h + n * sizeof s, &s, sizeof s);
    }
    h.directory_hash = packed_hash(bytes.data() + sizeof h, h.sections * sizeof(PackedSection));
    change(h);
    h.hash = packed_hash(&h, offsetof(PackedHeader, hash));
    std::memcpy(bytes.data(), &h, sizeof h);
    return bytes;
  }

  std::string packed;
};

TEST_F(PackedFacts, AreTheFactsTheyWereMadeOf) {
  const FactBase before = base;
  const std::string was = shown(true);
  base = {};
  for (const unsigned threads : {1u, 3u}) {
    options.threads = threads;
    ASSERT_TRUE(load_bytes(packed)) << told();
    EXPECT_EQ(shown(true), was);
    EXPECT_EQ(base.skipped_fields, 1u);
    EXPECT_EQ(base.parameters, before.parameters);
    EXPECT_EQ(base.parameter_set, before.parameter_set);
    for (EntityId e = 0; e < base.tables.size(); ++e) {
      EXPECT_EQ(base.tables[e].offsets, before.tables[e].offsets);
      EXPECT_EQ(base.tables[e].supplied, before.tables[e].supplied);
      EXPECT_EQ(base.tables[e].open_for, before.tables[e].open_for);
    }
    for (std::uint32_t row = 0; row < 7; ++row) EXPECT_EQ(base.open(incident, practitioner, row), before.open(incident, practitioner, row));
    EXPECT_TRUE(base.open(practitioner, facility, 1));
    for (std::size_t id = 0; id < before.strings.size(); ++id) EXPECT_EQ(base.strings.at(static_cast<std::int64_t>(id)), before.strings.at(static_cast<std::int64_t>(id)));
    EXPECT_EQ(base.find(practitioner, "P3"), before.find(practitioner, "P3"));
  }
  std::string again;
  pack(base, [&](std::string_view bytes) { again += bytes; });
  EXPECT_EQ(again, packed);
}

TEST_F(PackedFacts, AreLentUntilSomebodyChangesThem) {
  ASSERT_TRUE(load_bytes(packed));
  std::filesystem::remove(dir / "facts.tiaof");
  EXPECT_TRUE(base.tables[incident].columns[i::points].lo.lent());
  // At whole lines: kernels read the last one to its end.
  for (const Table& table : base.tables)
    for (const ColumnData& data : table.columns)
      for (const void* array : std::initializer_list<const void*>{data.truth.first(), data.truth.second(), data.presence.first(), data.masks.data(), data.lo.data()})
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array) % 64, 0u);
  FactBase copy = base;
  base = {};   // the copy keeps the file
  EXPECT_TRUE(copy.tables[incident].columns[i::points].lo.lent());
  const FactBase& read = copy;
  const Lent<std::int64_t> before = read.tables[incident].columns[i::points].lo;
  copy.tables[incident].columns[i::points].lo[3] = 11;
  copy.tables[incident].columns[i::proven].truth.set(3, 2);
  EXPECT_FALSE(copy.tables[incident].columns[i::points].lo.lent());
  EXPECT_EQ(read.tables[incident].columns[i::points].lo[3], 11);
  EXPECT_EQ(read.tables[incident].columns[i::proven].truth[3], 2);
  EXPECT_EQ(read.tables[incident].columns[i::points].lo[4], before[4]);
  const std::size_t texts = copy.strings.size();
  EXPECT_EQ(copy.strings.intern("P3"), copy.strings.find("P3"));
  EXPECT_LT(copy.strings.find("P3"), static_cast<std::int64_t>(texts));
  EXPECT_EQ(copy.strings.find("something new"), -1);
  EXPECT_EQ(copy.strings.intern("something new"), static_cast<std::int64_t>(texts));
  EXPECT_EQ(copy.strings.at(copy.strings.find("something new")), "something new");
  EXPECT_EQ(StringPool(copy.strings).find("something new"), static_cast<std::int64_t>(texts));
}

TEST_F(PackedFacts, AnyByteThatIsAnotherIsSeen) {
  const std::size_t small_things = section(packed, 1).offset;   // header, directory and tables: all of them; of arrays a part
  for (std::size_t at = 0; at < packed.size(); at += at < small_things ? 1 : 11) {
    std::string broken = packed;
    broken[at] = static_cast<char>(broken[at] ^ (1 << at % 8));
    ASSERT_FALSE(load_bytes(broken)) << at;
    ASSERT_TRUE(told().starts_with("packed_")) << told();
    ASSERT_EQ(errors.count, 1u);
  }
  // Each section by its name.
  std::set<std::string> names;
  for (std::size_t n = 0; n < header(packed).sections; ++n) {
    const PackedSection s = section(packed, n);
    if (s.size == 0) continue;
    std::string broken = packed;
    broken[s.offset + s.size / 2] = static_cast<char>(broken[s.offset + s.size / 2] + 1);
    EXPECT_FALSE(load_bytes(broken));
    names.insert(errors.listed[0].en);
  }
  EXPECT_TRUE(names.contains("the packed facts are damaged: the part “incident.points” is not as it was written; pack the facts again with tiao facts pack"));
  EXPECT_GT(names.size(), 25u);
}

TEST_F(PackedFacts, AnyLengthThatIsAnotherIsSeen) {
  for (std::size_t size = 0; size < packed.size(); size += size < 2000 ? 1 : 37) {
    ASSERT_FALSE(load_bytes(packed.substr(0, size))) << size;
    ASSERT_TRUE(told().starts_with("packed_")) << told();
    // Also if the header says so.
    if (size >= sizeof(PackedHeader)) {
      std::string shorter = packed.substr(0, size);
      PackedHeader h = header(shorter);
      h.file_size = size;
      h.hash = packed_hash(&h, offsetof(PackedHeader, hash));
      std::memcpy(shorter.data(), &h, sizeof h);
      ASSERT_FALSE(load_bytes(shorter)) << size;
    }
  }
  EXPECT_FALSE(load_bytes(packed + std::string(64, '\0')));
}

// Whatever it says under good hashes, it is refused or can be read from end to end.
TEST_F(PackedFacts, WhatIsInItLeadsNobodyAstray) {
  std::mt19937 random(9);
  unsigned refused = 0, read = 0;
  for (unsigned round = 0; round < 2000; ++round) {
    std::string bytes = packed;
    const PackedSection s = section(bytes, random() % header(bytes).sections);
    if (s.size == 0) continue;
    for (unsigned n = 1 + random() % 3; n > 0; --n) {
      const std::size_t at = s.offset + random() % s.size;
      bytes[at] = random() % 2 == 0 ? static_cast<char>(random()) : static_cast<char>(bytes[at] ^ (1 << random() % 8));
    }
    if (!load_bytes(sealed(bytes))) {
      ++refused;
      // What names may be wrong is said as of other facts.
      const std::set<std::string> others{"unknown_parameter", "ambiguous_parameter", "duplicate_field", "unknown_actor", "wrong_decider", "bad_date"};
      ASSERT_TRUE(told().starts_with("packed_") || others.contains(errors.listed.at(0).code)) << told();
      continue;
    }
    ++read;
    ASSERT_FALSE(shown(true).empty());
    for (EntityId e = 0; e < 3; ++e)
      for (std::uint32_t row = 0; row < base.tables[e].rows; ++row) {
        base.find(e, base.key(e, row));
        for (EntityId child = e + 1; child < 3; ++child) base.open(child, e, row);
      }
  }
  EXPECT_GT(refused, 700u);
  EXPECT_GT(read, 70u);
}

TEST_F(PackedFacts, ValuesOutOfBoundsAreRefused) {
  // Places of values, by what stands there: the array of a column is found by its bytes.
  const auto put = [&](const auto& values, std::int64_t value, std::uint32_t row = 5) {
    const std::string_view array(reinterpret_cast<const char*>(values.data()), values.size() * sizeof values[0]);
    std::string bytes = packed;
    const auto at = bytes.find(array);
    EXPECT_NE(at, bytes.npos);
    std::memcpy(bytes.data() + at + row * sizeof values[0], &value, sizeof values[0]);
    return sealed(bytes);
  };
  const auto expect = [&](const std::string& bytes, const std::string& part) {
    ASSERT_TRUE(load_bytes(packed));
    EXPECT_FALSE(load_bytes(bytes)) << part;
    EXPECT_EQ(told(), "packed_damaged: the packed facts are damaged: the part “" + part + "” is not as it was written; pack the facts again with tiao facts pack");
  };
  ASSERT_TRUE(load_bytes(packed));
  const std::vector<ColumnData> incidents = base.tables[incident].columns;
  const FactBase kept = base;
  const auto texts = static_cast<std::int64_t>(base.strings.size());
  expect(put(incidents[i::points].lo, 13), "incident.points");
  expect(put(incidents[i::points].lo, -1), "incident.points");
  expect(put(incidents[i::decided_on].hi, 40'000'000), "incident.decided_on");
  expect(put(incidents[i::note].lo, texts), "incident.note");
  expect(put(incidents[i::note].lo, -1), "incident.note");
  expect(put(incidents[i::practitioner].lo, 7), "incident.practitioner");
  expect(put(incidents[i::practitioner].lo, 6), "incident");   // a row under another parent than it names
  expect(put(incidents[i::level].masks, 0), "incident.level");
  expect(put(incidents[i::level].masks, 8), "incident.level");
  expect(put(incidents[i::key].lo, neg_inf), "incident.key");
  expect(put(incidents[i::key].lo, texts), "incident.key");
  expect(put(incidents[i::key].lo, incidents[i::key].lo[4]), "incident");   // one key twice
  expect(put(kept.tables[incident].offsets, 152, 3), "incident");
}

TEST_F(PackedFacts, TextsAreThereOnceAndAreFound) {
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string bytes = packed;
    const PackedSection texts = section(bytes, 2);
    const auto at = bytes.find(from, texts.offset);
    EXPECT_LT(at, texts.offset + texts.size);
    return sealed(bytes.replace(at, to.size(), to));
  };
  for (const std::string& bytes : {with("P3", "P4"), with("P3", "Q3"), with("P3", "\xff\xff"), with("P3", "\xb5\xb5")}) {
    EXPECT_FALSE(load_bytes(bytes));
    EXPECT_EQ(told(), "packed_damaged: the packed facts are damaged: the part “texts” is not as it was written; pack the facts again with tiao facts pack");
  }
}

TEST_F(PackedFacts, AreKnownByWhatTheyBeginWith) {
  ASSERT_TRUE(load_path(write("facts.json", packed))) << told();
  EXPECT_EQ(base.tables[practitioner].rows, 7u);
  EXPECT_FALSE(load_path(write("facts.csv", packed.substr(0, 7))));
  EXPECT_EQ(errors.listed[0].code, "unknown_entity");   // read as the CSV of a register
  // Beside other facts they are no file of a register.
  write("folder/all.tiaof", packed);
  EXPECT_FALSE(load_path(dir / "folder"));
  EXPECT_EQ(errors.listed[0].code, "unknown_file");
}

// As in other facts: a name means what the text being run says it means.
TEST_F(PackedFacts, NamesOfParametersAreLookedUpAnew) {
  ASSERT_TRUE(load_text(R"({"facility":[],"parameters":{"cap":"30%"}})"));
  ASSERT_EQ(base.parameter_set, (std::vector<std::uint8_t>{0, 1, 0, 0, 0, 0}));
  std::string of_base;
  pack(base, [&](std::string_view bytes) { of_base += bytes; });
  ASSERT_TRUE(load_bytes(of_base));
  EXPECT_EQ(base.parameter_set, (std::vector<std::uint8_t>{0, 1, 0, 0, 0, 0}));
  schema.agreements[0].name = "city.other";
  ASSERT_TRUE(load_bytes(of_base));
  EXPECT_EQ(base.parameter_set, (std::vector<std::uint8_t>{0, 0, 1, 0, 0, 0}));
  EXPECT_EQ(base.parameters[2], known(30));
  schema.agreements[0].name = "city.third";
  EXPECT_FALSE(load_bytes(of_base));
  EXPECT_EQ(complaints(), Strings{"ambiguous_parameter 0 parameters.cap"});
  std::erase_if(schema.parameters, [](const Parameter& p) { return p.id == "cap"; });
  EXPECT_FALSE(load_bytes(of_base));
  EXPECT_EQ(complaints(), Strings{"unknown_parameter 0 parameters.cap"});
  options.other_parameters = {"cap"};
  ASSERT_TRUE(load_bytes(of_base));
  EXPECT_EQ(base.parameter_set, (std::vector<std::uint8_t>{0, 0, 0, 0}));
  EXPECT_EQ(base.skipped_fields, 1u);
}

TEST_F(PackedFacts, WhoMayDecideIsAskedAnew) {
  schema.entities[incident].columns[i::severe].by = {1};
  EXPECT_FALSE(load_bytes(packed));
  EXPECT_EQ(errors.listed[0].code, "wrong_decider");
  schema.actors.erase(schema.actors.begin());
  EXPECT_FALSE(load_bytes(packed));
  EXPECT_EQ(errors.listed[0].code, "unknown_actor");
}

TEST_F(PackedFacts, OtherRegistersOrAnotherVersionAreNamed) {
  Strings said;
  const auto refused = [&](const std::string& bytes) {
    EXPECT_FALSE(load_bytes(bytes));
    said.push_back(errors.listed[0].code + " | " + errors.listed[0].zh + " | " + errors.listed[0].en);
  };
  const Schema was = schema;
  refused("code\nF1\n");
  refused(sealed(packed, [](PackedHeader& h) { h.version = packed_version + 1; }));
  refused(sealed(packed, [](PackedHeader& h) { h.byte_order = 0x04030201; }));
  refused(packed.substr(0, packed.size() - 64));
  schema.entities[incident].columns[i::points].range_hi = 10;
  refused(packed);
  schema = was;
  schema.entities[facility].columns[f::area].id = "district";
  refused(packed);
  schema = was;
  schema.enums[0].values[1].label = "高";   // 中 and 高 would be read as others
  schema.enums[0].values[2].label = "中";
  refused(packed);
  schema = was;
  schema.entities[practitioner].columns[p::licensed].kind = ColumnKind::computed;
  refused(packed);
  schema = was;
  std::swap(schema.entities[facility].columns[f::area], schema.entities[facility].columns[f::grade]);
  refused(packed);
  schema = was;
  schema.entities[facility].columns[f::held].presumed = true;
  refused(packed);
  schema = was;
  schema.enums[0].values.push_back({"highest", ""});
  refused(packed);
  schema = was;
  schema.entities[total].id = "ward", schema.entities[total].origin = EntityOrigin::register_;
  refused(packed);
  schema = was;
  schema.parameters[2].range_hi = 50;
  refused(packed);
  schema = was;
  std::string found;
  for (std::string line : said) {
    for (auto at = line.find(dir.string()); at != line.npos; at = line.find(dir.string())) line.erase(at, dir.string().size() + 1);
    found += line + "\n";
  }
  const std::filesystem::path expected = std::filesystem::path(TIAO_SOURCE_DIR) / "tests/golden/facts/packed.expected";
  if (std::getenv("TIAO_UPDATE_GOLDEN") != nullptr) std::ofstream(expected) << found;
  std::ifstream in(expected);
  EXPECT_EQ(found, std::string(std::istreambuf_iterator<char>(in), {}));
  EXPECT_FALSE(load_path(dir / "none.tiaof"));
  EXPECT_EQ(errors.listed[0].code, "unreadable_file");
  std::filesystem::create_directories(dir / "folder.tiaof");
  EXPECT_FALSE(load_path(dir / "folder.tiaof"));
  EXPECT_EQ(errors.listed[0].code, "unreadable_file");
}

// What clauses say may change: columns that are computed, groups, words, parameters that the facts do not fill.
TEST_F(PackedFacts, OutliveAmendmentsOfTheText) {
  const std::string was = shown(true);
  schema.strings = {"市内", "说明7", "P3", "something else"};
  Column computed;
  computed.id = "later", computed.kind = ColumnKind::computed, computed.type.kind = Kind::integer;
  schema.entities[facility].columns.push_back(computed);
  Entity group;
  group.id = "years", group.origin = EntityOrigin::group;
  schema.entities.push_back(group);
  schema.parameters.erase(schema.parameters.begin() + 4);
  ASSERT_TRUE(load_bytes(packed)) << told();
  EXPECT_EQ(shown(true), was);
  EXPECT_EQ(base.parameter_set, (std::vector<std::uint8_t>{1, 0, 1, 0, 0}));
  for (std::size_t id = 0; id < schema.strings.size(); ++id) EXPECT_EQ(base.strings.find(schema.strings[id]), static_cast<std::int64_t>(id));
  EXPECT_EQ(cell(facility, f::area, 0), known(0));
  EXPECT_EQ(base.find(practitioner, "P3"), 5);
}

}  // namespace
}  // namespace tiao::facts
