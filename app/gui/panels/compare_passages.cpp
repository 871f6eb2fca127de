#include "gui/panels/compare_passages.h"

#include <algorithm>
#include <bit>
#include <list>
#include <optional>

namespace llmc::gui {
namespace {

using compare::Agreement;
using text::SourceRange;

// Passages that say the same, at most one of each text.
struct Group {
    std::array<std::optional<std::size_t>, kMostCompared> passage{};
};

bool are_mutual(const compare::Consensus& consensus, std::size_t i, std::size_t p, std::size_t k, std::size_t q) {
    const compare::Passage& other = consensus.texts[k][q];
    return other.peers[i] && *other.peers[i] == p;
}

// In reading order: what only a later text has follows what stands before it there.
std::vector<Group> groups_of(const compare::Consensus& consensus) {
    std::list<Group> groups;
    std::vector<std::vector<std::list<Group>::iterator>> group_of(consensus.texts.size());
    for (std::size_t i = 0; i < consensus.texts.size(); ++i) {
        auto next = i == 0 ? groups.end() : groups.begin();
        for (std::size_t p = 0; p < consensus.texts[i].size(); ++p) {
            const compare::Passage& passage = consensus.texts[i][p];
            auto mine = groups.end();
            for (std::size_t k = 0; k < i && mine == groups.end(); ++k) {
                if (!passage.peers[k] || !are_mutual(consensus, i, p, k, *passage.peers[k])) continue;
                const auto candidate = group_of[k][*passage.peers[k]];
                if (!candidate->passage[i]) mine = candidate;
            }
            if (mine == groups.end())
                mine = groups.insert(next, Group{});
            else
                next = std::next(mine);
            mine->passage[i] = p;
            group_of[i].push_back(mine);
        }
    }
    return {groups.begin(), groups.end()};
}

// Which of `values` are in the longest rising sequence.
std::vector<bool> in_order(const std::vector<std::size_t>& values) {
    std::vector<std::size_t> tails, before(values.size());  // tails: indices, by length of their sequence
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto at = std::partition_point(tails.begin(), tails.end(),
                                             [&](std::size_t tail) { return values[tail] < values[i]; });
        before[i] = at == tails.begin() ? values.size() : *(at - 1);
        if (at == tails.end())
            tails.push_back(i);
        else
            *at = i;
    }
    std::vector<bool> is_in(values.size());
    for (std::size_t i = tails.empty() ? values.size() : tails.back(); i < values.size(); i = before[i])
        is_in[i] = true;
    return is_in;
}

// The stops: where passages of the first text begin and end, and those of the others that stand in the same order.
void add_stops(std::span<const std::string_view> texts, const compare::Consensus& consensus,
               const std::vector<Group>& groups, Comparison& made) {
    std::vector<const Group*> own;
    for (const Group& group : groups)
        if (group.passage[0]) own.push_back(&group);
    CompareStop nowhere;
    nowhere.fill(kNowhere);
    made.stops.assign(own.size() * 2, nowhere);
    const auto put = [&](std::size_t group, std::size_t text) {
        const compare::Passage& passage = consensus.texts[text][*own[group]->passage[text]];
        const SourceRange range = trimmed_range(texts[text], passage.begin, passage.end);
        made.stops[2 * group][text] = range.begin;
        made.stops[2 * group + 1][text] = range.end;
    };
    for (std::size_t g = 0; g < own.size(); ++g) put(g, 0);
    for (std::size_t k = 1; k < texts.size(); ++k) {
        std::vector<std::size_t> places, of;
        for (std::size_t g = 0; g < own.size(); ++g) {
            if (!own[g]->passage[k]) continue;
            places.push_back(*own[g]->passage[k]);
            of.push_back(g);
        }
        const std::vector<bool> is_in = in_order(places);
        for (std::size_t n = 0; n < places.size(); ++n)
            if (is_in[n]) put(of[n], k);
    }
}

std::size_t letters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return c != ' ' && (c < '\t' || c > '\r'); }));
}

// Adds what is not said by all of a passage; true where there is any.
bool add_marks(std::string_view text, const compare::Passage& passage, CompareMode mode, std::uint32_t difference,
               std::vector<CompareMark>& marks) {
    const std::size_t before = marks.size();
    const auto add = [&](std::size_t begin, std::size_t end, std::uint32_t said_by, Agreement agreement) {
        if (agreement == Agreement::all) return;
        const SourceRange range = trimmed_range(text, begin, end);
        if (range.begin < range.end) marks.push_back({range, difference, said_by, agreement == Agreement::alone});
    };
    if (mode == CompareMode::paragraphs)
        add(passage.begin, passage.end, passage.said_by, passage.agreement);
    else
        for (const compare::ConsensusSpan& span : passage.spans)
            add(span.begin, span.end, span.said_by, span.agreement);
    return marks.size() > before;
}

// How much of what one says another one says too, on average over all pairs.
double agreement_of(std::span<const std::string_view> texts, const compare::Consensus& consensus, CompareMode mode) {
    std::size_t all = 0, agreed = 0;
    for (std::size_t i = 0; i < texts.size(); ++i)
        for (const compare::Passage& passage : consensus.texts[i])
            for (const compare::ConsensusSpan& span : passage.spans) {
                const std::size_t size = letters(texts[i].substr(span.begin, span.end - span.begin));
                const std::uint32_t said_by = mode == CompareMode::words ? span.said_by : passage.said_by;
                all += size * (texts.size() - 1);
                agreed += size * static_cast<std::size_t>(std::popcount(said_by) - 1);
            }
    return all == 0 ? 1 : static_cast<double>(agreed) / static_cast<double>(all);
}

}  // namespace

Comparison compare_passages(std::span<const std::string_view> texts, CompareMode mode) {
    const compare::Consensus consensus = compare::consensus_of(texts);
    Comparison made;
    made.is_in_any_order = true;
    made.marks.resize(texts.size());
    made.agreement = agreement_of(texts, consensus, mode);
    const std::vector<Group> groups = groups_of(consensus);
    add_stops(texts, consensus, groups, made);
    std::array<std::uint32_t, kMostCompared> end{};  // of what stands before, for what is missing
    for (const Group& group : groups) {
        const auto index = static_cast<std::uint32_t>(made.differences.size());
        CompareDifference difference;
        bool differs = false;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            difference.at[i] = {end[i], end[i]};
            if (!group.passage[i]) continue;
            const compare::Passage& passage = consensus.texts[i][*group.passage[i]];
            difference.at[i] = trimmed_range(texts[i], passage.begin, passage.end);
            end[i] = difference.at[i].end;
            differs = add_marks(texts[i], passage, mode, index, made.marks[i]) || differs;
        }
        if (differs) made.differences.push_back(difference);
    }
    for (auto& marks : made.marks)
        std::ranges::sort(marks, {}, [](const CompareMark& mark) { return mark.range.begin; });
    return made;
}

}  // namespace llmc::gui
