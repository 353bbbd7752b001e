#include "compiler/jit/object_cache.hpp"

#include <link.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace tiao::jit {
namespace {

namespace fs = std::filesystem;

constexpr char magic[8] = {'t', 'i', 'a', 'o', 'o', 'b', 'j', '2'};
constexpr auto part_ending = ".part", whole_ending = ".obj";
constexpr std::size_t key_digits = 32;
constexpr std::uintmax_t most_bytes = std::uintmax_t{1} << 30;   // of one file: what claims to be larger is none of ours
// Whoever writes for longer than this has died over it.
constexpr auto part_lives = std::chrono::hours(1);

// Header: magic, count, checksum of the key and what follows; then per object its size and its bytes.
struct Header {
  char magic[8];
  std::uint64_t count, checksum_low, checksum_high;
};

std::string hex(XXH128_hash_t hash) {
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

// The key is part of it: a file under another's name is no better than a torn one.
XXH128_hash_t checksum(const std::string& key, std::uint64_t count, const std::string& body) {
  const std::uint64_t seed = XXH3_64bits_withSeed(key.data(), key.size(), count);
  return XXH3_128bits_withSeed(body.data(), body.size(), seed);
}

// KEY.obj, or KEY.obj.XXXXXX.part: nothing else in the folder is ours to remove.
bool has_our_name(const std::string& name, const char* ending) {
  return name.size() > key_digits && name.ends_with(ending) && name.find_first_not_of("0123456789abcdef") == key_digits &&
         name[key_digits] == '.';
}

// The hash that the linker left in the program, if it did.
std::string build_id() {
  std::string id;
  dl_iterate_phdr([](dl_phdr_info* info, std::size_t, void* out) {
    for (int i = 0; i < info->dlpi_phnum; ++i) {
      const ElfW(Phdr)& segment = info->dlpi_phdr[i];
      if (segment.p_type != PT_NOTE) continue;
      const char* at = reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr);
      const char* const end = at + segment.p_memsz;
      const auto padded = [](std::size_t n) { return (n + 3) & ~std::size_t{3}; };
      for (ElfW(Nhdr) note; at + sizeof note <= end; at += sizeof note + padded(note.n_namesz) + padded(note.n_descsz)) {
        std::memcpy(&note, at, sizeof note);
        if (at + sizeof note + padded(note.n_namesz) + note.n_descsz > end) break;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(at + sizeof note, "GNU", 4) == 0)
          static_cast<std::string*>(out)->assign(at + sizeof note + 4, note.n_descsz);
      }
    }
    return 1;   // the program itself comes first; its libraries are passed over
  }, &id);
  return id;
}

}  // namespace

std::string tool_identity() {
  struct stat about{};
  std::string place = stat("/proc/self/exe", &about) != 0 ? std::string() : std::to_string(about.st_size) + ' ' + std::to_string(about.st_mtim.tv_sec) + ' ' +
                                                                            std::to_string(about.st_mtim.tv_nsec);
  return build_id() + ' ' + place;
}

std::filesystem::path default_cache_directory() {
  if (const char* own = std::getenv("TIAO_CACHE_DIR")) return own;
  if (const char* shared = std::getenv("XDG_CACHE_HOME"); shared && *shared) return std::filesystem::path(shared) / "tiao";
  if (const char* home = std::getenv("HOME"); home && *home) return std::filesystem::path(home) / ".cache" / "tiao";
  return {};
}

std::string cache_key(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) {
    const std::uint64_t size = part.size();
    all.append(reinterpret_cast<const char*>(&size), sizeof size).append(part);
  }
  return hex(XXH3_128bits(all.data(), all.size()));
}

std::optional<std::vector<std::string>> ObjectCache::load(const std::string& key) const {
  if (directory_.empty()) return std::nullopt;
  const fs::path path = directory_ / (key + whole_ending);
  std::error_code unreadable;
  const std::uintmax_t size = fs::file_size(path, unreadable);
  Header header;
  if (unreadable || size < sizeof header || size > most_bytes) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  std::string body(static_cast<std::size_t>(size) - sizeof header, '\0');
  if (!in || !in.read(reinterpret_cast<char*>(&header), sizeof header) || std::memcmp(header.magic, magic, sizeof magic) != 0 ||
      !in.read(body.data(), static_cast<std::streamsize>(body.size())))
    return std::nullopt;
  const XXH128_hash_t sum = checksum(key, header.count, body);
  if (sum.low64 != header.checksum_low || sum.high64 != header.checksum_high) return std::nullopt;
  std::vector<std::string> objects;
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < header.count; ++i) {
    std::uint64_t size = 0;
    if (body.size() - at < sizeof size) return std::nullopt;
    std::memcpy(&size, body.data() + at, sizeof size);
    at += sizeof size;
    if (body.size() - at < size) return std::nullopt;
    objects.emplace_back(body, at, size);
    at += size;
  }
  // What is used is not the oldest.
  std::error_code failure;
  fs::last_write_time(path, fs::file_time_type::clock::now(), failure);
  return objects;
}

void ObjectCache::store(const std::string& key, const std::vector<std::string>& objects) const {
  if (directory_.empty()) return;
  std::error_code failure;
  fs::create_directories(directory_, failure);
  if (failure) return;
  std::string body;
  for (const std::string& object : objects) {
    const std::uint64_t size = object.size();
    body.append(reinterpret_cast<const char*>(&size), sizeof size).append(object);
  }
  Header header{};
  std::memcpy(header.magic, magic, sizeof magic);
  header.count = objects.size();
  const XXH128_hash_t sum = checksum(key, header.count, body);
  header.checksum_low = sum.low64;
  header.checksum_high = sum.high64;
  // A name of its own until it is whole, so that no run ever sees half a file, however many write the same one.
  const fs::path whole = directory_ / (key + whole_ending);
  std::string part = whole.string() + ".XXXXXX" + part_ending;
  const int descriptor = ::mkstemps(part.data(), static_cast<int>(std::strlen(part_ending)));
  if (descriptor < 0) return;
  std::FILE* out = ::fdopen(descriptor, "wb");
  bool written = out && std::fwrite(&header, sizeof header, 1, out) == 1 && std::fwrite(body.data(), 1, body.size(), out) == body.size();
  if (out ? std::fclose(out) != 0 : ::close(descriptor) != 0) written = false;
  if (written) fs::rename(part, whole, failure);
  if (!written || failure) fs::remove(part, failure);
  else keep_within_limit(whole);
}

void ObjectCache::keep_within_limit(const fs::path& newest) const {
  struct Kept { fs::file_time_type used; std::uint64_t size; fs::path path; };
  std::vector<Kept> kept;
  std::uint64_t total = 0;
  std::error_code failure;
  const auto now = fs::file_time_type::clock::now();
  for (fs::directory_iterator it(directory_, failure), end; !failure && it != end; it.increment(failure)) {
    const std::string name = it->path().filename().string();
    std::error_code gone;   // another run may have removed it meanwhile
    const auto used = it->last_write_time(gone);
    if (gone) continue;
    if (has_our_name(name, part_ending) && now - used > part_lives) fs::remove(it->path(), gone);
    if (!has_our_name(name, whole_ending)) continue;
    const std::uint64_t size = it->file_size(gone);
    if (gone) continue;
    total += size;
    if (it->path() != newest) kept.push_back({used, size, it->path()});
  }
  if (total <= max_bytes_) return;
  std::sort(kept.begin(), kept.end(), [](const Kept& a, const Kept& b) { return a.used < b.used; });
  for (const Kept& file : kept) {
    if (total <= max_bytes_) return;
    std::error_code gone;
    fs::remove(file.path, gone);
    total -= file.size;
  }
}

}  // namespace tiao::jit
