// The consolidated text as one page for a browser or for paper: no scripts, no network.
#include <fmt/format.h>

#include "compiler/driver/consolidate.hpp"
#include "compiler/driver/markup.hpp"
#include "compiler/driver/wording.hpp"
#include "runtime/value/format.hpp"
#include "runtime/value/text.hpp"

namespace tiao::driver {
namespace {

using document::no_node;

constexpr std::string_view style = R"(
.origin,.why { color:var(--soft); font-size:.88rem; margin:.15rem 0 } td a { text-decoration-color:var(--line) }
.node { border-left:3px solid transparent; padding:.1rem 0 .1rem .75rem; margin:.35rem 0 }
.node .node { margin-left:.75rem }
.head { font-weight:600 } .head .label { font-weight:400; margin-left:.5em }
.tag { font-size:.78rem; font-weight:600; border:1px solid currentColor; border-radius:.2rem; padding:0 .35em; margin-left:.6em; white-space:nowrap }
.ins { border-left-color:var(--in); } .ins > .head, .ins > .head .tag { color:var(--in) } .ins > pre { background:var(--in-bg) } .ins > .head > ins, .ins > pre > ins { text-decoration:underline; text-decoration-thickness:1px; text-underline-offset:.2em }
.del { border-left-color:var(--out); color:var(--soft) } .del > .head, .del > .head .tag { color:var(--out) } .del > pre { background:var(--out-bg) } .del > .head > del, .del > pre > del { text-decoration:line-through }
.next { border-left-color:var(--next) } .next > .head, .next > .head .tag { color:var(--next) } .next > pre { background:var(--next-bg) }
.legend span { margin-right:1.25rem } .legend .i { color:var(--in); text-decoration:underline } .legend .d { color:var(--out); text-decoration:line-through } .legend .n { color:var(--next) }
@media print { .node { break-inside:avoid-page; -webkit-print-color-adjust:exact; print-color-adjust:exact } }
)";

class Page {
 public:
  Page(const Project& project, const ConsolidateRequest& request, const ConsolidatedText& text)
      : project_(project), request_(request), text_(text), tree_(text.agreement.compiled.tree), ast_(project.parsed().files.front().ast) {}

  std::string print() {
    const AgreementInfo& info = text_.agreement.schema().agreements.front();
    const std::string title = tree_[0].label.empty() ? info.name : tree_[0].label, day = format_date(request_.as_of);
    out_ += page_head(title + " · " + day, style, request_.chinese);
    out_ += fmt::format("<header>\n<h1>{}</h1>\n<p class=\"meta\">{} · <code>{}</code>{}</p>\n", xml_escaped(title),
                        request_.chinese ? fmt::format("截至 {} 的合并文本", day) : fmt::format("consolidated as of {}", day), xml_escaped(info.name),
                        info.status.empty() ? "" : " · " + xml_escaped(info.status_label.empty() ? info.status : info.status_label));
    out_ += fmt::format("<p class=\"meta legend\"><span class=\"i\">{}</span><span class=\"d\">{}</span><span class=\"n\">{}</span></p>\n</header>\n", say("增加或改写后的文字", "inserted or rewritten"),
                        say("被改写或删去的文字", "replaced or repealed"), say("尚未有效，或起日未定", "not yet in force, or the day is not set"));
    operations();
    out_ += fmt::format("<main>\n<h2>{}</h2>\n", say("条文", "Text"));
    children(0);
    out_ += "</main>\n</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  const char* say(const char* zh, const char* en) const { return request_.chinese ? zh : en; }
  std::string address(const std::string& chinese, const std::string& english) const { return request_.chinese || english.empty() ? chinese : english; }
  std::string_view slice(source::Span span) const { return project_.sources().text(span); }

  // A blank is shown with what it was set to.
  std::string day_words(const std::string& written) const {
    for (const std::string& set : request_.set)
      if (const std::size_t is = set.find('='); is != std::string::npos && set.substr(0, is) == written)
        return fmt::format(fmt::runtime(say("{}（{}）", "{} ({})")), set.substr(is + 1), written);
    return written;
  }
  std::string from_words(const document::Operation& operation, Truth in_force) const {
    std::string from;
    for (const auto& force : operation.in_force)
      if (force.from.valid()) from += (from.empty() ? "" : say("、", ", ")) + day_words(std::string(slice(ast_[force.from].span)));
    if (from.empty()) return say("一直有效", "always in force");
    if (in_force == Truth::unknown) return fmt::format(fmt::runtime(say("自 {} 起有效（未填）", "in force from {} (not set)")), from);
    return fmt::format(fmt::runtime(in_force == Truth::yes ? say("自 {} 起有效", "in force from {}") : say("自 {} 起，尚未有效", "from {}, not yet in force")), from);
  }
  const char* kind_words(document::OperationKind kind) const {
    switch (kind) {
      case document::OperationKind::insert: return say("增加", "insert");
      case document::OperationKind::replace: return say("改为", "replace");
      case document::OperationKind::append: return say("续写", "append");
      case document::OperationKind::repeal: return say("删去", "repeal");
      case document::OperationKind::renumber: return say("改号", "renumber");
    }
    return "";
  }
  std::string origin_words(std::uint32_t operation) const {
    const auto& o = tree_.operations()[operation];
    const auto& supplement = tree_.supplements()[o.supplement];
    return fmt::format("{} {}{}{}", xml_escaped(supplement.label.empty() ? supplement.name : supplement.label), xml_escaped(o.address), o.address.empty() ? "" : say("，", ", "),
                       xml_escaped(from_words(o, text_.operations[operation])));
  }

  void operations() {
    if (tree_.operations().empty()) return;
    out_ += fmt::format("<h2>{}</h2>\n<table>\n<thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead>\n<tbody>\n", say("补充文本所作的修改", "What supplements changed"),
                        say("出处", "origin"), say("修改", "operation"), say("位置", "place"), say("有效", "in force"));
    for (std::uint32_t i = 0; i < tree_.operations().size(); ++i) {
      const auto& o = tree_.operations()[i];
      const auto& supplement = tree_.supplements()[o.supplement];
      out_ += fmt::format("<tr><td>{} {}</td><td>{}</td><td><a href=\"#n{}\">{}</a></td><td>{}</td></tr>\n", xml_escaped(supplement.label.empty() ? supplement.name : supplement.label), xml_escaped(o.address),
                          kind_words(o.kind), o.node, xml_escaped(address(tree_[o.node].address, tree_[o.node].english)), xml_escaped(from_words(o, text_.operations[i])));
    }
    out_ += "</tbody>\n</table>\n";
  }

  std::string own_text(std::uint32_t id) const {
    const bool gone = text_.nodes[id] == Standing::removed;   // named things as they were named then
    return own_words(ast_, tree_, id, [&](source::Span span) { return gone ? std::string(slice(span)) : words_of_the_day(project_, text_, span); });
  }

  // Neighbours of which nothing but the place is known take one line.
  bool only_a_place(std::uint32_t id) const {
    const auto& n = tree_[id];
    return n.status == document::TextStatus::elsewhere && n.children.empty() && n.label.empty() && n.reason.empty() && n.put_by == no_node && n.renumbered_by == no_node && n.ended_by.empty();
  }
  void children(std::uint32_t parent) {
    const auto& all = tree_[parent].children;
    for (std::size_t i = 0; i < all.size();) {
      std::size_t end = i;
      while (end < all.size() && only_a_place(all[end])) ++end;
      if (end - i < 2) {
        node(all[i++]);
        continue;
      }
      const auto &first = tree_[all[i]], &last = tree_[all[end - 1]];
      out_ += fmt::format("<div class=\"node\">\n<div class=\"head\">{}</div>\n<p class=\"why\">{}</p>\n</div>\n",
                          xml_escaped(fmt::format(fmt::runtime(say("{}至{}", "{} to {}")), address(first.address, first.english), address(last.address, last.english))), say("另载", "elsewhere"));
      i = end;
    }
  }

  void node(std::uint32_t id) {
    const auto& n = tree_[id];
    const Standing standing = text_.nodes[id];
    const bool whole = n.path.back().level == syntax::Level::chapter || n.path.back().level == syntax::Level::section || n.path.back().level == syntax::Level::part;
    // What stands under a node that came or went says nothing new about it.
    const bool renumbered = n.renumbered_by != no_node || (n.later != no_node && tree_[n.later].same_as == id);
    const bool changed = n.put_by != no_node || n.renumbered_by != no_node || !n.ended_by.empty();
    const char* mark = standing == Standing::inserted ? "ins" : standing == Standing::removed ? "del" : standing == Standing::kept ? "" : "next";
    const char* wrap = standing == Standing::inserted ? "ins" : standing == Standing::removed ? "del" : "";
    const auto wrapped = [&](const std::string& text) { return *wrap ? fmt::format("<{0}>{1}</{0}>", wrap, text) : text; };
    std::string head = wrapped(xml_escaped(address(n.address, n.english)));
    if (!n.label.empty()) head += fmt::format("<span class=\"label\">{}</span>", wrapped(xml_escaped(n.label)));
    if (changed) {
      const char* tag = renumbered && (standing == Standing::removed || standing == Standing::inserted) ? say("改号", "renumbered")
                        : standing == Standing::removed ? (n.later != no_node ? say("已改写", "replaced") : say("已删去", "repealed"))
                        : standing == Standing::inserted ? (n.earlier != no_node ? say("改写", "rewritten") : say("增加", "inserted"))
                        : standing == Standing::ahead ? say("尚未有效", "not yet in force") : standing == Standing::blank ? say("起日未定", "day not set") : say("将变动", "will change");
      head += fmt::format("<span class=\"tag\">{}</span>", tag);
    }
    out_ += fmt::format("<{0} class=\"node {1}\" id=\"n{2}\">\n<div class=\"head\">{3}</div>\n", whole ? "section" : "div", mark, id, head);
    for (const std::uint32_t operation : {n.put_by, n.renumbered_by})
      if (operation != no_node) out_ += fmt::format("<p class=\"origin\">{}</p>\n", origin_words(operation));
    for (const auto operation : n.ended_by) out_ += fmt::format("<p class=\"origin\">{}{}</p>\n", say("改动出自：", "ended by: "), origin_words(operation));
    if (n.status == document::TextStatus::recorded) out_ += fmt::format("<p class=\"why\">{}{}</p>\n", say("仅载：", "recorded: "), xml_escaped(n.reason));
    if (n.status == document::TextStatus::elsewhere) out_ += fmt::format("<p class=\"why\">{}{}</p>\n", say("另载", "elsewhere"), n.reason.empty() ? "" : say("：", ": ") + xml_escaped(n.reason));
    if (const std::string text = own_text(id); !text.empty()) out_ += fmt::format("<pre>{}</pre>\n", wrapped(xml_escaped(text)));
    children(id);
    out_ += whole ? "</section>\n" : "</div>\n";
  }

  const Project& project_;
  const ConsolidateRequest& request_;
  const ConsolidatedText& text_;
  const document::Tree& tree_;
  const syntax::Ast& ast_;
  std::string out_;
};

}  // namespace

std::string consolidated_html(const Project& project, const ConsolidateRequest& request, const ConsolidatedText& text) { return Page(project, request, text).print(); }

}  // namespace tiao::driver
