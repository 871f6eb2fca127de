// Damaged session files and reports of real ones: every beginning, and every byte changed. Nothing crashes; what is
// refused is refused by name and place; what is read can be exported, written and read again.
#include "../damage/damage.h"

#include <string>

#include <doctest/doctest.h>

#include "base/file.h"
#include "base/utf8.h"
#include "openai/answer_decoder.h"
#include "report/report.h"
#include "report/session_file.h"
#include "sample_session.h"

using namespace llmc;
using samples::kNow;

namespace {

struct Decoded final : openai::AnswerSink {
    Result<void> on_text(std::string_view utf8) override { return text += utf8, Result<void>{}; }
    Result<void> on_reasoning(std::string_view utf8) override { return reasoning += utf8, Result<void>{}; }
    void on_token_chunk(const openai::TokenChunk&) override {}
    std::string text, reasoning;
};

// What real servers said, as the program records it.
session::Session recorded_session() {
    const char* folder = std::getenv("LLMC_TEST_DATA");
    session::Session session = samples::eventful();
    for (const char* name : {"deepseek-01", "mistral-01", "groq-02", "openai-05", "ollama-01"}) {
        const auto bytes =
            base::read_file(std::string(folder ? folder : "tests/data") + "/recorded/" + name + ".sse", 64 << 20);
        REQUIRE_MESSAGE(bytes, bytes.error().message);
        Decoded decoded;
        openai::AnswerDecoder decoder;
        decoder.feed(*bytes, decoded);
        decoder.finish(decoded);
        const openai::AnswerFacts& facts = decoder.facts();
        const int round = static_cast<int>(session.rounds.size()) + 1;
        auto answer = samples::answer("c1", round, session::AnswerState::complete, decoded.text, decoded.reasoning);
        answer.finish_reason = facts.finish_reason;
        answer.reported_model = facts.reported_model;
        answer.tool_calls = facts.tool_calls;
        answer.warnings = facts.warnings;
        samples::add_round(session, std::string("Tell me. ") + name, {answer});
    }
    return session;
}

// "NAME: byte 12 …" or "NAME: rounds[0].answers[1].state: …".
bool names_place(std::string_view message) {
    constexpr std::string_view kName = "s.json: ";
    if (!message.starts_with(kName)) return false;
    const std::string_view rest = message.substr(kName.size());
    return rest.find("at byte ") != std::string_view::npos || rest.find(": ") != std::string_view::npos;
}

void check_damage(const std::string& what, const std::string& whole, std::size_t places) {
    REQUIRE(report::read_session(whole, "s.json"));
    damage::Counts counts;
    std::size_t read = 0;
    damage::damage(whole, places, counts, [&](const std::string& damaged, bool is_cut) {
        const auto session = report::read_session(damaged, "s.json");
        if (!session) {
            ++counts.refused;
            return names_place(session.error().message) ? "" : "the error does not name file and place";
        }
        if (is_cut && damaged.size() + 1 < whole.size()) return "a part of it is taken for the whole";
        // What comes out is the same session again, in the same words.
        const std::string written = report::to_session_file(*session);
        const auto again = report::read_session(written, "again");
        if (!again) return "what is read cannot be written and read again";
        if (report::to_session_file(*again) != written) return "what is read is not what is read again";
        // Exports take longer: of some.
        if (++read % 20 == 0)
            for (const auto format : report::all_formats())
                if (!base::is_valid_utf8(report::render(format, *session, kNow))) return "an export is no valid UTF-8";
        return "";
    });
    MESSAGE("loader damage, " << what << ": " << counts.words());
}

}  // namespace

TEST_CASE("a session file that was cut or changed at any byte is read whole, or refused with name and place") {
    check_damage("session file", report::to_session_file(samples::eventful()), 500);
    check_damage("session file of recorded streams", report::to_session_file(recorded_session()), 150);
}

TEST_CASE("a report that was cut or changed at any byte is read whole, or refused with name and place") {
    check_damage("report JSON", report::render(report::format_of("json"), samples::eventful(), kNow), 500);
    check_damage("report JSON of recorded streams", report::render(report::format_of("json"), recorded_session(), kNow),
                 150);
}
