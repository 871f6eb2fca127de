# llmc_example_suites(FOLDER): embeds assets/suites as gui/example_suite_files.h, found in FOLDER: no file has to be found at run time.
# A suite NAME.json may have its cases in NAME-*.csv, which come with it. Those in roles/ are marked as such.
include(Embed)
function(llmc_example_suites result)
  set(folder ${CMAKE_BINARY_DIR}/generated-suites)
  set(arrays "")
  set(entries "")
  set(count 0)
  file(GLOB suites CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/assets/suites/*.json)
  file(GLOB roles CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/assets/suites/roles/*.json)
  foreach(suite ${suites} ${roles})
    get_filename_component(name ${suite} NAME_WE)
    get_filename_component(place ${suite} DIRECTORY)
    file(GLOB cases CONFIGURE_DEPENDS ${place}/${name}-*.csv)
    set(is_role false)
    if(suite IN_LIST roles)
      set(is_role true)
    endif()
    set(parts "")
    foreach(file ${suite} ${cases})
      string(MAKE_C_IDENTIFIER "k_${name}_${count}" array)
      llmc_bytes_of(${file} ${array} definition)
      string(APPEND arrays "${definition}")
      list(APPEND parts "{${array}, sizeof ${array}}")
      math(EXPR count "${count} + 1")
    endforeach()
    list(JOIN parts ", " parts)
    # structured-extraction: "Structured extraction".
    string(REPLACE "-" " " title ${name})
    string(SUBSTRING ${title} 0 1 first)
    string(SUBSTRING ${title} 1 -1 rest)
    string(TOUPPER ${first} first)
    string(APPEND entries "    {\"${first}${rest}\", ${is_role}, ${parts}},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${folder}/gui/example_suite_files.h @ONLY CONTENT [[// The example suites, made from assets/suites when the program was configured.
#pragma once

#include <cstddef>

namespace llmc::gui {

struct EmbeddedFile {
    const unsigned char* bytes = nullptr;
    std::size_t size = 0;
};
struct EmbeddedSuite {
    const char* name;
    bool is_role;
    EmbeddedFile suite, cases;
};
@arrays@
inline constexpr EmbeddedSuite kEmbeddedSuites[] = {
@entries@};

}  // namespace llmc::gui
]])
  set(${result} ${folder} PARENT_SCOPE)
endfunction()
