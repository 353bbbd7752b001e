// The facts that a scenario gives, as a run takes them.
#pragma once

#include "compiler/check/scenario.hpp"
#include "compiler/driver/failure.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/program/schema.hpp"

namespace tiao::driver {

/// In a scenario every register is closed unless it is marked open. Fails with the facts' own messages.
Status facts_of(const Schema& schema, const check::Scenario& scenario, facts::FactBase& out);

}  // namespace tiao::driver
