# valijson 1.0 or newer. JSON Schema draft 7. Its own `pattern` goes through std::regex, which can hang: ours goes through RE2.
# Debian: libvalijson-dev (headers only). Licence: BSD-2-Clause.
find_path(LLMC_VALIJSON_INCLUDE valijson/validator.hpp REQUIRED)
add_library(llmc_valijson INTERFACE)
target_include_directories(llmc_valijson SYSTEM INTERFACE ${LLMC_VALIJSON_INCLUDE})
target_compile_definitions(llmc_valijson INTERFACE VALIJSON_USE_EXCEPTIONS=1)  # else it ends the program where a schema is wrong
