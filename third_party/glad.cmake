# glad 2.0. OpenGL 3.3 core functions, generated at build time from the package's own copy of the specification (no network).
# Debian: python3-glad. Licence: MIT (generator), public domain and Apache-2.0 (its output).
find_program(LLMC_GLAD_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)  # the system's: a Debian package serves that one
if(NOT LLMC_GLAD_PYTHON)
  find_program(LLMC_GLAD_PYTHON python3 REQUIRED)
endif()
set(glad_out ${CMAKE_BINARY_DIR}/glad)
add_custom_command(OUTPUT ${glad_out}/src/gl.c ${glad_out}/include/glad/gl.h
  COMMAND ${LLMC_GLAD_PYTHON} -m glad --reproducible --quiet --api gl:core=3.3 --extensions "" --out-path ${glad_out} c
  COMMENT "Generating the OpenGL loader" VERBATIM)
enable_language(C)
add_library(glad STATIC ${glad_out}/src/gl.c ${glad_out}/include/glad/gl.h)
target_include_directories(glad SYSTEM PUBLIC ${glad_out}/include)
add_library(llmc::glad ALIAS glad)
