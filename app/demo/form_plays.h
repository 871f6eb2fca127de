// What demo models do of which each answers one or more request forms in another way: one right, the others wrong as
// models and their servers are known to be. As one table of scripted behaviours.
//
// Thread contract: plain values and functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "demo/form_demand.h"
#include "demo/role_plays.h"

namespace llmc::demo {

// A model, and what it does otherwise than the right one: that thinks first, calls one tool after the other, each with
// what the one before it gave, answers with JSON where JSON is demanded, and repeats the last result where text is.
struct FormPlay {
    enum class Fields { taken, passed_over, refused };  // requests with "response_format" or "tools"

    std::string_view model;
    bool hears = true;                      // false: answers with prose whatever is demanded
    bool thinks_when_asked = true;          // false: only where nothing is demanded
    bool writes_json_as_reasoning = false;  // and no text
    bool writes_calls_as_text = false;      // those that the API has a place for
    Fields fields = Fields::taken;          // passed over: it ends well without a token
};

std::span<const FormPlay> form_plays();

// Whether the request is refused, for which these are the words.
bool refuses(const FormPlay& play, const FormDemand& demand);
inline constexpr std::string_view kFormRefusal = "'response_format' and 'tools' are not supported by this model";

struct FormAnswer {
    std::string reasoning, text;
    std::vector<PlayedCall> calls;
};
// The answer to one that is not refused.
FormAnswer answer_form(const FormPlay& play, const FormDemand& demand);

}  // namespace llmc::demo
