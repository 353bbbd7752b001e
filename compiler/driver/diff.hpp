// `tiao diff`: two texts over the same facts. Who is treated differently, in what, and which operations of the supplements between
// the two texts did it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/diag/diag.hpp"
#include "compiler/document/tree.hpp"
#include "compiler/driver/engine.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/driver/run.hpp"
#include "compiler/driver/text_changes.hpp"
#include "compiler/source/source.hpp"
#include "runtime/verdict/portable.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::driver {

struct DiffRequest {
  /// NAME, NAME@DATE, NAME@base (without supplements) or a file; DIR:NAME is a text of another project's folder.
  std::string before, after;
  std::string project;                            // of names without a folder; empty: the nearest one upwards
  std::string facts;                              // empty: only the texts are compared
  std::int64_t as_of = 0;                         // of the verdicts; of texts without a day of their own too, when it is given
  std::optional<std::int64_t> since;
  std::string readings, readings_before, readings_after;   // NAME=CHOICE,…: of both sides, of one
  bool blame = false;
  /// Why each side decides as it does, in words; of so many subjects, those first whose remedies differ.
  struct Reasons { verdict::Language language; std::size_t subjects; };
  std::optional<Reasons> reasons;
  EngineKind engine = EngineKind::automatic;
  unsigned jobs = 0;
  std::uint64_t max_rows = 0, max_memory = 0;
};

/// One of the two texts.
struct DiffSide {
  std::string agreement, label, edition, hash;
  std::vector<std::pair<std::string, std::string>> supplements;   // name and label of those worked in
};

/// What a supplement does to one address, where the two texts differ by it. The days that nodes of the text name themselves are one more, of kind `none`.
struct DiffOperation {
  std::optional<document::OperationKind> kind;
  std::string supplement, supplement_label, address, target;   // 六（二）; 第七十一条
  std::vector<std::uint32_t> builds_on;           // indices of operations without which it has nothing to act on
};

/// Why a verdict is another: a set of operations that alone, with those they build on, gives the later verdict.
struct Blame {
  enum class How : std::uint8_t {
    smallest,       // no smaller set does
    irreducible,    // none of the set can be left out; whether another, smaller set does it was not tried
  } how = How::smallest;
  std::vector<std::uint32_t> operations;          // indices of DiffReport::operations
  std::vector<std::uint32_t> built_on;            // of these, those that are there only because others build on them
  bool several = false;                           // another set of the same size does it as well
};

/// Why one change is there: a smallest set of operations (without those it builds on) that brings it. Of several at once one says
/// what it takes together: an interaction.
using Cause = std::vector<std::uint32_t>;

/// Why one side has something in its verdict, or has not what the other side has.
struct DiffReason {
  enum class About : std::uint8_t { remedy, absent_remedy, head, duty } about = About::remedy;
  std::size_t place = 0;                          // of the remedy in the verdict; absent: in the other side's
  std::string own_remedy;                         // absent: what this text has under the same concept
  std::string address;                            // of the head, duty or rule; absent and empty: this text has no such rule
  verdict::PortableRow on;                        // of the head or duty
  std::string row;                                // what the rule looks at, in words
  std::vector<std::string> because, needs;        // facts and what they come to; what would have to be found out
};

struct DiffSubject {
  verdict::PortableVerdict before, after;
  std::vector<verdict::Change> changes;
  bool had, has;                                  // is it a subject of the earlier, of the later text at all?
  std::optional<Blame> blame;
  std::vector<std::optional<Cause>> causes;       // with blame: parallel to changes; nothing: no set that was tried brings it (of up to three, among candidates that are not too many)
  std::vector<DiffReason> why_before = {}, why_after = {};   // where reasons were asked for
};

/// Of one remedy: the subjects who have it.
struct DiffRemedy { std::string remedy, label, concept_id; std::uint64_t before = 0, after = 0, gained = 0, lost = 0, changed = 0; };

struct DiffReport {
  DiffSide before, after;
  bool same_agreement = false;                     // `text` says what reads otherwise; else `concepts` what each attaches to which
  std::vector<TextChange> text;
  std::vector<ConceptChange> concepts;
  Wording wording_before, wording_after;           // where reasons were asked for
  bool with_verdicts = false;                      // facts were given; without them nothing below is filled
  std::int64_t as_of = 0;
  std::uint64_t rows = 0;                          // of facts
  std::uint64_t subjects = 0;                      // on either side
  std::uint64_t another_basis = 0;                 // of those that differ: the same verdict for other reasons
  std::uint64_t newly_decided = 0, newly_open = 0;
  /// Subjects by outcome: [before][after] in the order of verdict::Outcome, with `absent` where a side does not have them.
  static constexpr std::size_t absent = 3;
  std::array<std::array<std::uint64_t, 4>, 4> outcomes{};
  std::vector<DiffSubject> differing;              // in the order of verdicts
  std::vector<DiffRemedy> remedies;                // those that some subject has
  bool one_text = false;                           // both are states of one text: `operations` says by what they differ
  std::vector<DiffOperation> operations;
  std::vector<std::pair<std::string, std::string>> labels;     // of registers and remedies, for readers
  std::vector<std::pair<std::string, std::string>> concepts_of; // of remedies that name one
  std::uint64_t runs = 0;                          // evaluations that it took
  const std::string& label_of(const std::string& id) const;
  /// What a remedy is counted as across texts: its concept, or else itself.
  const std::string& concept_of(const std::string& remedy) const;
};

/// What is wrong with the clauses of either side.
using ShowDiagnostics = std::function<void(const source::SourceMap& sources, diag::Diagnostics& diagnostics)>;
Status diff(const DiffRequest& request, const Progress& progress, const ShowDiagnostics& show, DiffReport& report);

std::string diff_text(const DiffReport& report, bool chinese);
std::string diff_json(const DiffReport& report);
std::string diff_csv(const DiffReport& report);
std::string diff_junit(const DiffReport& report, bool chinese);
/// One page that needs nothing else. Reasons are told of the first so many subjects, where the report has them.
inline constexpr std::size_t diff_page_detailed = 1'000;
std::string diff_html(const DiffReport& report, bool chinese);

}  // namespace tiao::driver
