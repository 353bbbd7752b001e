#include <algorithm>

#include <fmt/format.h>

#include "compiler/driver/mutation.hpp"
#include "runtime/verdict/json_text.hpp"

namespace tiao::driver {
namespace {

std::string percent(unsigned tenths) { return fmt::format("{}.{}%", tenths / 10, tenths % 10); }

const char* kind_words(MutantKind kind, bool chinese) {
  switch (kind) {
    case MutantKind::number: return chinese ? "数值" : "number";
    case MutantKind::boundary: return chinese ? "界限" : "boundary";
    case MutantKind::modality: return chinese ? "措辞" : "modality";
    case MutantKind::item: return chinese ? "列项" : "item";
    case MutantKind::exception: return chinese ? "例外" : "exception";
    case MutantKind::date: return chinese ? "日期" : "date";
  }
  return "";
}

const char* fate_name(MutantFate fate) {
  switch (fate) {
    case MutantFate::same: return "same";
    case MutantFate::rejected: return "rejected";
    case MutantFate::killed: return "killed";
    case MutantFate::survived: return "survived";
    case MutantFate::equivalent: return "equivalent";
  }
  return "";
}

struct AddressTotal { std::string address, english; MutationCounts counts; };

// Addresses with any mutant, in the order of the text.
std::vector<AddressTotal> by_address(const MutatedAgreement& agreement) {
  std::vector<AddressTotal> out;
  for (const MutantResult& mutant : agreement.mutants) {
    if (mutant.fate == MutantFate::same) continue;
    auto at = std::find_if(out.begin(), out.end(), [&](const AddressTotal& t) { return t.address == mutant.address; });
    if (at == out.end()) at = out.insert(at, {mutant.address, mutant.english, {}});
    at->counts.add(mutant.fate);
  }
  return out;
}

std::string counts_text(const MutationCounts& c, bool chinese) {
  return chinese ? fmt::format("变体 {}，被发现 {}，等价 {}，未被发现 {}；发现率 {}", c.mutants, c.killed, c.equivalent, c.survived, percent(c.rate()))
                 : fmt::format("mutants {}, killed {}, equivalent {}, surviving {}; kill rate {}", c.mutants, c.killed, c.equivalent, c.survived, percent(c.rate()));
}

std::string stale_text(const StaleLine& line, bool chinese) {
  const std::string place = fmt::format("{}:{}: ", line.listed.file, line.listed.line);
  switch (line.why) {
    case StaleLine::Why::malformed:
      return place + (chinese ? "应写作“地址 | 改动 | 理由”：" : "must read ADDRESS | CHANGE | reason: ") + line.listed.address + "\n";
    case StaleLine::Why::no_such_mutant:
      return place + (chinese ? "没有这个变体：" : "there is no such mutant: ") + line.listed.address + " | " + line.listed.change + "\n";
    case StaleLine::Why::killed:
      return place + fmt::format(fmt::runtime(chinese ? "列为等价的变体被案例“{}”发现：" : "listed as equivalent, but the scenario \"{}\" notices it: "), line.killed_by) +
             line.listed.address + " | " + line.listed.change + "\n";
  }
  return {};
}

void write_counts(verdict::JsonText& json, const MutationCounts& c) {
  const auto number = [&](const char* name, std::size_t value) { json.member(name, static_cast<std::int64_t>(value)); };
  number("mutants", c.mutants);
  number("killed", c.killed);
  number("survived", c.survived);
  number("equivalent", c.equivalent);
  number("rejected", c.rejected);
  json.key("kill_rate");
  json.string(percent(c.rate()));
}

}  // namespace

std::string mutation_text(const MutationReport& report, bool chinese) {
  std::string out;
  for (const MutatedAgreement& agreement : report.agreements) {
    for (const AddressTotal& total : by_address(agreement)) {
      if (total.counts.mutants == 0) continue;
      out += fmt::format("{}  {}\n", chinese ? total.address : total.english, counts_text(total.counts, chinese));
      for (const MutantResult& mutant : agreement.mutants)
        if (mutant.address == total.address && mutant.fate == MutantFate::survived)
          out += fmt::format("  {}:{}: {}{}{}\n", mutant.file, mutant.line, kind_words(mutant.kind, chinese), chinese ? "：" : ": ", mutant.change);
    }
    const MutationCounts c = agreement.counts();
    out += fmt::format("{}{}{}", agreement.name, chinese ? "：" : ": ", counts_text(c, chinese));
    if (c.rejected != 0) out += fmt::format(fmt::runtime(chinese ? "；另有 {} 个不能通过检查" : "; {} more do not compile"), c.rejected);
    out += "\n";
  }
  for (const StaleLine& line : report.stale) out += stale_text(line, chinese);
  return out;
}

std::string mutation_json(const MutationReport& report) {
  std::string out;
  verdict::JsonText json(out, 4);
  json.begin_object();
  json.key("agreements");
  json.begin_array();
  for (const MutatedAgreement& agreement : report.agreements) {
    json.begin_object();
    json.member("agreement", agreement.name);
    json.member("scenarios", static_cast<std::int64_t>(agreement.scenarios));
    write_counts(json, agreement.counts());
    json.key("addresses");
    json.begin_array();
    for (const AddressTotal& total : by_address(agreement)) {
      json.begin_object();
      json.member("address", total.address);
      json.member("english", total.english);
      write_counts(json, total.counts);
      json.end_object();
    }
    json.end_array();
    json.key("results");
    json.begin_array();
    for (const MutantResult& mutant : agreement.mutants) {
      if (mutant.fate == MutantFate::same) continue;
      json.begin_object();
      json.member("address", mutant.address);
      json.member("file", mutant.file);
      json.member("line", static_cast<std::int64_t>(mutant.line));
      json.member("kind", name_of(mutant.kind));
      json.member("change", mutant.change);
      json.member("fate", fate_name(mutant.fate));
      if (!mutant.killed_by.empty()) json.member("killed_by", mutant.killed_by);
      if (!mutant.reason.empty()) json.member("reason", mutant.reason);
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.key("stale");
  json.begin_array();
  for (const StaleLine& line : report.stale) {
    json.begin_object();
    json.member("file", line.listed.file);
    json.member("line", static_cast<std::int64_t>(line.listed.line));
    json.member("address", line.listed.address);
    json.member("change", line.listed.change);
    json.member("why", line.why == StaleLine::Why::malformed ? "malformed" : line.why == StaleLine::Why::killed ? "killed" : "no such mutant");
    if (!line.killed_by.empty()) json.member("killed_by", line.killed_by);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return out + "\n";
}

}  // namespace tiao::driver
