#include "base/case_folding.h"

#include <doctest/doctest.h>

using llmc::base::fold_case;

TEST_CASE("simple case folding is that of Unicode's CaseFolding.txt") {
    struct Case {
        char32_t from, to;
    };
    const Case cases[] = {
        {U'A', U'a'},     {U'z', U'z'},       {U'@', U'@'},       {U'[', U'['},       {0xB5, 0x3BC},
        {0xC4, 0xE4},     {0xD7, 0xD7},       {0xDF, 0xDF},       {0x130, 0x130},     {0x131, 0x131},
        {0x178, 0xFF},    {0x17F, U's'},      {0x1C4, 0x1C6},     {0x1C5, 0x1C6},     {0x3A3, 0x3C3},
        {0x3C2, 0x3C3},   {0x3F4, 0x3B8},     {0x416, 0x436},     {0x531, 0x561},     {0x10A0, 0x2D00},
        {0x13F8, 0x13F0}, {0x1E9B, 0x1E61},   {0x1E9E, 0xDF},     {0x1F88, 0x1F80},   {0x2126, 0x3C9},
        {0x212A, U'k'},   {0x2160, 0x2170},   {0x24B6, 0x24D0},   {0xAB70, 0x13A0},   {0xFB05, 0xFB06},
        {0xFF21, 0xFF41}, {0x10400, 0x10428}, {0x1E900, 0x1E922}, {0x1F600, 0x1F600}, {0x10FFFF, 0x10FFFF},
    };
    for (const auto& c : cases) {
        CAPTURE(static_cast<unsigned>(c.from));
        CHECK(static_cast<unsigned>(fold_case(c.from)) == static_cast<unsigned>(c.to));
    }
}

TEST_CASE("folding is idempotent") {
    for (char32_t c = 0; c < 0x110000; ++c)
        if (fold_case(fold_case(c)) != fold_case(c)) FAIL_CHECK(static_cast<unsigned>(c));
}
