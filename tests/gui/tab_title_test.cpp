#include "gui/tab_title.h"

#include <vector>

#include <doctest/doctest.h>

using namespace llmc::gui;

TEST_CASE("names begin alike up to the end of a part, and none is left with nothing") {
    const struct {
        std::vector<std::string> names;
        std::size_t size;
    } rows[] = {
        {{}, 0},
        {{"qwen-7b"}, 0},
        {{"qwen2.5-7b-q4_k_m", "qwen2.5-7b-q5_k_m", "qwen2.5-7b-q8_0"}, 11},
        {{"qwen2.5-7b-q4_k_m", "qwen2.5-7b-q4_k_s"}, 16},
        {{"qwen", "mistral"}, 0},
        {{"same-name", "same-name"}, 5},
        {{"same-", "same-"}, 0},
        {{"org/alpha", "org/beta", "org/beta-2"}, 4},
        {{"", "x-y"}, 0},
    };
    for (const auto& row : rows) {
        std::vector<const std::string*> names;
        for (const std::string& name : row.names) names.push_back(&name);
        CAPTURE(row.names.size());
        CHECK(common_beginning(names) == row.size);
    }
}
