#include "demo/faults.h"

#include <array>

namespace llmc::demo {
namespace {

constexpr std::array kFaults{
    FaultRow{Fault::none, "none", "answers well, unless the prompt has the word \"fail\" in it: then as drop"},
    FaultRow{Fault::drop, "drop", "closes the connection in the middle of an answer"},
    FaultRow{Fault::stall, "stall", "falls silent in the middle of an answer, and keeps the connection"},
    FaultRow{Fault::error_in_200, "error200", "answers with status 200 and an error in JSON"},
    FaultRow{Fault::empty, "empty", "ends well without a token"},
    FaultRow{Fault::bad_utf8, "bad-utf8", "sends half a character in the middle of an answer"},
    FaultRow{Fault::overflow, "overflow", "says that the prompt does not fit into the context"},
    FaultRow{Fault::slow_load, "slow-load", "says \"Loading model\" for the first 5 seconds, then answers"},
    FaultRow{Fault::busy, "busy", "is busy (429, Retry-After: 1) twice before each answer"},
    FaultRow{Fault::reset, "reset", "resets the connection in the middle of an answer"},
    FaultRow{Fault::error_in_stream, "error-in-stream", "says in the middle of an answer that the model has crashed"},
    FaultRow{Fault::html, "html", "answers with status 200 and a page that asks to log in"},
};

}  // namespace

std::span<const FaultRow> faults() {
    return kFaults;
}

std::optional<Fault> fault_from(std::string_view name) {
    for (const FaultRow& row : kFaults)
        if (row.name == name) return row.fault;
    return std::nullopt;
}

}  // namespace llmc::demo
