// Reads a session back, from its own file or from a report.
//
// What a file says is checked as it is read; the first thing wrong ends in an error that names its place, and nothing
// is kept.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/file.h"
#include "judging_json.h"
#include "plain_text.h"
#include "record_json.h"
#include "report/session_file.h"
#include "step_json.h"

namespace llmc::report {
namespace {

using base::FieldReader;
using base::JsonFile;
using base::OrderedJson;
using session::Answer;
using session::Round;

constexpr int kVersion = 1;
// `extra_body`, cases and unknown members may be as deep as any JSON from outside, and lie within our own levels.
constexpr int kMaxDepth = 2 * base::kMaxJsonDepth;

class Reader {
public:
    Reader(OrderedJson root, std::string_view name) : file_(JsonFile::of_program(std::move(root), name)) {}

    Result<session::Session> read() {
        const OrderedJson& root = file_.root();
        const auto is_called = [&root](std::string_view format) {
            return root.is_object() && root.contains("format") && root["format"] == OrderedJson(format);
        };
        const bool is_session = is_called(kSessionFormat), is_report = is_called(kReportFormat);
        if (!is_session && !is_report) {
            file_.fail("/format", fmt::format("this is neither a session (\"{}\") nor a report (\"{}\")",
                                              kSessionFormat, kReportFormat));
            return *file_.error();
        }
        FieldReader fields(file_, root, "");
        fields.find("format");
        const std::int64_t version = fields.required_integer("version", 1, kMaxCount);
        if (version > kVersion)
            fields.fail("version", fmt::format("{} is later than what this program reads ({})", version, kVersion));
        else if (is_session)
            read_session_file(fields);
        else
            read_report(fields);
        if (file_.error()) return *file_.error();
        return std::move(session_);
    }

private:
    void read_session_file(FieldReader& fields) {
        session_.id = fields.string("id");
        session_.created_at = read_time(fields, "created_at").value_or(base::WallTime{});
        fields.object("settings", [&](FieldReader& settings) { session_.settings = read_settings(settings); });
        session_.changes = read_changes(fields);
        fields.each("servers", [&](FieldReader& server) { read_server(server); });
        fields.each("candidates", [&](FieldReader& candidate) { add_candidate(candidate, read_candidate(candidate)); });
        session_.is_halted = fields.flag("halted").value_or(false);
        session_.halt_reason = fields.string("halt_reason");
        read_suite_into_session(fields);
        session_.casting = read_picks(fields, known_id());
        session_.looks = static_cast<int>(fields.integer_within("looks", 0, kMaxCount).value_or(0));
        session_.queue = read_queue(fields);
        fields.each("rounds", [&](FieldReader& round) { read_round(round); });
        session_.judges = read_judges(fields, session_.rounds, known_id());
        session_.unknown = fields.finish();
    }

    void read_suite_into_session(FieldReader& parent) {
        parent.object("suite", [&](FieldReader& fields) {
            session_.suite = std::make_shared<const session::SuiteRun>(read_suite(fields));
            fields.object("decision", [&](FieldReader& decision) {  // all else in it is made of the answers
                session_.looks = static_cast<int>(decision.integer_within("looks", 0, kMaxCount).value_or(0));
            });
        });
    }

    // A session file's name of a candidate is its id, a report's its label.
    IdFrom known_id() const {
        return [this](const std::string& id) { return session_.find_candidate(id) ? std::optional(id) : std::nullopt; };
    }
    IdFrom id_of_label() const {
        return [this](const std::string& label) {
            const auto known = labels_.find(label);
            return known == labels_.end() ? std::nullopt : std::optional(known->second);
        };
    }

    void read_server(FieldReader& fields) {
        const std::string text = fields.required_text("url");
        auto url = net::BaseUrl::parse(text);
        if (!url) return fields.fail("url", url.error().message);
        session::Server server{.url = std::move(*url),
                               .name = fields.string("name"),
                               .api_key_env = fields.string("api_key_env"),
                               .ca_file = fields.string("ca_file")};
        server.max_concurrent = static_cast<int>(fields.integer_within("max_concurrent", 1, kMaxCount).value_or(1));
        session_.servers.push_back(std::move(server));
    }

    void add_candidate(FieldReader& fields, session::Candidate candidate) {
        if (candidate.id.empty()) fields.fail("id", "missing or empty");
        if (session_.find_candidate(candidate.id))
            fields.fail("id", fmt::format("\"{}\" is there twice", candidate.id));
        session_.candidates.push_back(std::move(candidate));
    }

    void read_round(FieldReader& fields) {
        auto round = std::make_shared<Round>();
        round->number = static_cast<int>(fields.required_integer("round", 1, kMaxCount));
        const auto expected = static_cast<int>(session_.rounds.size()) + 1;
        if (round->number != expected)
            fields.fail("round", fmt::format("{} where round {} is expected", round->number, expected));
        read_prompt(fields, *round);
        const auto read_into = [&](std::string_view key, std::vector<Answer>& answers) {
            fields.each(key, [&](FieldReader& answer_fields) {
                Answer answer = read_answer(answer_fields);
                if (!session_.find_candidate(answer.candidate))
                    answer_fields.fail("candidate", fmt::format("there is no \"{}\"", answer.candidate));
                if (answer.round != round->number)
                    answer_fields.fail("round", fmt::format("{} in round {}", answer.round, round->number));
                if (key == "answers" && round->find(answer.candidate))
                    answer_fields.fail("candidate", fmt::format("\"{}\" answers twice", answer.candidate));
                answers.push_back(std::move(answer));
            });
        };
        read_into("answers", round->answers);
        read_into("replaced", round->replaced);
        sort_answers(*round);
        settle(*round);
        fields.each("votes", [&](FieldReader& vote) { round->votes.push_back(read_vote(vote, known_id())); });
        session_.rounds.push_back(std::move(round));
    }

    static void read_prompt(FieldReader& fields, Round& round) {
        round.prompt = fields.string("prompt");
        round.prompt_id = fields.string("prompt_id");
        round.case_values = object_or_null(fields, "case");
        round.repeat = static_cast<int>(fields.integer_within("repeat", 1, kMaxCount).value_or(1));
        read_severity(fields, round);
    }

    // In the order of the candidates, as a session has them.
    void sort_answers(Round& round) const {
        std::vector<Answer> sorted;
        for (const session::Candidate& candidate : session_.candidates)
            if (Answer* answer = round.find(candidate.id)) sorted.push_back(std::move(*answer));
        round.answers = std::move(sorted);
    }

    // A further attempt that was still coming has ended as it was.
    static void settle(Round& round) {
        for (std::size_t i = 0; i < round.answers.size(); ++i)
            round.settle(session::CandidateId(round.answers[i].candidate));
    }

    void read_report(FieldReader& fields) {
        session_.id = fields.string("session_id");
        fields.object("configuration", [&](FieldReader& configuration) {
            session_.settings = read_settings(configuration);
            session_.changes = read_changes(configuration);
            read_addresses(configuration);
        });
        session_.is_halted = fields.flag("halted").value_or(false);
        session_.halt_reason = fields.string("halt_reason");
        session_.queue = read_queue(fields);
        fields.members("conversations", [&](const std::string& label, FieldReader& conversation) {
            read_conversation(label, conversation);
        });
        read_suite_into_session(fields);
        session_.casting = read_picks(fields, id_of_label());
        fields.each("votes", [&](FieldReader& vote) {
            const auto number = static_cast<int>(vote.required_integer("round", 1, kMaxCount));
            const auto round = rounds_.find(number);
            if (round == rounds_.end()) return vote.fail("round", fmt::format("there is no round {}", number));
            round->second.votes.push_back(read_vote(vote, id_of_label()));
        });
        for (auto& [number, round] : rounds_) {
            const auto expected = static_cast<int>(session_.rounds.size()) + 1;
            if (number != expected)
                fields.fail("conversations",
                            fmt::format("no answer tells of round {}, but one of round {}", expected, number));
            settle(round);
            session_.rounds.push_back(std::make_shared<const Round>(std::move(round)));
        }
        session_.judges = read_judges(fields, session_.rounds, id_of_label());
    }

    void read_addresses(FieldReader& configuration) {
        const auto urls = configuration.texts("servers").value_or(std::vector<std::string>{});
        std::vector<std::string> names;
        if (const OrderedJson* list = configuration.list("server_names"))
            for (const OrderedJson& name : *list) names.push_back(name.is_string() ? name.get<std::string>() : "");
        names.resize(urls.size());  // another program's report has none
        for (std::size_t i = 0; i < urls.size(); ++i) {
            auto url = net::BaseUrl::parse(urls[i]);
            if (!url) return configuration.fail("servers", url.error().message);
            session_.servers.push_back({.url = std::move(*url), .name = std::move(names[i])});
        }
    }

    void read_conversation(const std::string& label, FieldReader& conversation) {
        session::Candidate candidate;
        candidate.model_id = label;
        conversation.object("candidate", [&](FieldReader& fields) { candidate = read_candidate(fields); });
        if (candidate.id.empty()) candidate.id = fmt::format("c{}", session_.candidates.size() + 1);
        const session::CandidateId id = candidate.id;
        add_candidate(conversation, std::move(candidate));
        labels_[label] = id;

        const auto read_into = [&](std::string_view key, std::vector<Answer> Round::*answers) {
            conversation.each(key, [&](FieldReader& fields) {
                Answer answer = read_answer(fields);
                answer.candidate = id;
                Round& round = round_of(fields, answer.round);
                if (key == "answers" && round.find(id))
                    fields.fail("round", fmt::format("two answers in round {}", answer.round));
                (round.*answers).push_back(std::move(answer));
            });
        };
        read_into("answers", &Round::answers);
        read_into("replaced", &Round::replaced);
    }

    Round& round_of(FieldReader& fields, int number) {
        const auto [entry, is_new] = rounds_.try_emplace(number);
        Round& round = entry->second;
        if (!is_new) return round;
        round.number = number;
        read_prompt(fields, round);
        return round;
    }

    JsonFile file_;
    session::Session session_;
    std::map<int, Round> rounds_;                         // of a report
    std::map<std::string, session::CandidateId> labels_;  // of a report
};

}  // namespace

Result<session::Session> read_session(std::string_view text, std::string_view name) {
    if (text.size() > kMaxSessionFileBytes)
        return Error{ErrorKind::limit,
                     fmt::format("{} has more than {} MiB", one_line(name), kMaxSessionFileBytes >> 20)};
    auto root = base::parse_ordered_json(text, kMaxDepth);
    if (!root) return Error{root.error().kind, fmt::format("{}: {}", one_line(name), root.error().message)};
    return Reader(*std::move(root), name).read();
}

Result<session::Session> load_session(const std::filesystem::path& path) {
    const auto text = base::read_file(path, kMaxSessionFileBytes);
    if (!text) return text.error();
    return read_session(*text, path.string());
}

}  // namespace llmc::report
