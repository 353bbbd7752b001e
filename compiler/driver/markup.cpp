#include "compiler/driver/markup.hpp"

#include <fmt/format.h>

#include "runtime/value/text.hpp"

namespace tiao::driver {
namespace {

constexpr std::string_view shared_style = R"(
:root { color-scheme:light dark; --paper:#fffdf9; --ink:#1c1b19; --soft:#5f5a52; --line:#d8d2c6; --shade:#f6f2ea; --in:#0b6b3a; --in-bg:#e9f5ed; --out:#a3272a; --out-bg:#faecec; --next:#7a5200; --next-bg:#fbf3df; --focus:#1f5fbf }
@media screen and (prefers-color-scheme:dark) { :root { --paper:#191816; --ink:#ece8e0; --soft:#b3aca0; --line:#45413a; --shade:#24221f; --in:#7fd3a2; --in-bg:#14301f; --out:#f0a0a0; --out-bg:#3a1b1c; --next:#e6bf6e; --next-bg:#352a10; --focus:#8fb8ff } }
* { box-sizing:border-box }
body { margin:0 auto; max-width:60rem; padding:2rem 1.25rem 4rem; color:var(--ink); background:var(--paper); line-height:1.65;
  font-family:"Source Han Serif SC","Noto Serif CJK SC","Songti SC",SimSun,Georgia,serif }
h1 { font-size:1.6rem; margin:0 0 .25rem } h2 { font-size:1.15rem; margin:2.25rem 0 .5rem; border-bottom:1px solid var(--line); padding-bottom:.2rem }
.meta { color:var(--soft); font-size:.88rem; margin:.15rem 0 }
table { border-collapse:collapse; width:100%; font-size:.92rem } th,td { text-align:left; vertical-align:top; padding:.3rem .6rem .3rem 0; border-bottom:1px solid var(--line) }
th { font-weight:600; color:var(--soft) } a { color:inherit } :focus-visible { outline:2px solid var(--focus); outline-offset:2px }
pre { margin:.25rem 0; padding:.4rem .6rem; background:var(--shade); font:.82rem/1.5 "Sarasa Mono SC","Noto Sans Mono CJK SC",Consolas,monospace; white-space:pre-wrap; overflow-wrap:anywhere }
@media print { body { max-width:none; padding:0; background:#fff; font-size:10.5pt } h2 { break-after:avoid } a { text-decoration:none } pre { -webkit-print-color-adjust:exact; print-color-adjust:exact } }
@page { margin:18mm 16mm }
)";

}  // namespace

std::string page_head(std::string_view title, std::string_view style, bool chinese) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>{}{}</style>\n</head>\n<body>\n",
      chinese ? "zh-CN" : "en", xml_escaped(title), shared_style, style);
}

}  // namespace tiao::driver
