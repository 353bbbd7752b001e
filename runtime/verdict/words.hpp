// The words of verdicts for people, in both languages. Data formats use identifiers instead.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/verdict/model.hpp"
#include "runtime/verdict/names.hpp"

namespace tiao::verdict {

std::string_view words(Outcome outcome, Language language);
std::string_view words(State state, Language language);
std::string_view words(Phase phase, Language language);
std::string_view words(DutyState state, Language language);
std::string_view words(NeedKind kind, Language language);
std::string_view words(program::Modality modality, Language language);

/// The label of a thing in Chinese, its identifier in English.
std::string_view named(std::string_view id, std::string_view label, Language language);

/// 1年2个月 / 1 year 2 months
std::string duration_words(std::int64_t packed, Language language);

/// 机构应当暂停支付资格 / facility must suspend_eligibility
std::string act_words(const Names& names, const RemedyEntry& entry, Language language);
/// 为期2个月，自2025-03-01，至2025-05-01（不含）; empty when there is nothing to say
std::string values_words(const Names& names, const RemedyEntry& entry, Language language);
std::string cites_words(const Names& names, const std::vector<NodeId>& cites, Language language);
/// incident[I7].degree -> 违规记录I7的责任程度; parameters and readings by their labels.
std::string thing_words(const Schema& schema, std::string_view name, Language language);
/// 违规记录I7责任程度（认定，由经办机构） / incident I7 degree (judgment, by agency)
std::string need_words(const Names& names, const Need& need, Language language);

/// One line of counts for the end of a run.
std::string summary_words(const Summary& summary, std::string_view engine, std::uint64_t rows, Language language);

}  // namespace tiao::verdict
