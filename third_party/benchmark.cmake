# Google Benchmark 1.7 or newer. Micro-benchmarks. Debian: libbenchmark-dev. Licence: Apache-2.0.
find_package(benchmark 1.7 REQUIRED)
