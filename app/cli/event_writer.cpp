#include "cli/event_writer.h"

#include <utility>

#include "base/utf8.h"
#include "cli/terminal.h"
#include "report/report.h"

namespace llmc::cli {
namespace {

using base::OrderedJson;

OrderedJson head(std::string_view kind, base::WallTime time) {
    return {{"event", kind}, {"time", base::iso_utc_ms(time)}};
}

void add_place(OrderedJson& line, const session::CandidateId& candidate, const std::string& label, int round,
               const std::string& server) {
    if (!candidate.empty()) line["candidate"] = candidate;
    if (!label.empty()) line["label"] = label;
    if (round > 0) line["round"] = round;
    if (!server.empty()) line["server"] = server;
}

}  // namespace

OrderedJson text_or_null(const std::string& text) {
    return text.empty() ? OrderedJson(nullptr) : OrderedJson(text);
}

void EventWriter::write(const engine::Event& event) {
    using Kind = engine::Event::Kind;
    switch (event.kind) {
        case Kind::session: {
            has_session_ = true;
            OrderedJson object = head("session", event.time);
            object["candidates"] = OrderedJson::array();
            const auto labels = session::unique_labels(event.session->candidates);
            for (std::size_t i = 0; i < labels.size(); ++i) {
                const session::Candidate& candidate = event.session->candidates[i];
                if (!candidate.is_removed)
                    object["candidates"].push_back(
                        {{"id", candidate.id}, {"label", labels[i]}, {"model_id", candidate.model_id}});
            }
            object["servers"] = OrderedJson::array();
            for (const session::Server& server : event.session->servers)
                object["servers"].push_back(
                    {{"name", server.label()}, {"url", server.url.text()}, {"max_concurrent", server.max_concurrent}});
            return line(object);
        }
        case Kind::round: {
            OrderedJson object = head("round", event.time);
            object["round"] = event.round;
            object["prompt"] = event.text;
            return line(object);
        }
        case Kind::state: {
            // An answer that takes several requests streams until it ends: its steps are told as such.
            if (!event.answer->steps.empty() && !session::is_final(event.answer->state)) return;
            OrderedJson object = head("state", event.time);
            add_place(object, event.candidate, event.label, event.round, event.server);
            object["state"] = session::answer_state_name(event.answer->state);
            object["finish_reason"] = text_or_null(event.answer->finish_reason);
            object["error"] = report::failure_to_json(event.answer->failure);
            if (session::is_final(event.answer->state))
                object["metrics"] = report::metrics_to_json(event.answer->metrics, event.round);
            return line(object);
        }
        case Kind::step: {
            const session::Step& step = *event.answer->steps.back();
            OrderedJson object = head("step", event.time);
            add_place(object, event.candidate, event.label, event.round, event.server);
            object["index"] = step.index;
            object["turn"] = step.turn;
            object["calls"] = OrderedJson::array();
            for (const session::StepCall& one : step.calls)
                object["calls"].push_back({{"name", one.call.name},
                                           {"arguments", one.call.arguments},
                                           {"valid", one.is_valid},
                                           {"is_error", one.is_error}});
            return line(object);
        }
        case Kind::server:
            if (!has_session_) return;  // what was found before the start is in `session` and in preflight's warnings
            [[fallthrough]];
        case Kind::warning:
        case Kind::refused:
        case Kind::unwritten:
        case Kind::error: {
            OrderedJson object = head("warning", event.time);
            add_place(object, event.candidate, event.label, event.round, event.server);
            object["message"] = event.text;
            return line(object);
        }
        case Kind::halt: {
            OrderedJson object = head("halt", event.time);
            add_place(object, event.candidate, event.label, event.round, event.server);
            object["reason"] = event.text;
            return line(object);
        }
        case Kind::report: {
            OrderedJson object = head("report", event.time);
            object["path"] = event.path;
            return line(object);
        }
        case Kind::anew:  // told with the text
        case Kind::done: return;
    }
}

void EventWriter::text(const session::Answer& answer, const std::string& label, base::WallTime time,
                       std::string_view text, std::string_view reasoning, bool is_anew) {
    // What came at once may be long, and six times as long in JSON.
    constexpr std::size_t kPiece = std::size_t{64} << 10;
    const auto take = [](std::string_view& words) {
        const std::string_view piece = words.substr(0, base::utf8_cut(words, kPiece));
        words.remove_prefix(piece.size());
        return piece;
    };
    while (!text.empty() || !reasoning.empty()) {
        OrderedJson object = head("text", time);
        add_place(object, answer.candidate, label, answer.round, answer.server);
        if (std::exchange(is_anew, false)) object["anew"] = true;
        if (answer.step_now.index > 0) object["step"] = answer.step_now.index;
        if (!text.empty()) object["text"] = take(text);
        if (!reasoning.empty()) object["reasoning"] = take(reasoning);
        line(object);
    }
}

void EventWriter::end(base::WallTime time, int exit_status) {
    OrderedJson object = head("end", time);
    object["exit_status"] = exit_status;
    line(object);
}

std::optional<Error> EventWriter::take_error() {
    return std::exchange(error_, std::nullopt);
}

void EventWriter::line(const OrderedJson& object) {
    if (has_failed_) return;
    if (auto written = file_.write(json_for_terminal(base::dump_json(object)) + "\n"); !written) {
        error_ = written.error();
        has_failed_ = true;
    }
}

}  // namespace llmc::cli
