// What a conversation gives as text: selections, copies, and what find has found.
#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "gui/conversation/conversation.h"

namespace llmc::gui {
namespace {

auto parts_of(const Turn& turn) {
    return std::views::iota(std::uint32_t{0}, static_cast<std::uint32_t>(turn.parts())) |
           std::views::transform([](std::uint32_t index) { return Part{index}; });
}

std::string speaker(const Turn& turn, Part part) {
    if (part == Part::prompt) return "[User]\n";
    std::string words = turn.is_earlier() && turn.is_head() ? ", " + turn.caption() : std::string();
    if (turn.step() > 0) words += fmt::format(", step {}", turn.step());
    const CallPassage* call = turn.call(part);
    if (part == Part::reasoning) words += ", thinking";
    if (call && !call->mark.empty()) words += ", " + call->mark;
    return fmt::format("[{}{}]\n", call ? call->name : "Assistant", words);
}

void append_block(std::string& text, std::string_view block) {
    if (!text.empty()) text += "\n\n";
    text += block;
}

}  // namespace

std::string Conversation::selected_text(bool is_plain) const {
    return has_selection() ? text_of(*view_.selection(), is_plain) : std::string();
}

std::string Conversation::text_of(const TextSelection& selection, bool is_plain) const {
    std::string text;
    const TextPosition first = selection.first(), last = selection.last();
    const bool is_one = first.turn == last.turn && first.part == last.part;
    for (std::size_t i = first.turn; i <= last.turn && i < turns_.size(); ++i) {
        Turn& turn = *turns_[i].turn;
        for (const Part part : parts_of(turn)) {
            // Of a call that is folded there is a line to be seen: it is not left out.
            if (!turn.is_shown(part) && (!turn.call(part) || turn.is_folded())) continue;
            const auto range = selection.within(i, part, turn.document(part).source().size());
            if (!range) continue;
            const std::string piece =
                is_plain ? turn.document(part).plain_text(*range)
                         : std::string(turn.source(part).substr(range->begin, range->end - range->begin));
            append_block(text, is_one ? piece : speaker(turn, part) + piece);
        }
    }
    return text;
}

std::string Conversation::last_answer() const {
    if (turns_.empty()) return {};
    std::size_t head = turns_.size() - 1;
    while (head > 0 && !turns_[head].turn->is_head()) --head;
    return answer_text(head);
}

std::string Conversation::answer_text(std::size_t head) const {
    const Turn& turn = *turns_[head].turn;
    if (turn.step() == 0) return std::string(turn.source(Part::answer));
    std::size_t last = head;
    while (last + 1 < turns_.size() && !turns_[last + 1].turn->is_head()) ++last;
    return text_of({{head, Part::reasoning, 0}, end_of(last)}, false);
}

std::string Conversation::whole_text() const {
    return turns_.empty() ? std::string() : text_of({{}, end()}, false);
}

void Conversation::set_pattern(std::shared_ptr<const text::FindPattern> pattern) {
    if (pattern == pattern_) return;
    pattern_ = std::move(pattern);
    found_.reset();
    found_index_ = found_count_ = 0;
    for (Shown& shown : turns_)
        for (const Part part : parts_of(*shown.turn)) shown.turn->find(part).set_pattern(pattern_);
    if (pattern_) search();
    if (found_count_ > 0) find_next(true);
}

void Conversation::search() {
    found_count_ = found_index_ = 0;
    is_found_capped_ = is_searching_ = false;
    for (std::size_t i = 0; i < turns_.size(); ++i)
        for (const Part part : parts_of(*turns_[i].turn)) {
            text::Find& find = turns_[i].turn->find(part);
            find.set_pattern(pattern_);
            if (!find.update(turns_[i].turn->source(part))) is_searching_ = true;
            if (find.is_capped()) is_found_capped_ = true;
            if (found_ && found_->first.turn == i && found_->first.part == part) {
                const auto& results = find.results();
                const auto at = std::find(results.begin(), results.end(), found_->second);
                if (at != results.end())
                    found_index_ = found_count_ + static_cast<std::size_t>(at - results.begin()) + 1;
            }
            found_count_ += find.results().size();
        }
}

// The next result after the one that is looked at (the first time: after the top of the view), going round.
void Conversation::find_next(bool forward) {
    if (found_count_ == 0) return;
    TextPosition from;
    if (found_)
        from = found_->first;
    else
        for (std::size_t i = 0; i < turns_.size() && turns_[i].top <= view_.scroll(); ++i) from = {i, Part::prompt, 0};

    std::optional<std::pair<TextPosition, text::SourceRange>> best, round_trip;
    for (std::size_t i = 0; i < turns_.size(); ++i)
        for (const Part part : parts_of(*turns_[i].turn))
            for (const text::SourceRange& range : turns_[i].turn->find(part).results()) {
                const TextPosition here{i, part, range.begin};
                const bool is_beyond = forward ? (found_ ? here > from : here >= from) : here < from;
                if (forward) {
                    if (is_beyond && !best) best = {here, range};
                    if (!round_trip) round_trip = {here, range};
                } else {
                    if (is_beyond) best = {here, range};
                    round_trip = {here, range};
                }
            }
    found_ = best ? best : round_trip;
    Turn& turn = *turns_[found_->first.turn].turn;
    if (!turn.is_shown(found_->first.part)) {
        turn.show(found_->first.part);
        if (turn.is_earlier()) open_attempt(turn);
        needs_layout_ = true;
    }
    follows_end_ = false;
    scrolls_to_found_ = true;
    search();
}

}  // namespace llmc::gui
