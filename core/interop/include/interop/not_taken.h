// What a file of another program says and ours has no counterpart for: told, never dropped silently.
//
// Thread contract: plain values.
#pragma once

#include <string>

namespace llmc::interop {

struct NotTaken {
    std::string file;
    std::string place;  // as people find it there: "prompts[3].expected.notes", "line 12"; empty: the file as a whole
    std::string what;

    bool operator==(const NotTaken&) const = default;
};

// "not taken over: FILE, PLACE: what", on one line whatever the file's words hold.
std::string words(const NotTaken& note);

}  // namespace llmc::interop
