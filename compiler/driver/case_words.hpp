// The first lines of what is told about one case, and how its remedies are named, for people.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/verdict/model.hpp"
#include "runtime/verdict/names.hpp"

namespace tiao::driver {

/// The agreement, then the subject with its day and outcome: two lines.
std::string case_heading(const Schema& schema, const verdict::Verdict& verdict, std::int64_t as_of, verdict::Language language);

/// facility must suspend (on incident I7); the target is told only where it is not the subject.
std::string remedy_on_target(const verdict::Names& names, const verdict::RemedyEntry& entry, const verdict::RowName& subject, verdict::Language language);

}  // namespace tiao::driver
