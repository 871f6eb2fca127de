#include "interop/not_taken.h"

#include <doctest/doctest.h>

using namespace llmc::interop;

TEST_CASE("a thing that was not taken over is told with file and place, on one line") {
    CHECK(words({"tests.json", "prompts[2].notes", "has no counterpart"}) ==
          "not taken over: tests.json, prompts[2].notes: has no counterpart");
    CHECK(words({"tests.yaml", "", "outputPath"}) == "not taken over: tests.yaml: outputPath");
    const std::string told = words({"a\nb.json", "x\x1b[31m", "two\nlines"});
    CHECK(told.find('\n') == std::string::npos);
    CHECK(told.find('\x1b') == std::string::npos);
}
