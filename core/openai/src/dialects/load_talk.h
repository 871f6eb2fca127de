// One load or unload on its way: what a family's own way of it needs.
//
// Thread contract: that of change_load().
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "openai/model_loading.h"

namespace llmc::openai {

struct LoadTalk {
    net::HttpClient& client;
    const ServerAccess& access;
    const net::Deadlines& deadlines;
    const LoadChange& change;
    const net::Cancellation& cancellation;
    const std::function<bool(base::Duration)>& wait;  // false: cancelled

    // One request. Errors: also anything but JSON without an error in it, in the server's words, without the key.
    Result<base::Json> ask(std::string method, std::string path, const base::Json& body) const;
    // POST, below the server's root; only whether it went well.
    Result<void> tell(std::string_view path, const base::Json& body) const;
};

}  // namespace llmc::openai
