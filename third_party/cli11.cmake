# CLI11 2.1 or newer. The command line. Debian: libcli11-dev. Licence: BSD-3-Clause.
find_package(CLI11 2.1 REQUIRED)
