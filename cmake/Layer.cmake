# llmc_layer(NAME DEPENDS layer… LIBRARIES target… PRIVATE target…): one static library per layer of core. A layer exports its own
# include folder only, and sees those of the layers that it names: a forbidden include does not compile.
function(llmc_layer name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LIBRARIES;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/src/*.cpp)
  add_library(llmc_${name} STATIC ${sources})
  add_library(llmc::${name} ALIAS llmc_${name})
  target_include_directories(llmc_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/${name}/include PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/${name}/src)
  list(TRANSFORM ARG_DEPENDS PREPEND llmc::)
  target_link_libraries(llmc_${name} PUBLIC ${ARG_DEPENDS} ${ARG_LIBRARIES} PRIVATE ${ARG_PRIVATE} llmc_options)
endfunction()

# llmc_test(NAME LIBRARIES target…): one doctest program from tests/NAME/*.cpp, one ctest entry.
function(llmc_test name)
  cmake_parse_arguments(ARG "" "" "LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  add_executable(${name}_tests ${sources})
  target_include_directories(${name}_tests PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${name}_tests PRIVATE ${ARG_LIBRARIES} llmc_test_main fmt::fmt llmc_options)
  # A path in a definition would keep ccache from sharing objects between checkouts.
  add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -E env LLMC_TEST_DATA=${CMAKE_CURRENT_SOURCE_DIR}/data $<TARGET_FILE:${name}_tests>)
endfunction()
