# What every target of ours is compiled with. Third-party headers are system headers: their warnings are not ours.
add_library(llmc_options INTERFACE)
# What decides whom a precompiled header fits is the same for all: some libraries' flags have -pthread, others have not.
target_link_libraries(llmc_options INTERFACE fmt::fmt)
target_compile_options(llmc_options INTERFACE -pthread)
target_compile_options(llmc_options INTERFACE -Wall -Wextra -Wconversion -Wshadow
  -Wno-missing-field-initializers)  # designated initialisers name what is set, the rest has its defaults
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlaps and bounds in std::string that are not there (GCC bug 105651), and says so of system headers that are precompiled.
  target_compile_options(llmc_options INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(llmc_options INTERFACE -Wthread-safety)  # base/mutex.h
endif()
if(LLMC_WERROR)
  target_compile_options(llmc_options INTERFACE -Werror)
endif()

set(LLMC_SANITIZE "" CACHE STRING "sanitizers, as for -fsanitize=")
if(LLMC_SANITIZE)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(llmc_options INTERFACE -Wno-maybe-uninitialized)  # GCC 12: false alarms in instrumented code
  endif()
  add_compile_options(-fsanitize=${LLMC_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)  # names and lines, for reports; more costs a quarter of the build
  add_link_options(-fsanitize=${LLMC_SANITIZE})
endif()

find_program(LLMC_CCACHE ccache)
if(LLMC_CCACHE)
  # Objects of one checkout serve another one in another folder. The two kinds of sloppiness are what ccache asks for with
  # precompiled headers: none of ours depends on the time of the build.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_PCH_EXTSUM=1 ${LLMC_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)  # ccache then reads a few lines per file, not all that is precompiled
  endif()
endif()
