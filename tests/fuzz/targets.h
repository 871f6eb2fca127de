// What is fuzzed. Each target takes bytes as they may come from outside and must neither crash, hang nor break its
// promise; a broken promise ends the program, so that a fuzzer sees it.
//
// Thread contract: one thread; a target keeps nothing between two calls.
// Two programs call them: one per target with libFuzzer (entry.cpp, preset "fuzz"), and replay.cpp with all of them in
// any build, for a fixed number of inputs.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace llmc::fuzz {

void utf8(std::string_view bytes);
void sse_chunks(std::string_view bytes);
void http_response(std::string_view bytes);
void server_words(std::string_view bytes);
void config(std::string_view bytes);
void keys(std::string_view bytes);
void session_file(std::string_view bytes);
void markdown(std::string_view bytes);
void exporters(std::string_view bytes);
void journal(std::string_view bytes);
void suite(std::string_view bytes);
void loop(std::string_view bytes);
void yaml_edit(std::string_view bytes);
void importers(std::string_view bytes);

inline void promise(bool is_kept, const char* what) {
    if (is_kept) return;
    std::fprintf(stderr, "a broken promise: %s\n", what);
    std::abort();
}

}  // namespace llmc::fuzz
