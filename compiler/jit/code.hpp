// From modules to callable machine code: optimise, emit objects, link them with ORC. Objects are plain bytes, so that the cache
// can keep them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/jit/machine.hpp"

namespace tiao::jit {

class Ir;

// The processor that code is made for.
std::string host_description();

// Optimises the module and turns it into an object file. False: `error` says why.
bool emit_object(Ir& ir, Effort effort, std::string& object, std::string& error);

// Null: `error` says why.
std::unique_ptr<Code> link_objects(const std::vector<std::string>& objects, const std::vector<Symbol>& symbols, std::string& error);

}  // namespace tiao::jit
