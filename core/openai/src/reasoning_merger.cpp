#include "reasoning_merger.h"

#include "ascii.h"

namespace llmc::openai {
namespace {

constexpr std::size_t kNoAccident = 32;  // equal bytes that no two texts have by chance

}  // namespace

std::string_view ReasoningMerger::add(ReasoningSource source, std::string_view piece, bool is_new) {
    Place& place = places_[static_cast<std::size_t>(source)];
    place.begins_thought = place.begins_thought || (is_new && !all_.empty());
    if (all_.empty() || (leader_ == source && place.at == all_.size())) {
        leader_ = source;
        return append(place, piece);
    }
    const std::string_view fresh = follow(place, piece);
    if (!fresh.empty()) leader_ = source;
    return fresh.empty() ? fresh : append(place, fresh);
}

// What of `piece` is more than what was there.
std::string_view ReasoningMerger::follow(Place& place, std::string_view piece) {
    std::size_t words_end = 0;  // of the piece, so far
    for (std::size_t i = 0; i < piece.size(); ++i) {
        if (is_blank(piece[i])) continue;
        std::size_t at = place.at;
        while (at < all_.size() && is_blank(all_[at])) ++at;
        if (at == all_.size()) {
            const bool needs_blank = !all_.empty() && !is_blank(all_.back());
            return piece.substr(needs_blank ? words_end : i);
        }
        if (all_[at] != piece[i]) {
            if (place.same == 0 || place.same >= kNoAccident) return piece.substr(words_end);
            // They only began alike: what was passed over is told again, with the blanks that a piece before ended
            // with.
            const std::size_t end = i == 0 ? at : place.at;
            told_again_ = all_.substr(place.since, end - place.since);
            told_again_ += piece.substr(words_end);
            return told_again_;
        }
        place.at = at + 1;
        ++place.same;
        words_end = i + 1;
    }
    if (place.at == all_.size()) {
        place.since = place.at;
        place.same = 0;
    }
    return {};
}

std::string_view ReasoningMerger::append(Place& place, std::string_view piece) {
    if (place.begins_thought && !all_.empty() && all_.back() != '\n') {
        if (piece.data() != told_again_.data()) told_again_ = piece;
        told_again_.insert(0, "\n\n");
        piece = told_again_;
    }
    place.begins_thought = false;
    all_ += piece;
    place.at = place.since = all_.size();
    place.same = 0;
    return piece;
}

}  // namespace llmc::openai
