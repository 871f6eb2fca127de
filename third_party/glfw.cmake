# GLFW 3.3 or newer. Windows, input, OpenGL contexts. Debian: libglfw3-dev. Licence: zlib.
find_package(glfw3 3.3 REQUIRED)
add_library(llmc::glfw ALIAS glfw)
