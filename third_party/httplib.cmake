# cpp-httplib 0.11 or newer. HTTP client. Debian: libcpp-httplib-dev (0.11.4: a compiled library with a pkg-config file, whose flags
# must be used as they are, since they change the layout of its classes). Licence: MIT.
find_package(PkgConfig REQUIRED)
pkg_check_modules(CPP_HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib>=0.11)
add_library(llmc_httplib INTERFACE)
target_link_libraries(llmc_httplib INTERFACE PkgConfig::CPP_HTTPLIB OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
# Newer header-only versions would wait a second for "100 Continue" before a body.
target_compile_definitions(llmc_httplib INTERFACE CPPHTTPLIB_EXPECT_100_THRESHOLD=0)
