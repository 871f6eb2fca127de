// Reads a journal back: its records become the document of a session file, which report::read_session() checks and
// reads.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "base/file.h"
#include "base/json.h"
#include "base/utf8.h"
#include "engine/journal.h"
#include "journal_format.h"
#include "journal_name.h"
#include "report/session_file.h"
#include "suite_tasks.h"

namespace llmc::engine {
namespace {

using base::OrderedJson;

// A head holds extra_body and other things from outside, as deep as any of them, at our own levels.
constexpr int kMaxDepth = 2 * base::kMaxJsonDepth;
constexpr std::uint64_t kMaxRound = 10'000'000;
constexpr std::size_t kRecordHead = 9;  // size, checksum, kind

std::uint64_t number_in(const OrderedJson& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

std::string text_in(const OrderedJson& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

OrderedJson tool_calls_of(std::string_view log) {
    OrderedJson json = OrderedJson::array();
    for (const openai::ToolCall& call : session::read_tool_call_log(log))
        json.push_back(OrderedJson{{"id", base::to_valid_utf8(call.id)},
                                   {"name", base::to_valid_utf8(call.name)},
                                   {"arguments", base::to_valid_utf8(call.arguments)}});
    return json;
}

class Assembly {
public:
    // False: the record holds something else than a journal's.
    bool take(const Record& record) {
        switch (record.kind) {
            case RecordKind::head: return take_head(record.payload);
            case RecordKind::queue: return take_queue(record.payload);
            case RecordKind::queue_taken: return take_from_queue(record.payload);
            case RecordKind::round: return take_round(record.payload);
            case RecordKind::answer: return take_answer(record.payload);
            case RecordKind::step: return take_step(record.payload);
            case RecordKind::text: return take_text(record.payload, &Stream::text);
            case RecordKind::reasoning: return take_text(record.payload, &Stream::reasoning);
            case RecordKind::tool_calls: return take_text(record.payload, &Stream::tool_calls);
        }
        return false;
    }

    bool has_head() const { return head_.is_object(); }

    // The document of a session file.
    OrderedJson document() {
        queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(std::exchange(taken_, 0)));
        bool is_unfinished = !queue_.empty();
        OrderedJson rounds = OrderedJson::array();
        for (auto& [number, round] : rounds_) {
            if (number != rounds.size() + 1) break;  // nothing is known of the rounds between
            std::set<std::string> complete;          // who is, by an attempt before
            for (const char* list : {"replaced", "answers"}) {
                OrderedJson answers = OrderedJson::array();
                for (const OrderedJson& key : round[list]) {
                    if (!key.is_object()) continue;
                    const bool is_further = complete.contains(text_in(key, "candidate"));
                    bool has_ended = true;
                    answers.push_back(answer(number, key, has_ended));
                    is_unfinished |= !has_ended && !is_further;
                    if (text_in(answers.back(), "state") == session::answer_state_name(session::AnswerState::complete))
                        complete.insert(text_in(key, "candidate"));
                }
                round[list] = std::move(answers);
            }
            rounds.push_back(std::move(round));
        }
        if (is_unfinished && head_.value("halted", OrderedJson()) != OrderedJson(true)) {
            head_["halted"] = true;
            head_["halt_reason"] =
                rounds.empty()
                    ? std::string("The program ended before the first round was finished.")
                    : fmt::format("The program ended before round {} and what follows it was finished.", rounds.size());
        }
        head_["queue"] = std::move(queue_);
        head_["rounds"] = std::move(rounds);
        return std::move(head_);
    }

private:
    struct Stream {
        std::string text, reasoning, tool_calls;
    };
    using Key = std::tuple<std::uint64_t, std::string, std::uint64_t>;  // round, candidate, attempt

    static Key key_of(const OrderedJson& json, std::uint64_t round) {
        return {round, text_in(json, "candidate"), number_in(json, "attempt")};
    }

    bool take_head(std::string_view payload) {
        auto json = base::parse_ordered_json(payload, kMaxDepth);
        if (!json || !json->is_object()) return false;
        head_ = std::move(*json);
        return true;
    }
    bool take_queue(std::string_view payload) {
        auto json = base::parse_ordered_json(payload, kMaxDepth);
        if (!json || !json->is_array()) return false;
        queue_ = std::move(*json);
        taken_ = 0;
        return true;
    }
    bool take_from_queue(std::string_view payload) {
        const auto count = take_number(payload);
        if (!count || *count > queue_.size() - taken_) return false;
        taken_ += *count;
        return true;
    }
    bool take_round(std::string_view payload) {
        auto json = base::parse_ordered_json(payload, kMaxDepth);
        if (!json || !json->is_object()) return false;
        const std::uint64_t number = number_in(*json, "round");
        if (number == 0 || number > kMaxRound) return false;
        for (const char* list : {"answers", "replaced"})
            if (!json->contains(list) || !(*json)[list].is_array()) return false;
        rounds_[number] = std::move(*json);
        return true;
    }
    bool take_answer(std::string_view payload) {
        auto json = base::parse_ordered_json(payload, kMaxDepth);
        if (!json || !json->is_object()) return false;
        const Key key = key_of(*json, number_in(*json, "round"));
        answers_[key] = std::move(*json);
        return true;
    }
    bool take_step(std::string_view payload) {
        auto json = base::parse_ordered_json(payload, kMaxDepth);
        if (!json || !json->is_object()) return false;
        const Key key = key_of(*json, number_in(*json, "round"));
        const std::uint64_t index = number_in(*json, "index");
        for (const char* name : {"round", "candidate", "attempt"}) json->erase(name);
        OrderedJson& steps = steps_[key];
        if (index < 1 || index > steps.size() + 1) return false;
        if (index <= steps.size())
            steps[index - 1] = std::move(*json);
        else
            steps.push_back(std::move(*json));
        return true;
    }
    bool take_text(std::string_view payload, std::string Stream::*part) {
        const auto number = take_number(payload);
        if (!number) return false;
        (streams_[*number].*part).append(payload);
        return true;
    }

    OrderedJson answer(std::uint64_t round, const OrderedJson& key, bool& has_ended) {
        OrderedJson json;
        const auto found = answers_.find(key_of(key, round));
        const bool was_sent = found != answers_.end();
        if (was_sent)
            json = found->second;
        else
            json = OrderedJson{
                {"candidate", text_in(key, "candidate")}, {"round", round}, {"attempt", number_in(key, "attempt")}};
        const auto state = session::answer_state_from(text_in(json, "state"));
        has_ended = state && session::is_final(*state);
        if (const auto stream = streams_.find(static_cast<std::uint32_t>(number_in(json, "stream")));
            stream != streams_.end()) {
            json["text"] = base::to_valid_utf8(stream->second.text);
            json["reasoning"] = base::to_valid_utf8(stream->second.reasoning);
            if (!has_ended) json["tool_calls"] = tool_calls_of(stream->second.tool_calls);
        }
        json.erase("stream");
        if (const auto steps = steps_.find(key_of(key, round)); steps != steps_.end())
            add_steps(json, steps->second, has_ended);
        json.erase("steps_before");
        if (!has_ended) {
            json["state"] = session::answer_state_name(session::AnswerState::interrupted);
            if (!json.contains("warnings") || !json["warnings"].is_array()) json["warnings"] = OrderedJson::array();
            json["warnings"].push_back(was_sent ? "The program ended while this answer was coming."
                                                : "The program ended before this prompt was sent.");
        }
        return json;
    }

    // Those that have ended, and what came of the one that was under way.
    static void add_steps(OrderedJson& json, const OrderedJson& ended, bool has_ended) {
        OrderedJson steps = ended;
        if (!has_ended) {
            OrderedJson running_calls = std::exchange(json["tool_calls"], OrderedJson::array());
            const bool has_running = number_in(json, "steps_before") >= steps.size() && json.contains("text");
            if (has_running) {
                const OrderedJson& last = steps.back();
                OrderedJson step{{"index", steps.size() + 1},
                                 {"turn", number_in(last, "turn") + (last["tool_calls"].empty() ? 1 : 0)},
                                 {"state", session::answer_state_name(session::AnswerState::interrupted)},
                                 {"text", json["text"]},
                                 {"reasoning", json["reasoning"]},
                                 {"tool_calls", std::move(running_calls)}};
                steps.push_back(std::move(step));
            }
            for (const OrderedJson& step : steps)
                for (const OrderedJson& call : step["tool_calls"])
                    json["tool_calls"].push_back(OrderedJson{{"id", text_in(call, "id")},
                                                             {"name", text_in(call, "name")},
                                                             {"arguments", text_in(call, "arguments")}});
        }
        json["steps"] = std::move(steps);
    }

    OrderedJson head_;
    OrderedJson queue_ = OrderedJson::array();
    std::size_t taken_ = 0;  // of its front
    std::map<std::uint64_t, OrderedJson> rounds_;
    std::map<Key, OrderedJson> answers_;
    std::map<Key, OrderedJson> steps_;  // lists
    std::map<std::uint32_t, Stream> streams_;
};

bool is_journal(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    return name.starts_with(kJournalPrefix) && name.ends_with(kJournalSuffix);
}

Error damaged(std::string_view name, std::string_view what) {
    return {ErrorKind::parse, fmt::format("{}: {}", name, what)};
}

// Whether the bytes from `begin` are one record that ends too early. A damaged length may say that much, too: then
// whole records follow.
bool is_cut_short(std::string_view bytes, std::size_t begin) {
    if (bytes.size() - begin >= kRecordHead) {
        std::string_view head = bytes.substr(begin);
        const std::uint32_t size = *take_number(head);
        if (size <= bytes.size() - begin - kRecordHead) return false;
    }
    for (std::size_t at = begin + 1; at + kRecordHead <= bytes.size(); ++at) {
        const auto kind = static_cast<unsigned char>(bytes[at + kRecordHead - 1]);
        if (kind < static_cast<unsigned char>(RecordKind::head) || kind > static_cast<unsigned char>(kLastRecordKind))
            continue;  // hardly a byte of a text: what would take long is not tried there
        // A reader begins behind as many bytes as the mark has.
        if (RecordReader(bytes.substr(at - kJournalMark.size())).next()) return false;
    }
    return true;
}

Result<base::LockedFile> claim_to(std::string_view what, const std::filesystem::path& path) {
    auto claimed = base::LockedFile::claim(path);
    if (!claimed) return claimed.error();
    if (!*claimed)
        return Error{ErrorKind::io, fmt::format("cannot {} {}: another program has it in use", what, path.string())};
    return std::move(**claimed);
}

}  // namespace

Result<Recovered> read_journal(std::string_view bytes, std::string_view name) {
    RecordReader reader(bytes);
    if (!reader.has_mark()) return damaged(name, "this is no journal of this program");
    Assembly assembly;
    Recovered recovered;
    while (const auto record = reader.next()) {
        if (assembly.take(*record)) continue;
        recovered.damage = fmt::format("the record that ends at byte {} is no record of a journal", reader.at());
        break;
    }
    if (recovered.damage.empty() && reader.bytes_left() > 0) {
        recovered.damage =
            fmt::format("the last {} bytes, from byte {}, are no whole record", reader.bytes_left(), reader.at());
        recovered.is_torn = is_cut_short(bytes, reader.at());
    }
    if (!assembly.has_head())
        return damaged(name, recovered.damage.empty() ? "it holds nothing yet" : recovered.damage);
    auto session = report::read_session(base::dump_json(assembly.document()), name);
    if (!session) return session.error();
    recovered.session = std::move(*session);
    judge_unfinished(recovered.session);
    return recovered;
}

Result<Recovered> read_journal(const std::filesystem::path& path) {
    const auto bytes = base::read_file(path, report::kMaxSessionFileBytes);
    if (!bytes) return bytes.error();
    return read_journal(*bytes, path.string());
}

std::vector<FoundJournal> find_journals(const std::filesystem::path& folder) {
    std::vector<FoundJournal> found;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        if (!is_journal(entry->path()) || !entry->is_regular_file(ignored)) continue;
        const auto claimed = base::LockedFile::claim(entry->path());
        if (claimed && !*claimed && !std::filesystem::exists(entry->path(), ignored)) continue;  // gone meanwhile
        const bool is_in_use = claimed && !*claimed;
        const std::uint64_t bytes = entry->file_size(ignored);
        if (!is_in_use && bytes <= kJournalMark.size()) continue;  // its program was killed before anything was sent
        found.push_back({entry->path(), bytes, is_in_use});
    }
    // Their names begin with the time.
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.path > b.path; });
    return found;
}

Result<void> remove_journal(const std::filesystem::path& path) {
    auto held = claim_to("remove", path);
    if (!held) return held.error();
    return held->remove();
}

Result<std::filesystem::path> set_aside_journal(const std::filesystem::path& path) {
    const auto held = claim_to("rename", path);
    if (!held) return held.error();
    return set_aside_journal(*held);
}

Result<std::filesystem::path> set_aside_journal(const base::LockedFile& held) {
    std::filesystem::path aside = held.path();
    aside += ".damaged";
    const std::filesystem::path first = aside;
    std::error_code error;
    for (int number = 2; std::filesystem::exists(aside, error); ++number) {
        aside = first;
        aside += fmt::format("_{}", number);
    }
    std::filesystem::rename(held.path(), aside, error);
    if (error) return Error{ErrorKind::io, fmt::format("cannot rename {}: {}", held.path().string(), error.message())};
    return aside;
}

void dismiss_journal(const OldJournal& old) {
    // Where that fails it is offered again: nothing is lost.
    if (old.path.empty()) return;
    if (old.is_damaged)
        (void)set_aside_journal(old.path);
    else
        (void)remove_journal(old.path);
}

}  // namespace llmc::engine
