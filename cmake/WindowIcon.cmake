# llmc_window_icon(TARGET): embeds assets/icons/window-*.rgba as gui/shell/window_icon.h: no picture has to be found or decoded at run time.
function(llmc_window_icon target)
  set(folder ${CMAKE_BINARY_DIR}/generated/gui/shell)
  set(arrays "")
  set(entries "")
  set(sizes 32 64)
  foreach(size ${sizes})
    set(file ${CMAKE_SOURCE_DIR}/assets/icons/window-${size}.rgba)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE "(................................................................................)" "\\1\n    " bytes "${bytes}")
    string(APPEND arrays "inline constexpr unsigned char kIcon${size}[] = {\n    ${bytes}};\n")
    string(APPEND entries "    WindowIcon{${size}, kIcon${size}},\n")
  endforeach()
  list(LENGTH sizes count)
  file(CONFIGURE OUTPUT ${folder}/window_icon.h @ONLY CONTENT [[// The window's icons, made from assets/icons when the program was configured.
#pragma once

#include <array>

namespace llmc::gui {

struct WindowIcon {
    int size;
    const unsigned char* rgba;
};
@arrays@
inline constexpr std::array<WindowIcon, @count@> kWindowIcons{
@entries@};

}  // namespace llmc::gui
]])
  target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated)
endfunction()
