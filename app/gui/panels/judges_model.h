// What the Judges window shows: who judges, whether its verdicts count, and its verdicts beside votes and checks.
//
// Thread contract: as panel_table.h.
// Cost: made anew when judges or rounds have changed, and not while answers run; verdict lines hold no texts.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "decide/licence.h"
#include "engine/engine.h"

namespace llmc::gui {

// A configured judge, one of the session, or both.
struct JudgeRow {
    config::JudgeModel model;  // as it is asked; of the session alone: pinned to the server that answered
    std::string name;
    std::string server;  // "any server" where it is not pinned
    bool is_configured = false;
    int configured = -1;  // in config::Config::judges
    int judged = -1;      // in Session::judges; -1: it has not judged this session
    bool is_licensed = false;
    std::string_view standing;  // "licensed", "not licensed", "has not judged"
    // Of one that has judged.
    std::vector<std::string> missing;  // why it is not licensed, in sentences
    struct Figure {
        std::string_view name, help;
        std::string value;
    };
    std::vector<Figure> figures;
};

// What is known of a pair or an answer beside the verdict.
enum class Known { nothing, vote_a, vote_b, vote_tie, vote_both_bad, checks_a, checks_b, passed, failed };

struct VerdictLine {
    std::shared_ptr<const session::Verdict> verdict;
    std::string_view a, b;  // labels; b empty: an answer by criteria
    Known known = Known::nothing;
    bool agrees = false, contradicts = false;
};

enum class VerdictFilter { all, contradicting, abstained };

class JudgesModel {
public:
    void update(const engine::Snapshot& snapshot, std::uint64_t revision,
                const std::vector<config::JudgeModel>& configured);

    const std::vector<JudgeRow>& rows() const { return rows_; }
    const JudgeRow* chosen() const { return rows_.empty() ? nullptr : &rows_[chosen_]; }
    std::size_t chosen_index() const { return chosen_; }
    void choose(std::size_t row);
    void choose_new(const config::JudgeModel& judge);  // as soon as it has a row

    VerdictFilter filter() const { return filter_; }
    void set_filter(VerdictFilter filter);
    const std::vector<VerdictLine>& lines() const { return lines_; }  // of the chosen one, that the filter lets through
    std::size_t verdicts() const { return verdicts_; }                // of the chosen one, all
    std::string_view sum() const { return sum_; }                     // "12 agree · 3 contradict · 2 abstained"

private:
    bool is_same(const engine::Snapshot& snapshot, const std::vector<config::JudgeModel>& configured) const;
    void make_rows();
    void make_lines();

    std::uint64_t revision_ = ~std::uint64_t{0};
    std::vector<config::JudgeModel> configured_;
    session::Session session_;  // what the rows are of; a copy shares its rounds
    std::vector<std::string> labels_;
    std::vector<JudgeRow> rows_;
    std::size_t chosen_ = 0;
    config::JudgeModel wanted_;  // chosen by who it is: rows come and go
    VerdictFilter filter_ = VerdictFilter::all;
    std::vector<VerdictLine> lines_;
    std::size_t verdicts_ = 0;
    std::string sum_;
};

// "a is better" in words; constants where no label is in it.
std::string_view words_of(session::Verdict::Word word);

}  // namespace llmc::gui
