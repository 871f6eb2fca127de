#include "text/case_folding.h"

namespace llmc::text {
namespace {

// In these ranges capital and small letters take turns.
constexpr struct {
    char32_t first, last;
    bool even_is_capital;
} kPairs[] = {
    {0x100, 0x12F, true},   {0x132, 0x137, true},   {0x139, 0x148, false}, {0x14A, 0x177, true},  {0x179, 0x17E, false},
    {0x1CD, 0x1DC, false},  {0x1DE, 0x1EF, true},   {0x1F8, 0x21F, true},  {0x222, 0x233, true},  {0x370, 0x373, true},
    {0x3D8, 0x3EF, true},   {0x460, 0x481, true},   {0x48A, 0x4BF, true},  {0x4C1, 0x4CE, false}, {0x4D0, 0x52F, true},
    {0x1E00, 0x1E95, true}, {0x1EA0, 0x1EFF, true},
};

}  // namespace

char32_t fold_case(char32_t c) {
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c < 0x100) return (c >= 0xC0 && c <= 0xDE && c != 0xD7) ? c + 32 : c == 0xB5 ? 0x3BC : c;
    if (c == 0x178) return 0xFF;
    if (c == 0x17F) return 's';
    for (const auto& pair : kPairs)
        if (c >= pair.first && c <= pair.last) return (c % 2 == 0) == pair.even_is_capital ? c + 1 : c;
    if (c == 0x386) return 0x3AC;
    if (c >= 0x388 && c <= 0x38A) return c + 37;
    if (c == 0x38C) return 0x3CC;
    if (c == 0x38E || c == 0x38F) return c + 63;
    if (c >= 0x391 && c <= 0x3AB && c != 0x3A2) return c + 32;
    if (c == 0x3C2) return 0x3C3;  // final sigma
    if (c >= 0x400 && c <= 0x40F) return c + 80;
    if (c >= 0x410 && c <= 0x42F) return c + 32;
    if (c == 0x4C0) return 0x4CF;
    if (c == 0x1E9E) return 0xDF;
    if (c >= 0xFF21 && c <= 0xFF3A) return c + 32;  // full width
    return c;
}

}  // namespace llmc::text
