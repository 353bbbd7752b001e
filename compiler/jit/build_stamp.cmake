# Writes the name of a build: a hash of what program and module are compiled from.
set(all "${FLAGS}")
foreach(source ${SOURCES})
  file(SHA256 ${source} hash)
  string(APPEND all "${hash}")
endforeach()
string(SHA256 name "${all}")
set(text "#include \"compiler/jit/machine.hpp\"\n\nnamespace tiao::jit {\nconst char* const build_of_machine = \"${name}\";\n}\n")
file(CONFIGURE OUTPUT ${OUT} CONTENT "${text}" @ONLY)
