// A comparison as one page for a browser or for paper: its parts, and what they share.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/driver/diff_report.hpp"
#include "compiler/driver/redline.hpp"

namespace tiao::driver {

/// The clauses that the page quotes, each once; whoever rests on one refers to it by number.
class DiffClauses {
 public:
  DiffClauses(const DiffReport& report, bool chinese);

  /// The clause at an address and those above it that say something, outermost first. Texts of one agreement are quoted together,
  /// with what was struck and put in; of two, each side has its own.
  std::vector<std::size_t> at(bool later, const std::string& address);
  /// What is wholly quoted beneath the change that it is about.
  std::size_t of(const TextChange& change);
  std::string block(std::size_t clause) const;
  std::string name(std::size_t clause) const;
  std::size_t size() const { return clauses_.size(); }

 private:
  struct Clause { bool before = false, after = false; std::string address, label, old_text, new_text; };
  std::size_t add(Clause clause);
  Clause found(bool later, const std::string& address) const;

  const DiffReport& report_;
  bool chinese_;
  std::vector<Clause> clauses_;
  std::map<std::pair<int, std::string>, std::size_t> known_;   // by side (2: both) and address
};

class DiffPage {
 public:
  DiffPage(const DiffReport& report, bool chinese);
  std::string print();

 private:
  const char* say(const char* zh, const char* en) const { return chinese_ ? zh : en; }
  std::string label_of(const std::string& id) const { return chinese_ ? report_.label_of(id) : id; }
  std::string text_of(std::string_view words) const;
  std::string list_of(const std::vector<std::string>& parts) const;

  void head();
  void heading(const char* which, bool later);
  void contents();
  void numbers();
  void outcomes();
  void remedies();
  void operations();
  void by_remedy(const char* verb, const std::map<std::string, std::uint64_t>& what);
  std::string links(const std::vector<std::uint32_t>& operations) const;

  // diff_page_text.cpp
  void texts();
  void text_row(const TextChange& change, bool open);
  void concepts();
  void concept_side(const std::vector<ConceptSide>& sides, bool later);
  void cited_clauses(std::size_t from);

  // diff_page_subjects.cpp
  void subjects();
  void filter();
  void choice(const char* name, const char* words, const std::vector<std::pair<std::string, std::string>>& options);
  void subject(const DiffSubject& s, bool whole);
  void causes(const DiffSubject& s);
  std::string summary(const DiffSubject& s) const;
  void side(const DiffSubject& s, bool later);
  void remedies_of(const DiffSubject& s, bool later);
  void others_of(const DiffSubject& s, bool later);
  void why(const std::vector<const DiffReason*>& reasons, const std::vector<const DiffReason*>& last);
  std::vector<std::size_t> clauses_of(const DiffSubject& s);
  std::string blame(const Blame& of) const;

  const DiffReport& report_;
  bool chinese_, blamed_;
  DiffClauses clauses_;
  std::string out_;
};

extern const std::string_view diff_page_style, diff_page_script;

}  // namespace tiao::driver
