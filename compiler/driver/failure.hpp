// Why a command could not be carried out: an exit code and the reason in both languages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace tiao::driver {

/// The exit codes that scripts rely on.
enum class Exit : std::uint8_t { done = 0, findings = 1, usage = 2, limit = 3, internal = 4 };

struct Failure {
  Exit exit = Exit::usage;
  std::string zh, en;
};

/// Nothing = it went well.
using Status = std::optional<Failure>;

inline Failure usage(std::string zh, std::string en) { return {Exit::usage, std::move(zh), std::move(en)}; }
inline Failure internal_error(std::string zh, std::string en) { return {Exit::internal, std::move(zh), std::move(en)}; }
/// Diagnostics have been collected; nothing more is to be said.
inline Failure findings() { return {Exit::findings, {}, {}}; }

}  // namespace tiao::driver
