// Finds and loads the module that holds LLVM.
#include <dlfcn.h>

#include <filesystem>
#include <mutex>

#include "compiler/jit/machine.hpp"

namespace tiao::jit {
namespace {

namespace fs = std::filesystem;

constexpr auto module_file = "lib/tiao/" TIAO_MACHINE_FILE;

// lib/tiao beside bin/, where it is installed and built; tests stand a folder or two deeper.
fs::path find_module() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  fs::path folder = program.parent_path();
  for (int up = 0; up < 3; ++up) {
    folder = folder.parent_path();
    if (fs::path place = folder / module_file; fs::exists(place, error)) return place;
  }
  return program.parent_path().parent_path() / module_file;
}

struct Loaded {
  const Machine* machine = nullptr;
  std::string error;

  Loaded() {
    const fs::path place = find_module();
    // Never closed: code that was linked may be running until the very end.
    void* library = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* entry = library ? ::dlsym(library, "tiao_machine") : nullptr;
    if (!entry) {
      const char* why = ::dlerror();
      error = "cannot load " + place.string() + (why ? ": " + std::string(why) : std::string());
      return;
    }
    machine = reinterpret_cast<decltype(&tiao_machine)>(entry)(build_of_machine);
    if (!machine) error = place.string() + " belongs to another build of this program";
  }
};

}  // namespace

const Machine* machine(std::string& error) {
  static const Loaded loaded;
  if (!loaded.machine) error = loaded.error;
  return loaded.machine;
}

}  // namespace tiao::jit
