// What `tiao --version` says.
#pragma once

namespace tiao::cli {

const char* version_text();

}  // namespace tiao::cli
