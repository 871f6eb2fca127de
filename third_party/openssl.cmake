# OpenSSL 3.0 or newer. TLS for cpp-httplib. Debian: libssl-dev. Licence: Apache-2.0.
find_package(OpenSSL 3.0 REQUIRED)
