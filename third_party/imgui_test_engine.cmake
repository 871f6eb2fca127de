# Dear ImGui Test Engine, of the same source as third_party/imgui.cmake, and Dear ImGui built with its hooks. Drives the window's panels
# without a display. Licence: its own (free for open-source software); for tests only, never linked into the program.
set(imgui_te_root ${imgui_root}/imgui_test_engine)
if(NOT EXISTS ${imgui_te_root}/imgui_te_engine.cpp)
  message(FATAL_ERROR "The Dear ImGui Test Engine is not in ${imgui_te_root}. tools/setup fetches it; without tests it is not needed (-DLLMC_TESTS=OFF).")
endif()
file(WRITE ${CMAKE_BINARY_DIR}/imgui_te/llmc_imconfig.h.new "#pragma once\n#include <imgui_te_imconfig.h>\n")
file(COPY_FILE ${CMAKE_BINARY_DIR}/imgui_te/llmc_imconfig.h.new ${CMAKE_BINARY_DIR}/imgui_te/llmc_imconfig.h ONLY_IF_DIFFERENT)
llmc_imgui(imgui_te IMGUI_TEST_ENGINE_ENABLE_COROUTINE_STDTHREAD_IMPL=1
  IMGUI_TEST_ENGINE_ENABLE_STD_FUNCTION=1 IMGUI_USER_CONFIG="llmc_imconfig.h")
target_include_directories(imgui_te SYSTEM PUBLIC ${imgui_te_root} ${CMAKE_BINARY_DIR}/imgui_te)
file(GLOB imgui_te_sources ${imgui_te_root}/*.cpp)
list(FILTER imgui_te_sources EXCLUDE REGEX python_gil)
target_sources(imgui_te PRIVATE ${imgui_te_sources} ${imgui_root}/imgui/backends/imgui_impl_null.cpp)
