#include "compiler/cli/version.hpp"

namespace tiao::cli {

const char* version_text() { return "tiao " TIAO_VERSION; }

}  // namespace tiao::cli
