// `--events`: what happens, one JSON object a line, as it happens (product.md section 10).
//
// Thread contract: the main thread.
// Invariants: lines are in the order in which things happened; the text of an answer comes before its final state,
// joined it is the answer's whole text; every line is written at once and is valid UTF-8.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "engine/events.h"

namespace llmc::cli {

base::OrderedJson text_or_null(const std::string& text);

class EventWriter {
public:
    explicit EventWriter(base::OutputFile file) : file_(std::move(file)) {}

    void write(const engine::Event& event);
    // What just arrived of an answer. `is_anew`: what was told of it before is to be forgotten; "anew": true says so.
    void text(const session::Answer& answer, const std::string& label, base::WallTime time, std::string_view text,
              std::string_view reasoning, bool is_anew = false);
    void end(base::WallTime time, int exit_status);

    // The first failure to write, once; the session goes on without events.
    std::optional<Error> take_error();

private:
    void line(const base::OrderedJson& object);
    base::OutputFile file_;
    std::optional<Error> error_;
    bool has_session_ = false;
    bool has_failed_ = false;
};

}  // namespace llmc::cli
