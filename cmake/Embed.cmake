# llmc_bytes_of(FILE ARRAY RESULT): the bytes of a file as the definition of a C++ array, in RESULT; the build is configured again when
# the file changes.
function(llmc_bytes_of file array result)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n    " bytes "${bytes}")
  set(${result} "inline constexpr unsigned char ${array}[] = {\n    ${bytes}};\n" PARENT_SCOPE)
endfunction()
