# RE2 20220601 or newer. Regular expressions of suites: their time is linear in the text, whatever the pattern is. Debian: libre2-dev.
# Licence: BSD-3-Clause.
find_package(PkgConfig REQUIRED)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
