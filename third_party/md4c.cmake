# MD4C 0.4.8 or newer. Markdown inside a paragraph. Debian: libmd4c-dev (by pkg-config: its CMake package wants the HTML renderer's
# library too, which is another package). Licence: MIT.
find_package(PkgConfig REQUIRED)
pkg_check_modules(MD4C REQUIRED IMPORTED_TARGET md4c>=0.4.8)
