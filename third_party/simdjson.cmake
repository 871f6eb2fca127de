# simdjson 3.0 or newer. The chunks of a stream: several times faster than a DOM. Debian: libsimdjson-dev. Licence: Apache-2.0 or MIT.
find_package(simdjson 3.0 REQUIRED)
