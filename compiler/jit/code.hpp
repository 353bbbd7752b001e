// From modules to callable machine code: optimise, emit objects, link them with ORC. Objects are plain bytes, so that the cache
// can keep them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tiao::jit {

class Ir;

// How much work to put into machine code: quick for small runs, full for large ones. The results are the same.
enum class Effort : unsigned char { quick, full };

// The processor that code is made for, as part of a cache key.
std::string host_description();

// A function that machine code may call by name.
struct Symbol { const char* name; void* address; };

// Optimises the module and turns it into an object file. False: `error` says why.
bool emit_object(Ir& ir, Effort effort, std::string& object, std::string& error);

// Linked code; functions stay valid as long as it lives.
class Code {
 public:
  static std::unique_ptr<Code> link(const std::vector<std::string>& objects, const std::vector<Symbol>& symbols, std::string& error);
  ~Code();
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  void* find(const std::string& name, std::string& error) const;

 private:
  Code() = default;
  void* jit_ = nullptr;
};

}  // namespace tiao::jit
