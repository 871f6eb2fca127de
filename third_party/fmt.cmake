# {fmt} 9 or newer. Text formatting (libstdc++ 12 has no std::format). Debian: libfmt-dev. Licence: MIT.
find_package(fmt 9 REQUIRED)
