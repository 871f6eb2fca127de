# libzip 1.7 or newer. Other programs' archives, read in memory. Debian: libzip-dev. Licence: BSD-3-Clause.
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip>=1.7)
