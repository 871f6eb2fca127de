// The casting sheet: which candidate for which role, with the evidence (product.md section 8).
//
// Thread contract: pure functions.
// Evidence of one role adds up by label over any number of sessions; an answer that stands in several files of one
// session (a report at the halt, another at the end) counts once. The order of the sources does not matter.
// The proposal goes by the groups of decision.h: who is in the best one is equal by the checks, and it is said. Within a
// group go pass^k for a role with a loop, then votes (licensed judges' among them), then ratings, then end-to-end latency, then time to first token,
// then, where nothing else tells, the pass rate; what could not be used is told. Latencies are compared over the prompts that both of
// two completed, cold answers left out; among several that are equal until then, who is faster than more of the others
// comes first. Decode speed decides nothing, and what is not known never wins.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "decide/board.h"
#include "decide/decision.h"
#include "session/suite_results.h"

namespace llmc::decide {

// A session or a report that was read back.
struct CastSource {
    std::string name;  // the file's name, or what the window calls it
    const session::Session* session = nullptr;
};

struct RatingCounts {
    std::int64_t thumbs_up = 0, thumbs_down = 0, starred = 0, stars = 0;  // stars: their sum
    bool is_empty() const { return thumbs_up + thumbs_down + starred == 0; }
    std::optional<double> mean_stars() const;
    double liking() const;  // 0…1: thumbs and stars together; 0.5 for none
};

struct Evidence {
    session::Tally checks;
    int group = 0;  // from 1, the best; 0 without a run that was judged
    // The chance that k runs of a prompt in a row pass, k as many as each prompt has; nothing without repeats.
    std::optional<double> pass_k;
    int k = 0;
    std::int64_t answers = 0;       // complete ones
    std::int64_t cold_answers = 0;  // among them
    // Medians of the complete answers; TTFT of those that were not cold, where there is any.
    std::optional<double> time_to_first_token_s, decode_tokens_per_s;
    // Over the prompts that it and the proposal both completed (of the proposal: it and the next one), where there is
    // any, else over its own; without cold answers.
    std::optional<double> end_to_end_latency_s;
    std::optional<double> reasoning_share;  // of the output tokens, 0…1
    VoteCounts votes;                       // the user's
    VoteCounts verdicts;                    // of licensed judges, of pairs that the user did not vote on
    std::optional<Score> vote_score;        // of both, where there are some that count
    RatingCounts ratings;
};

struct Contender {
    std::string label;
    std::string model;
    std::string server;                // where most of its answers came from; empty for none
    session::AnswerSettings settings;  // as of its last answer
    Evidence evidence;
    std::vector<std::string> notes;  // on its answers and picks, each once
    // What a probe of it says, told by who keeps them; nothing where there is none.
    std::optional<std::string> request_form;      // the one that works best
    std::optional<bool> skip_schema_enforcement;  // whether no schema can be asked for natively
};

struct CastRole {
    std::string name;
    std::vector<Contender> contenders;  // best first: the first one is the proposal; never empty
    std::string reason;                 // why it is proposed, for people
    std::vector<std::string> not_used;  // what could have decided and was not there: "votes: nobody voted"
    std::string verdict;                // of its runs (decision.h); empty without checks
    bool is_close = false;              // the first two are in one group
    std::optional<std::size_t> picked;  // the user's choice, an index of contenders
    std::string note;                   // beside the pick

    std::size_t cast() const { return picked.value_or(0); }
};

struct CastSheet {
    std::vector<CastRole> roles;            // by name
    std::vector<std::string> without_role;  // sources whose ratings and speeds count for no role
    std::vector<std::string> warnings;      // "the label a stands for two models: …"

    const CastRole* find(std::string_view role) const;
    CastRole* find(std::string_view role);
};

// Picks that the sessions hold are taken over where they do not contradict each other.
CastSheet cast_sheet(std::span<const CastSource> sources);

// The answers that count as a role's evidence, and where they stand; in no order.
struct EvidenceAnswer {
    const session::Session* session = nullptr;
    const session::Round* round = nullptr;
    const session::Answer* answer = nullptr;
    std::string label;
};
std::vector<EvidenceAnswer> evidence_answers(std::span<const CastSource> sources, std::string_view role);

// "18 of 20 checks passed (90 %, interval 70 to 97 %); 3 won, 1 lost, 0 tied; 1.2 s from end to end": what there is.
std::string evidence_words(const Evidence& evidence);

// The user's choice; gives its role, never nullptr. Errors: `usage` naming an unknown role or label, and what there is.
Result<CastRole*> pick(CastSheet& sheet, std::string_view role, std::string_view label);
// "ROLE=LABEL", where both may hold a "=". Errors: as above, and `usage` for a text without one.
Result<CastRole*> pick(CastSheet& sheet, std::string_view assignment);

inline constexpr std::string_view kCastFormat = "llm-compare-cast";

base::OrderedJson cast_to_json(const CastSheet& sheet, base::WallTime generated_at);
// The same document as YAML: any reader of YAML 1.1 or 1.2 gets the same values as from the JSON. (Unicode's
// noncharacters, which YAML cannot hold, are U+FFFD in both.)
std::string cast_to_yaml(const CastSheet& sheet, base::WallTime generated_at);
std::string to_yaml(const base::OrderedJson& json);

}  // namespace llmc::decide
