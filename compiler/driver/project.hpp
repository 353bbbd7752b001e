// A project on disk: where it is, which files belong to it, their syntax trees.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/check/check.hpp"
#include "compiler/diag/diag.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/source/source.hpp"

namespace tiao::driver {

/// What to load. Without paths: the whole project. With paths that lie outside the project's clauses: those files and the
/// standard library alone.
struct ProjectRequest {
  std::string directory;              // --project; empty: the nearest folder upwards that holds clauses/
  std::vector<std::string> paths;     // files or folders
  bool scenarios = true;              // false: files of scenarios alone are not parsed
  bool library_only = false;          // the standard library and nothing else
};

/// Parsed sources. Not movable: the parsed files point at the source map.
class Project {
 public:
  Project() { parsed_.sources = &sources_; }
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;

  /// Reads the texts; what keeps the project from being read at all is returned. They are parsed when first asked for: syntax
  /// errors go to diagnostics().
  Status load(const ProjectRequest& request);
  /// Names everything that a compiled agreement depends on: the texts that declare anything, in order.
  std::vector<std::string> declaring_texts() const;
  /// Adds one text that is not a file of the project (an expression, a test).
  source::FileId add_text(const std::string& name, std::string text) { return sources_.add(name, std::move(text)); }
  /// Adds and parses a text as a module.
  void add_module(const std::string& module, const std::string& path, std::string text);

  const std::filesystem::path& root() const { return root_; }
  const source::SourceMap& sources() const { return sources_; }
  source::SourceMap& sources() { return sources_; }
  const check::ProjectSources& parsed() const { parse(); return parsed_; }
  const diag::Diagnostics& diagnostics() const { parse(); return diagnostics_; }
  /// Was the file asked for by one of the request's paths? All are when there were none.
  bool requested(source::FileId file) const;
  bool syntax_errors() const { return diagnostics().has_errors(); }

 private:
  struct Found { std::string module; std::filesystem::path path, resolved; };
  Status find_root(const ProjectRequest& request);
  Status collect(const std::filesystem::path& place, const std::filesystem::path& base, const std::string& prefix, std::vector<Found>& out) const;
  Status read(const Found& found, bool requested);

  void parse() const;

  struct Unparsed { std::string module; source::FileId file; };
  std::filesystem::path root_, library_, here_;
  source::SourceMap sources_;
  // Parsing waits until somebody asks: a run whose compiled form is kept never does.
  mutable std::vector<Unparsed> unparsed_;
  mutable check::ProjectSources parsed_;
  mutable diag::Diagnostics diagnostics_;
  std::vector<bool> requested_;   // by FileId
  bool scenarios_ = true;
};

}  // namespace tiao::driver
