# llmc_demo_roles(FOLDER): embeds assets/demo/roles.json as demo/role_steps_file.h, found in FOLDER: what the demo models play.
include(Embed)
function(llmc_demo_roles result)
  set(folder ${CMAKE_BINARY_DIR}/generated-demo)
  llmc_bytes_of(${CMAKE_SOURCE_DIR}/assets/demo/roles.json kRoleSteps array)
  file(CONFIGURE OUTPUT ${folder}/demo/role_steps_file.h @ONLY CONTENT [[// Made from assets/demo/roles.json when the program was configured.
#pragma once

namespace llmc::demo {

@array@
}  // namespace llmc::demo
]])
  set(${result} ${folder} PARENT_SCOPE)
endfunction()
