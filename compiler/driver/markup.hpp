// What pages for a browser or for paper share.
#pragma once

#include <string>
#include <string_view>

namespace tiao::driver {

/// Up to and with <body>: colours and letters that all pages share, then the page's own style. A page may load nothing.
std::string page_head(std::string_view title, std::string_view style, bool chinese);

}  // namespace tiao::driver
