// A model server that says what a story tells it to say, when it tells it.
//
// Thread contract: say() and its like by the story; the server answers on threads of its own. Every request that is
// running hears the whole script from its start, so that all candidates of a round say the same; a further step of a
// loop hears what follows the finish() of the step before.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "demo/listener.h"

namespace llmc::stories {

class PacedServer {
public:
    explicit PacedServer(std::vector<std::string> models);

    std::string url() const { return listener_->url(); }
    std::vector<base::Json> requests() const;  // bodies of all chats so far

    void think(std::string_view text);
    void say(std::string_view text);
    void call(std::string_view name, std::string_view arguments);  // one a step
    void finish();                                                 // ends the answers well
    void drop();                                                   // closes the connections in the middle
    void begin_anew();                                             // the next answers have another script

private:
    struct Line {
        enum class Kind { thought, text, call, end, drop };
        Kind kind = Kind::text;
        std::string text, name;
    };
    void add(Line::Kind kind, std::string_view text, std::string_view name = {});
    void serve(demo::Connection& connection);
    void chat(demo::Connection& connection, int skipped);
    std::vector<Line> lines_from(std::size_t at, std::uint64_t script) const;

    std::vector<std::string> models_;
    mutable std::mutex mutex_;
    std::vector<Line> script_;
    std::uint64_t script_number_ = 0;
    std::vector<base::Json> requests_;
    std::unique_ptr<demo::Listener> listener_;  // last: its threads end first
};

}  // namespace llmc::stories
