// The eight requests, a row each.
//
// Thread contract: immutable.
#pragma once

#include <span>
#include <string_view>

#include "agent/request_form.h"

namespace llmc::probe {

struct ProbeRequest {
    enum class Demand {
        nothing,      // a plain question
        schema,       // JSON
        call,         // a tool has to be called
        no_call,      // none may be
        after_result  // a text, once a tool has said something
    };

    std::string_view id;
    Demand demand;
    std::string_view prompt;  // a prompt of a suite, as JSON without its id and form

    // Whether it is asked in this form, and whether that is a request of its own: not as native has it.
    bool applies_to(agent::RequestForm form) const;
    bool is_own_in(agent::RequestForm form) const;
};

std::span<const ProbeRequest> probe_requests();

}  // namespace llmc::probe
