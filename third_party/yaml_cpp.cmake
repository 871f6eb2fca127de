# yaml-cpp 0.7 or newer. The casting sheet as YAML. Debian: libyaml-cpp-dev. Licence: MIT.
find_package(PkgConfig REQUIRED)
pkg_check_modules(YAML_CPP REQUIRED IMPORTED_TARGET yaml-cpp>=0.7)
