# Headers that nearly every file reads, compiled once: parsing them was four fifths of a build. Of other people's headers only, so that
# no layer sees more of ours than it names. Files include what they use all the same.
set(headers <algorithm> <array> <atomic> <bit> <charconv> <chrono> <cmath> <cstddef> <cstdint> <cstring> <deque> <filesystem> <functional>
  <limits> <map> <memory> <mutex> <numeric> <optional> <set> <span> <string> <string_view> <thread> <tuple> <unordered_map> <utility>
  <variant> <vector> <fmt/format.h> <nlohmann/json.hpp>)

# Several files as one: a build from nothing takes half as long, one after a small change longer. A build without it keeps files honest
# about what they include.
option(LLMC_UNITY "compile eight files at a time" OFF)

# What tests hold of the program is compiled as the program is; their own code is run once.
set(LLMC_TEST_OPTIONS $<$<CONFIG:Release>:-O1>)
if(LLMC_SANITIZE MATCHES "undefined")
  list(APPEND LLMC_TEST_OPTIONS -fno-sanitize=undefined)
endif()

# llmc_precompile(NAME LIBRARIES target… HEADERS <header>…)
function(llmc_precompile name)
  cmake_parse_arguments(ARG "" "" "LIBRARIES;HEADERS" ${ARGN})
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cpp CONTENT "")
  add_library(${name} STATIC ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(${name} PRIVATE llmc_options ${ARG_LIBRARIES})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
  # The precompiled file differs from folder to folder, and ccache would take no object of another checkout: it is told what the headers
  # say instead (CCACHE_PCH_EXTSUM in cmake/Options.cmake).
  list(TRANSFORM ARG_HEADERS PREPEND "#include ")
  list(JOIN ARG_HEADERS "\n" text)
  file(WRITE ${CMAKE_BINARY_DIR}/${name}.cpp "${text}\n")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -E ${CMAKE_BINARY_DIR}/${name}.cpp -P OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  string(SHA256 sum "${text}")
  file(WRITE ${CMAKE_BINARY_DIR}/CMakeFiles/${name}.dir/cmake_pch.hxx.gch.sum ${sum})
endfunction()

llmc_precompile(llmc_precompiled HEADERS ${headers})
if(LLMC_TESTS)
  llmc_precompile(llmc_precompiled_tests LIBRARIES doctest::doctest HEADERS ${headers} <doctest/doctest.h>)
  target_compile_options(llmc_precompiled_tests PRIVATE ${LLMC_TEST_OPTIONS})
endif()

# llmc_finish_targets(): what holds for every target of this folder and those below that is compiled with llmc_options.
function(llmc_finish_targets)
  set(folders ${CMAKE_CURRENT_SOURCE_DIR})
  while(folders)
    list(POP_FRONT folders folder)
    get_property(below DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
    list(APPEND folders ${below})
    get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target ${targets})
      get_target_property(libraries ${target} LINK_LIBRARIES)
      get_target_property(own ${target} PRECOMPILE_HEADERS)
      if(own OR NOT llmc_options IN_LIST libraries)
        continue()
      endif()
      set(from llmc_precompiled)
      if(doctest::doctest IN_LIST libraries OR llmc_test_main IN_LIST libraries)
        set(from llmc_precompiled_tests)
        target_compile_options(${target} PRIVATE ${LLMC_TEST_OPTIONS})
      endif()
      target_precompile_headers(${target} REUSE_FROM ${from})
      set_target_properties(${target} PROPERTIES UNITY_BUILD ${LLMC_UNITY} UNITY_BUILD_BATCH_SIZE 8)
      if(LLMC_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE -Wno-subobject-linkage)  # every unnamed namespace is in an included file
      endif()
    endforeach()
  endwhile()
endfunction()
