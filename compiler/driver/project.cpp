#include "compiler/driver/project.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <system_error>

#include <utility>

#include <fmt/format.h>

#include "compiler/syntax/parser.hpp"

namespace tiao::driver {
namespace {

namespace fs = std::filesystem;

bool is_clause_file(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".tiao") || name.ends_with(".tiao.md");
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

fs::path real(const fs::path& path) {
  std::error_code error;
  const fs::path found = fs::weakly_canonical(path, error);
  return error ? path.lexically_normal() : found;
}

bool inside(const fs::path& path, const fs::path& folder) {
  if (folder.empty()) return false;
  const fs::path relative = real(path).lexically_relative(real(folder));
  return !relative.empty() && *relative.begin() != "..";
}

// As people type it: relative to where they stand (empty: not known) when it lies beneath, whole otherwise.
std::string shown(const fs::path& resolved, const fs::path& here) {
  const fs::path relative = here.empty() ? fs::path{} : resolved.lexically_relative(here);
  return relative.empty() || *relative.begin() == ".." ? resolved.string() : relative.string();
}

// clauses/town/practitioner/rules.tiao -> town.practitioner.rules. Of both the links are resolved, but a file that is a link goes
// by its own name.
std::string module_of(const fs::path& path, const fs::path& base, const std::string& prefix) {
  std::string name = path.lexically_relative(base).generic_string();
  for (const char* ending : {".tiao.md", ".tiao"})
    if (name.ends_with(ending)) {
      name.resize(name.size() - std::string_view(ending).size());
      break;
    }
  std::replace(name.begin(), name.end(), '/', '.');
  return prefix + name;
}

fs::path program_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path{} : program.parent_path();
}

fs::path find_library(const fs::path& root) {
  std::vector<fs::path> places;
  if (!root.empty()) places.push_back(root / "stdlib");
  const fs::path program = program_folder();
  if (!program.empty()) {
    places.push_back(program / "stdlib");
    places.push_back(program / ".." / "share" / "tiao" / "stdlib");
    // A program that stands in its build folder finds the library of the tree it was built from.
    for (fs::path up = program; up.has_relative_path(); up = up.parent_path()) places.push_back(up / "stdlib");
  }
  for (const fs::path& place : places)
    if (is_folder(place)) return real(place);
  return {};
}

// Does a text declare nothing but scenarios? Reads only as much syntax as that takes: words, strings, comments, braces. A text
// that is anything else, or unclear, is not.
bool only_scenarios(const std::string_view text) {
  // What may matter inside a scenario: the rest is most of a project's bytes, and is passed over.
  static constexpr auto plain = [] {
    std::array<bool, 256> table{};
    table.fill(true);
    for (const unsigned char c : {'#', '"', '{', '}', '\xe2', '\xef'}) table[c] = false;   // the last two begin “ ｛ ｝
    return table;
  }();
  std::size_t at = 0;
  bool found = false;
  const auto starts = [&](std::string_view word) { return text.substr(at).starts_with(word); };
  const auto skip_line = [&] { at = std::min(text.find('\n', at), text.size()); };
  const auto skip_string = [&](std::string_view close) {
    const std::string_view line = text.substr(at, std::min(text.find('\n', at), text.size()) - at);
    at += std::min(line.find(close), line.size()) + close.size();
  };
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) <= ' ') { ++at; continue; }
    if (starts("\u3000")) { at += 3; continue; }
    if (starts("#")) { skip_line(); continue; }
    if (starts("use ") || starts("引用")) { skip_line(); continue; }
    if (!starts("scenario") && !starts("案例")) return false;
    int depth = 0;
    for (bool opened = false; at < text.size() && !(opened && depth == 0);) {
      while (at < text.size() && plain[static_cast<unsigned char>(text[at])]) ++at;
      if (at == text.size()) break;
      switch (text[at]) {
        case '#': skip_line(); break;
        case '"': ++at, skip_string("\""); break;
        case '{': ++depth, opened = true, ++at; break;
        case '}': --depth, ++at; break;
        default:
          if (starts("“")) at += 3, skip_string("”");
          else if (starts("｛")) ++depth, opened = true, at += 3;
          else if (starts("｝")) --depth, at += 3;
          else ++at;
      }
    }
    if (depth != 0) return false;
    found = true;
  }
  return found;
}

}  // namespace

Status Project::find_root(const ProjectRequest& request) {
  if (!request.directory.empty()) {
    if (!is_folder(request.directory))
      return usage(fmt::format("没有目录“{}”", request.directory), fmt::format("there is no folder \"{}\"", request.directory));
    root_ = real(request.directory);
  } else {
    std::error_code error;
    fs::path start = fs::current_path(error);
    if (!request.paths.empty()) start = real(request.paths.front());
    for (fs::path up = start; !up.empty(); up = up.parent_path()) {
      if (is_folder(up / "clauses")) root_ = real(up);
      if (!root_.empty() || up == up.root_path()) break;
    }
  }
  library_ = find_library(root_);
  return std::nullopt;
}

Status Project::collect(const fs::path& place, const fs::path& base, const std::string& prefix, std::vector<Found>& out) const {
  const std::size_t first = out.size();
  const fs::path within = real(base);
  std::error_code error;
  if (fs::is_directory(place, error)) {
    // Folders that are links are not entered, so that links are resolved once for all that is found.
    for (fs::recursive_directory_iterator it(real(place), fs::directory_options::skip_permission_denied, error), end; !error && it != end; it.increment(error))
      if (it->is_regular_file(error) && is_clause_file(it->path()))
        out.push_back({module_of(it->path(), within, prefix), it->path(), it->is_symlink(error) ? real(it->path()) : it->path()});
  } else if (fs::exists(place, error)) {
    const fs::path folder = place.parent_path();
    out.push_back({module_of(real(folder.empty() ? "." : folder) / place.filename(), within, prefix), place, real(place)});
  } else {
    return usage(fmt::format("没有文件或目录“{}”", place.string()), fmt::format("there is no file or folder \"{}\"", place.string()));
  }
  if (error) return usage(fmt::format("无法读取“{}”：{}", place.string(), error.message()), fmt::format("cannot read \"{}\": {}", place.string(), error.message()));
  std::sort(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(), [](const Found& a, const Found& b) { return a.path < b.path; });
  return std::nullopt;
}

Status Project::read(const Found& found, bool requested) {
  const std::string path = shown(found.resolved, here_);
  const std::optional<source::FileId> file = sources_.load(path);
  if (!file) return usage(fmt::format("无法读取文件“{}”", path), fmt::format("cannot read the file \"{}\"", path));
  requested_.resize(file->value + 1, false);
  requested_[file->value] = requested;
  unparsed_.push_back({found.module, *file});
  return std::nullopt;
}

void Project::parse() const {
  std::vector<Unparsed> files = std::exchange(unparsed_, {});
  if (!scenarios_) std::erase_if(files, [&](const Unparsed& f) { return only_scenarios(sources_.program(f.file)); });
  std::vector<source::FileId> ids;
  for (const Unparsed& file : files) ids.push_back(file.file);
  std::vector<syntax::Ast> trees = syntax::parse_files(sources_, ids, diagnostics_, parsed_.arena);
  for (std::size_t i = 0; i < files.size(); ++i) parsed_.files.push_back({files[i].module, std::move(trees[i])});
}

std::vector<std::string> Project::declaring_texts() const {
  std::vector<std::string> out;
  for (const Unparsed& next : unparsed_) {
    if (only_scenarios(sources_.program(next.file))) continue;
    out.push_back(next.module);
    out.push_back(sources_.path(next.file));
    out.emplace_back(sources_.text(next.file));
  }
  return out;
}

Status Project::load(const ProjectRequest& request) {
  scenarios_ = request.scenarios;
  std::error_code nowhere;
  here_ = fs::current_path(nowhere);
  if (Status failed = find_root(request)) return failed;
  const fs::path clauses = root_.empty() ? fs::path{} : root_ / "clauses";
  bool whole = request.paths.empty() && !request.library_only;
  std::vector<Found> named, files;
  for (const std::string& path : request.paths) {
    const fs::path place = real(path);
    const bool own = inside(place, clauses);
    whole = whole || own;
    const fs::path base = own ? clauses : is_folder(place) ? place : place.parent_path();
    if (Status failed = collect(inside(place, library_) ? place : fs::path(path), inside(place, library_) ? library_ : own ? clauses : real(base),
                                inside(place, library_) ? "stdlib." : "", named))
      return failed;
  }
  if (!library_.empty())
    if (Status failed = collect(library_, library_, "stdlib.", files)) return failed;
  if (whole) {
    if (clauses.empty() || !is_folder(clauses))
      return usage("此处及上级目录都没有 clauses/；请用 --project 指明", "no clauses/ here or in a folder above; say where with --project");
    if (Status failed = collect(clauses, clauses, "", files)) return failed;
  }
  std::set<fs::path> wanted, seen;
  for (const Found& found : named) wanted.insert(found.resolved);
  for (const Found& found : files) {
    seen.insert(found.resolved);
    if (Status failed = read(found, request.paths.empty() || wanted.contains(found.resolved))) return failed;
  }
  for (const Found& found : named)
    if (seen.insert(found.resolved).second)
      if (Status failed = read(found, true)) return failed;
  if (!request.paths.empty() && named.empty())
    return usage("所给路径中没有 .tiao 文件", "there is no .tiao file under the given paths");
  return std::nullopt;
}

void Project::add_module(const std::string& module, const std::string& path, std::string text) {
  const source::FileId file = sources_.add(path, std::move(text));
  requested_.resize(file.value + 1, false);
  requested_[file.value] = true;
  parsed_.files.push_back({module, syntax::parse_file(sources_, file, diagnostics_, parsed_.arena)});
}

bool Project::requested(source::FileId file) const { return file.valid() && file.value < requested_.size() && requested_[file.value]; }

}  // namespace tiao::driver
