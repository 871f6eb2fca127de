# Headers that nearly every file reads, compiled once: parsing them was four fifths of a build. Of other people's headers only, so that
# no layer sees more of ours than it names. Files include what they use all the same.
set(headers <algorithm> <array> <atomic> <bit> <charconv> <chrono> <cmath> <cstddef> <cstdint> <cstring> <deque> <filesystem> <functional>
  <limits> <map> <memory> <mutex> <numeric> <optional> <set> <span> <string> <string_view> <thread> <tuple> <unordered_map> <utility>
  <variant> <vector> <fmt/format.h> <nlohmann/json.hpp>)

file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cpp CONTENT "")
add_library(llmc_precompiled STATIC ${CMAKE_BINARY_DIR}/precompiled.cpp)
target_link_libraries(llmc_precompiled PRIVATE llmc_options)
target_precompile_headers(llmc_precompiled PRIVATE ${headers})
if(LLMC_TESTS)
  add_library(llmc_precompiled_tests STATIC ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(llmc_precompiled_tests PRIVATE llmc_options doctest::doctest)
  target_precompile_headers(llmc_precompiled_tests PRIVATE ${headers} <doctest/doctest.h>)
endif()

# llmc_use_precompiled(): every target of this folder and those below that is compiled with llmc_options takes them.
function(llmc_use_precompiled)
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
      if(doctest::doctest IN_LIST libraries)
        set(from llmc_precompiled_tests)
      endif()
      target_precompile_headers(${target} REUSE_FROM ${from})
    endforeach()
  endwhile()
endfunction()
