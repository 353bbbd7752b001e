// The columns of the facts that the hand-written twin reads, as plain pointers.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/facts/tables.hpp"

namespace tiao::bench {

using Numbers = const std::int64_t*;   // numbers, dates, choices as masks, texts as ids, refs as rows
using Flags = const std::uint8_t*;     // Truth

/// Rows of a register; those of parent p are begin(p) .. end(p).
struct Rows {
  std::uint32_t rows = 0;
  const std::uint32_t* offsets = nullptr;
  std::uint32_t begin(std::uint32_t p) const { return offsets[p]; }
  std::uint32_t end(std::uint32_t p) const { return offsets[p + 1]; }
};

struct IncidentTable : Rows {
  Numbers key, facility, behaviour, type, behaviour_date, inspection, kind, basis, target, decision, degree, points, notice, notified;
  Numbers used, limit, action, assessor, part;
  Flags responsible, reason, fault, place, category, scope, lent, unlisted, fits_1_3, fits_4_6, fits_7_9, fits_10_12, heard, own, entered, displaced;
};
struct PersonTable : Rows {
  Numbers person_class, commitment, recommitted;
  Flags provides, named, responsible, otherwise_related, topics[5], multi_site, marked, handed_over, late_notice;
};
struct RegistrationTable : Rows {
  Numbers facility, from, to, registered, code;
  Flags has[11];
};
struct StatusTable : Rows { Numbers facility, status, effective; };
struct RepairTable : Rows {
  Numbers kind, approved, organised, remitted, cut;
  const std::uint8_t *remitted_given, *cut_given;   // Presence
  Flags consented, passed, effective, short_hours;
};
struct AppealTable : Rows {
  Numbers target, about, filed, result, resolved, points;
  Flags signed_, sealed, explained, disputed, reviewed;
};
struct ApplicationTable : Rows { Numbers applied, assessed, told; Flags consented, meets; };
struct FeeTable : Rows { Numbers service, emergency; };
struct LoanTable : Rows { Numbers beneficiary; };
struct SiteTable : Rows { Numbers facility, started; };
struct DepartureTable : Rows { Numbers facility, left, updated; };
struct FacilityTable : Rows {
  Numbers kind, ownership, heads, signed_on, reported;
  Flags text_given, urged, rules, training, organised, informed, registered, maintained, declared, connected, accurate, query, appeals, guidance;
  Flags late_registration, late_maintenance, late_telling;
};
struct BulletinTable : Rows { Numbers subject, from, through, due, sent; Flags acted; };

/// All of it. `problem` names the first register or column that is not there.
struct TwinTables {
  TwinTables(const Schema& schema, const facts::FactBase& facts);
  TwinTables(const TwinTables&) = delete;
  TwinTables& operator=(const TwinTables&) = delete;
  std::string problem;
  std::deque<std::vector<std::uint8_t>> bytes;   // of truths and of what cells hold
  std::deque<std::vector<std::int64_t>> words;   // of narrow choices
  PersonTable person;
  IncidentTable incident;
  RegistrationTable registration;
  StatusTable status;
  RepairTable repair;
  AppealTable appeal;
  ApplicationTable application;
  FeeTable fee;
  LoanTable loan;
  SiteTable site;
  DepartureTable departure;
  FacilityTable facility;
  BulletinTable bulletin;
  std::int64_t empty_text = -1;          // id of ""
  const Calendar* calendar = nullptr;
};

}  // namespace tiao::bench
