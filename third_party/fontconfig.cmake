# fontconfig 2.13 or newer. Which fonts the system has. Debian: libfontconfig-dev. Licence: MIT-like.
find_package(Fontconfig 2.13 REQUIRED)
