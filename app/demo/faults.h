// What a server can do wrong, as one table of scripted behaviours.
//
// Thread contract: plain values.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace llmc::demo {

enum class Fault {
    none,
    drop,
    stall,
    error_in_200,
    empty,
    bad_utf8,
    overflow,
    slow_load,
    busy,
    reset,
    error_in_stream,
    html
};

struct FaultRow {
    Fault fault;
    std::string_view name;  // on the command line
    std::string_view what;  // for its help
};

std::span<const FaultRow> faults();
std::optional<Fault> fault_from(std::string_view name);

}  // namespace llmc::demo
