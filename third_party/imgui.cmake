# Dear ImGui 1.93.0, docking branch (Debian has the branch without docking), ImPlot and the Dear ImGui Test Engine, from the source
# distribution of the Python package imgui-bundle, which carries the three (Dear ImGui with a small addition, stack layout, that is not used here); portable-file-dialogs too. Fetched by
# tools/imgui-sources into the cache folder. Licences: Dear ImGui and ImPlot MIT, portable-file-dialogs WTFPL, the Test Engine its own
# (free for open-source software): built for tests only, never linked into the program.
set(LLMC_IMGUI_VERSION 1.93.0)
set(LLMC_IMGUI_SHA256 10ad1dab8258a6787b4f07bb926b08d0efc648a7906242568c8dd778c5e719bf)

set(LLMC_IMGUI_DIR "" CACHE PATH "folder with imgui/ (docking branch), implot/, imgui_test_engine/, portable_file_dialogs/; empty: what tools/setup fetched")
set(imgui_root "${LLMC_IMGUI_DIR}")
if(NOT imgui_root)
  set(imgui_cache "$ENV{XDG_CACHE_HOME}")
  if(NOT imgui_cache)
    set(imgui_cache "$ENV{HOME}/.cache")
  endif()
  set(imgui_root "${imgui_cache}/llm-compare/imgui-${LLMC_IMGUI_VERSION}")
endif()
foreach(needed imgui/imgui.cpp imgui/backends/imgui_impl_glfw.cpp imgui/misc/freetype/imgui_freetype.cpp implot/implot.cpp
        portable_file_dialogs/portable_file_dialogs.h)
  if(NOT EXISTS "${imgui_root}/${needed}")
    message(FATAL_ERROR "Dear ImGui is not in ${imgui_root} (${needed} is missing). tools/setup fetches it; or give a folder with "
                        "-DLLMC_IMGUI_DIR=FOLDER, see ${CMAKE_CURRENT_LIST_FILE}.")
  endif()
endforeach()

# What our files that draw are compiled with. The configuration is part of the ABI, so it comes with the headers; the test engine's hooks
# are not: they are in Dear ImGui's own files only, and a program chooses by linking "imgui" or "imgui_te" (third_party/imgui_test_engine.cmake).
add_library(imgui_headers INTERFACE)
target_include_directories(imgui_headers SYSTEM INTERFACE ${imgui_root}/imgui ${imgui_root}/imgui/backends ${imgui_root}/imgui/misc/freetype ${imgui_root}/implot)
target_compile_definitions(imgui_headers INTERFACE IMGUI_USE_WCHAR32 IMGUI_ENABLE_FREETYPE IMGUI_DISABLE_OBSOLETE_FUNCTIONS
  IMGUI_DISABLE_DEMO_WINDOWS IMGUI_DISABLE_DEBUG_TOOLS)

# llmc_imgui(NAME [definitions…]): Dear ImGui with FreeType, and ImPlot for the one type of number that is plotted; no backend.
function(llmc_imgui name)
  add_library(${name} STATIC
    ${imgui_root}/imgui/imgui.cpp ${imgui_root}/imgui/imgui_draw.cpp ${imgui_root}/imgui/imgui_tables.cpp
    ${imgui_root}/imgui/imgui_widgets.cpp ${imgui_root}/imgui/imgui_stacklayout.cpp ${imgui_root}/imgui/misc/freetype/imgui_freetype.cpp
    ${imgui_root}/implot/implot.cpp ${imgui_root}/implot/implot_items.cpp)
  target_link_libraries(${name} PUBLIC imgui_headers Freetype::Freetype)
  target_compile_definitions(${name} PRIVATE "IMPLOT_CUSTOM_NUMERIC_TYPES=(double)" PUBLIC ${ARGN})
  # Sanitizers watch our code; instrumented, Dear ImGui alone would take minutes to compile.
  if(LLMC_SANITIZE)
    target_compile_options(${name} PRIVATE -fno-sanitize=all)
  endif()
endfunction()

llmc_imgui(imgui)
add_library(portable_file_dialogs INTERFACE)
target_include_directories(portable_file_dialogs SYSTEM INTERFACE ${imgui_root}/portable_file_dialogs)

add_library(imgui_glfw STATIC ${imgui_root}/imgui/backends/imgui_impl_glfw.cpp ${imgui_root}/imgui/backends/imgui_impl_opengl3.cpp)
target_link_libraries(imgui_glfw PUBLIC imgui llmc::glfw llmc::glad)
target_compile_definitions(imgui_glfw PUBLIC IMGUI_IMPL_OPENGL_LOADER_CUSTOM PRIVATE GLFW_INCLUDE_NONE)
target_compile_options(imgui_glfw PRIVATE -include glad/gl.h)
