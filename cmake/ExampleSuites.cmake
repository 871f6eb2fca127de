# llmc_example_suites(FOLDER): embeds assets/suites as gui/example_suite_files.h, found in FOLDER: no file has to be found at run time.
# A suite NAME.json may have its cases in NAME-*.csv, which come with it.
include(Embed)
function(llmc_example_suites result)
  set(folder ${CMAKE_BINARY_DIR}/generated-suites)
  set(arrays "")
  set(entries "")
  set(count 0)
  file(GLOB suites CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/assets/suites/*.json)
  foreach(suite ${suites})
    get_filename_component(name ${suite} NAME_WE)
    file(GLOB cases CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/assets/suites/${name}-*.csv)
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
    string(APPEND entries "    {\"${first}${rest}\", ${parts}},\n")
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
    EmbeddedFile suite, cases;
};
@arrays@
inline constexpr EmbeddedSuite kEmbeddedSuites[] = {
@entries@};

}  // namespace llmc::gui
]])
  set(${result} ${folder} PARENT_SCOPE)
endfunction()
