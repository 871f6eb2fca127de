# JSON for Modern C++ 3.11 or newer. JSON of requests, manifests, files. Debian: nlohmann-json3-dev. Licence: MIT.
find_package(nlohmann_json 3.11 REQUIRED)
