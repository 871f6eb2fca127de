#include "probe/probe.h"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/file.h"
#include "base/temp_folder.h"
#include "check/checks.h"
#include "probe/store.h"

using namespace llmc;
using namespace llmc::probe;
using agent::RequestForm;
using session::AnswerState;

namespace {

// A session of the probe's suite, whose answers are all right unless something else is said of one.
class Asked {
public:
    Asked() {
        session_.candidates.push_back({.id = "c1", .model_id = "qwen"});
        for (const suite::Task& task : suite::tasks(probe_suite(), 1)) {
            auto round = std::make_shared<session::Round>();
            round->number = static_cast<int>(rounds_.size()) + 1;
            round->prompt_id = task.prompt_id;
            session::Answer answer{.candidate = "c1", .round = round->number, .state = AnswerState::complete};
            answer.finish_reason = "stop";
            answer.metrics.end_to_end_latency_s = 0.5;
            answer.checks = {{.type = "any", .passed = true}};
            answer.stream = session::AnswerStream::holding("yes", "thought").value();
            round->answers.push_back(std::move(answer));
            session_.rounds.push_back(round);
            rounds_.push_back(round);
        }
    }

    session::Answer& operator[](std::string_view prompt_id) {
        const auto found = std::ranges::find(rounds_, prompt_id, [](const auto& one) { return one->prompt_id; });
        REQUIRE_MESSAGE(found != rounds_.end(), std::string(prompt_id));
        return (*found)->answers[0];
    }
    void say(std::string_view prompt_id, std::string_view text, std::string_view reasoning) {
        (*this)[prompt_id].stream = session::AnswerStream::holding(text, reasoning).value();
    }
    void fail(std::string_view prompt_id, std::string_view text) {
        say(prompt_id, text, "thought");
        (*this)[prompt_id].checks = {{.type = "any", .passed = false, .detail = "is not right"}};
    }
    Probe probe() const { return probe_of(session_, "c1"); }
    const session::Session& session() const { return session_; }

private:
    session::Session session_;
    std::vector<std::shared_ptr<session::Round>> rounds_;
};

std::string ids(const FormVerdict& form) {
    std::string all;
    for (const RequestVerdict& one : form.requests) all += (all.empty() ? "" : ", ") + one.id;
    return all;
}

}  // namespace

TEST_CASE("eight requests are asked in the forms where they apply, and once where two forms put them alike") {
    const suite::Suite suite = probe_suite();
    CHECK(suite.prompts.size() == 20);
    for (const suite::Task& task : suite::tasks(suite, 1)) {
        CAPTURE(task.prompt_id);
        CHECK_FALSE(task.checks->empty());
        const auto form = agent::request_form_of(session::in_force(suite::laid_over({}, *task.settings), {}));
        CHECK_FALSE(agent::form_fault(form, task));
        CHECK(task.prompt_id.ends_with(agent::request_form_name(form)));
    }
    const Probe probe = Asked().probe();
    CHECK(ids(probe.of(RequestForm::native)) ==
          "enum, nested schema, schema against prose, tool required, tool choice none, after a result, two tools in a "
          "chain, plain question");
    CHECK(ids(probe.of(RequestForm::tool)) ==
          "enum, nested schema, schema against prose, tool required, tool choice none, after a result, two tools in a "
          "chain");
    for (const RequestForm form : {RequestForm::schema, RequestForm::prompt})
        CHECK(ids(probe.of(form)) ==
              "enum, nested schema, schema against prose, tool required, after a result, two tools in a chain");
    CHECK(probe.model == "qwen");
    CHECK(probe.of(RequestForm::native).seconds() == doctest::Approx(4));
    for (const RequestForm form : {RequestForm::native, RequestForm::tool, RequestForm::schema, RequestForm::prompt})
        CHECK(probe.of(form).verdict() == Verdict::works);
    CHECK(probe.best() == RequestForm::native);
    CHECK(probe.has_native_schema());
}

TEST_CASE("each way of going wrong has its word") {
    const auto native = [](auto change) {
        Asked asked;
        change(asked);
        return asked.probe().of(RequestForm::native);
    };
    const auto word = [&](auto change) { return std::string(verdict_word(native(change).verdict())); };
    CHECK(word([](Asked& a) { a["enum, native"].warnings = {"answer in reasoning"}; }) == "in reasoning");
    CHECK(word([](Asked& a) { a.say("enum, native", "{}", ""); }) == "thinking suppressed");
    CHECK(word([](Asked& a) { a.fail("nested schema, native", "Boil it."); }) == "ignored");
    CHECK(word([](Asked& a) { a.fail("tool required, native", "Sunny."); }) == "ignored");
    CHECK(word([](Asked& a) {
              a.fail("tool choice none, native", "");
              a["tool choice none, native"].tool_calls = {{"1", "get_weather", "{}"}};
          }) == "ignored");
    CHECK(word([](Asked& a) {
              a.fail("tool required, native", R"(<tool_call>{"name": "get_weather", "arguments": {}}</tool_call>)");
          }) == "leaked call");
    CHECK(word([](Asked& a) { a.fail("enum, native", ""); }) == "empty");
    CHECK(word([](Asked& a) { a["enum, native"].state = AnswerState::empty; }) == "empty");
    const auto refused = native([](Asked& a) {
        a["enum, native"].state = AnswerState::failed;
        a["enum, native"].failure = session::Failure{.status = 400, .message = "lab answered: no schemas here"};
    });
    CHECK(refused.verdict() == Verdict::refused);
    CHECK(refused.detail() == "lab answered: no schemas here");
    for (const int status : {0, 500})
        CHECK(word([&](Asked& a) {
                  a["enum, native"].state = AnswerState::failed;
                  a["enum, native"].failure = session::Failure{.status = status, .message = "away"};
              }) == "fails");
    CHECK(word([](Asked& a) { a["plain question, native"].state = AnswerState::cut_off; }) == "fails");
    const auto cut = native([](Asked& a) {
        a.fail("enum, native", "{");
        a["enum, native"].finish_reason = "length";
    });
    CHECK(cut.verdict() == Verdict::fails);
    CHECK(cut.detail() == "the answer was cut off by max_tokens");
    CHECK(word([](Asked& a) {
              a.fail("two tools in a chain, native", "");
              a["two tools in a chain, native"].tool_calls = {{"1", "find_id", "{}"}};
          }) == "fails");
    // One that never thinks has nothing to suppress.
    CHECK(native([](Asked& a) {
              for (const char* id : {"plain question, native", "enum, native"}) a.say(id, "{}", "");
          }).verdict() == Verdict::works);
}

TEST_CASE("a form's verdict is its worst, and the best form is the first of the best") {
    Asked asked;
    asked["enum, native"].warnings = {"answer in reasoning"};
    asked.fail("nested schema, native", "Boil it.");
    const Probe probe = asked.probe();
    CHECK(probe.of(RequestForm::native).verdict() == Verdict::ignored);
    CHECK(probe.of(RequestForm::native).detail() == "is not right; it said: Boil it.");
    CHECK(probe.of(RequestForm::schema).verdict() == Verdict::ignored);  // asked natively
    CHECK(probe.of(RequestForm::tool).verdict() == Verdict::works);
    CHECK(probe.best() == RequestForm::tool);
    CHECK_FALSE(probe.has_native_schema());
    CHECK(all_answered(asked.session()));
    asked["plain question, native"].state = AnswerState::cut_off;
    CHECK_FALSE(all_answered(asked.session()));
}

TEST_CASE("verdicts are kept, those of the same model anew, and a damaged file is named and stays") {
    const base::TempFolder folder;
    const auto file = folder / "state" / kProbesFile;
    CHECK(load_probes(file).value().empty());
    Asked asked;
    asked.fail("enum, prompt", "No\nway");
    Probe first = asked.probe();
    first.server = "http://127.0.0.1:1";
    first.quantization = "Q4_K_M";
    Probe other = first;
    other.quantization = "Q8_0";
    REQUIRE(keep_probes(file, {first, other}).ok());
    CHECK(load_probes(file).value() == std::vector{first, other});
    Probe again = Asked().probe();
    again.server = first.server;
    again.quantization = first.quantization;
    REQUIRE(keep_probes(file, {again}).ok());
    const std::vector<Probe> kept = load_probes(file).value();
    CHECK(kept == std::vector{other, again});
    CHECK(find_probe(kept, first.server, "qwen")->of(RequestForm::prompt).verdict() == Verdict::works);
    CHECK(find_probe(kept, first.server, "mistral") == nullptr);

    for (
        const char* damaged :
        {"{", R"({"format": "x"})",
         R"({"format": "llm-compare-probes", "probes": [{"forms": {"tool": {"requests": [{"verdict": "fine"}]}}}]})"}) {
        REQUIRE(base::save_file(file, damaged).ok());
        const auto read = load_probes(file);
        REQUIRE_FALSE(read.ok());
        CHECK(read.error().message.find("probes.json") != std::string::npos);
        CHECK_FALSE(keep_probes(file, {first}).ok());
        CHECK(base::read_file(file, 1000).value() == damaged);
    }
}
