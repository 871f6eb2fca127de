# doctest 2.4 or newer. Unit tests. Debian: doctest-dev. Licence: MIT.
find_package(doctest 2.4 REQUIRED)
