# Generated code builds its tables before main() begins, also in runs that read no text. This takes that out: prepare() does it.
foreach(class TiaoLexer TiaoParser)
  file(READ ${FOLDER}/${class}.cpp text)
  string(REPLACE "${class}::Initializer ${class}::_init;" "" lazy "${text}")
  if(lazy STREQUAL text)
    message(FATAL_ERROR "${class}.cpp has no initializer where it is expected")
  endif()
  file(WRITE ${FOLDER}/${class}.cpp "${lazy}")
endforeach()
