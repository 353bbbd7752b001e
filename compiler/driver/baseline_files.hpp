// The folder of a baseline: baseline.json, accepted.json, verdicts.ndjson, log.ndjson.
#pragma once

#include <optional>
#include <string>

#include "compiler/driver/baseline.hpp"

namespace tiao::driver {

class BaselineFolder {
 public:
  explicit BaselineFolder(std::string path) : path_(std::move(path)) {}

  Status read_run(BaselineRun& out) const;
  /// Nothing: nobody has accepted anything yet. Fails when the files do not belong together.
  Status read_accepted(std::optional<BaselineAccepted>& out) const;
  /// accepted.json is put in place last: until then the folder is told to be half written.
  Status write(const BaselineAccepted& accepted, const std::string& log_entry) const;

  std::string facts(const BaselineRun& run) const;
  /// Of names and bytes of all files with facts.
  Status hash_of_facts(const BaselineRun& run, std::string& out) const;

 private:
  std::string file(const char* name) const { return path_ + '/' + name; }
  Status put(const char* name, const std::string& text) const;

  std::string path_;
};

/// A line of verdicts.ndjson, without its end; the other way round.
std::string verdict_line(verdict::PortableVerdict verdict);
verdict::PortableVerdict verdict_of(const std::string& line);

}  // namespace tiao::driver
