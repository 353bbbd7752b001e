#include "compiler/driver/case_words.hpp"

#include <fmt/format.h>

#include "runtime/value/format.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::driver {

std::string case_heading(const Schema& schema, const verdict::Verdict& verdict, std::int64_t as_of, verdict::Language language) {
  const bool zh = language == verdict::Language::zh;
  const AgreementInfo& agreement = schema.agreements.front();
  const std::string text(verdict::named(agreement.name, agreement.label, language));
  std::string more;
  for (const std::string& part : {zh && !agreement.label.empty() ? agreement.name : std::string{}, agreement.edition,
                                  std::string(verdict::named(agreement.status, agreement.status_label, language))})
    if (!part.empty()) more += (more.empty() ? "" : zh ? "，" : ", ") + part;
  const std::string first = more.empty() ? text : fmt::format(fmt::runtime(zh ? "{}（{}）" : "{} ({})"), text, more);
  const Entity& entity = schema.entities[verdict.subject.entity];
  return first + '\n' + fmt::format(fmt::runtime(zh ? "{} {}，截至 {}：{}\n" : "{} {}, as of {}: {}\n"), verdict::named(entity.id, entity.label, language),
                                    verdict.subject.key, format_date(as_of), words(verdict.outcome, language));
}

std::string remedy_on_target(const verdict::Names& names, const verdict::RemedyEntry& entry, const verdict::RowName& subject, verdict::Language language) {
  std::string text = act_words(names, entry, language);
  if (entry.target.entity == subject.entity && entry.target.key == subject.key) return text;
  const Entity& entity = names.schema.entities[entry.target.entity];
  return text + fmt::format(fmt::runtime(language == verdict::Language::zh ? "（对{}{}）" : " (on {} {})"), verdict::named(entity.id, entity.label, language), entry.target.key);
}

}  // namespace tiao::driver
