# simdjson 3.0 or newer. The chunks of a stream: several times faster than a DOM. Debian: libsimdjson-dev. Licence: Apache-2.0 or MIT.
find_package(simdjson REQUIRED)  # asked for a version, newer ones take no other minor version than their own
if(simdjson_VERSION VERSION_LESS 3.0)
  message(FATAL_ERROR "simdjson 3.0 or newer is needed; ${simdjson_DIR} has ${simdjson_VERSION}")
endif()
