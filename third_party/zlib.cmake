# zlib 1.2 or newer. Checksums of the crash journal's records. Debian: zlib1g-dev. Licence: Zlib.
find_package(ZLIB REQUIRED)
