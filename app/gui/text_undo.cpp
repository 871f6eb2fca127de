#include "gui/text_undo.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "base/white_space.h"

namespace llmc::gui {
namespace {

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// A whole code point, no line break.
bool is_letter(std::string_view text) {
    if (text.empty() || text == "\n") return false;
    std::size_t end = 0;
    (void)base::next_code_point(text, end);
    return end == text.size();
}

bool is_blank(std::string_view letter) {
    std::size_t at = 0;
    return base::is_white_space(base::next_code_point(letter, at));
}

// Its first or last code point.
std::string_view first_of(std::string_view text) {
    std::size_t end = 0;
    (void)base::next_code_point(text, end);
    return text.substr(0, end);
}
std::string_view last_of(std::string_view text) {
    return text.substr(base::previous_code_point(text, text.size()));
}

}  // namespace

void TextUndo::begin(std::string_view text) {
    text_ = text;
    steps_.clear();
    done_ = bytes_ = 0;
    is_open_ = false;
}

void TextUndo::note(std::string_view now) {
    if (now == text_) return;
    const std::size_t most = std::min(now.size(), text_.size());
    std::size_t same = static_cast<std::size_t>(
        std::mismatch(now.begin(), now.begin() + static_cast<std::ptrdiff_t>(most), text_.begin()).first - now.begin());
    while (same > 0 &&
           ((same < now.size() && is_continuation(now[same])) || (same < text_.size() && is_continuation(text_[same]))))
        --same;
    std::size_t tail = 0;
    while (tail < most - same && now[now.size() - 1 - tail] == text_[text_.size() - 1 - tail]) ++tail;
    while (tail > 0 && (is_continuation(now[now.size() - tail]) || is_continuation(text_[text_.size() - tail]))) --tail;
    Step step{.at = same,
              .removed = text_.substr(same, text_.size() - tail - same),
              .inserted = std::string(now.substr(same, now.size() - tail - same))};
    text_ = now;
    while (steps_.size() > done_) {
        bytes_ -= steps_.back().size();
        steps_.pop_back();
    }
    add(std::move(step));
}

// Typing goes on where it stopped, and a blank ends the word before it; deleting goes on in either direction.
bool TextUndo::goes_on(const Step& next) const {
    if (!is_open_ || steps_.empty()) return false;
    const Step& last = steps_.back();
    if (next.removed.empty() && is_letter(next.inserted))
        return last.removed.empty() && next.at == last.at + last.inserted.size() &&
               !(is_blank(last_of(last.inserted)) && !is_blank(next.inserted));
    if (!next.inserted.empty() || !is_letter(next.removed) || !last.inserted.empty()) return false;
    const bool is_backward = next.at + next.removed.size() == last.at, is_forward = next.at == last.at;
    const std::string_view beside = is_backward ? first_of(last.removed) : last_of(last.removed);
    return (is_backward || is_forward) && is_blank(beside) == is_blank(next.removed);
}

void TextUndo::add(Step step) {
    if (goes_on(step)) {
        Step& last = steps_.back();
        bytes_ += step.removed.size() + step.inserted.size();
        last.inserted += step.inserted;
        if (step.at < last.at)
            last.removed.insert(0, step.removed);
        else
            last.removed += step.removed;
        last.at = std::min(last.at, step.at);
    } else {
        is_open_ = step.removed.empty() ? is_letter(step.inserted) : step.inserted.empty() && is_letter(step.removed);
        bytes_ += step.size();
        steps_.push_back(std::move(step));
    }
    std::size_t gone = 0;
    for (; bytes_ > kMaxBytes && gone < steps_.size(); ++gone) bytes_ -= steps_[gone].size();
    steps_.erase(steps_.begin(), steps_.begin() + static_cast<std::ptrdiff_t>(gone));
    done_ = steps_.size();
}

TextUndo::Change TextUndo::apply(std::size_t at, std::size_t removed, const std::string& inserted) {
    text_.replace(at, removed, inserted);
    is_open_ = false;
    return {at, removed, inserted};
}

std::optional<TextUndo::Change> TextUndo::undo() {
    if (done_ == 0) return std::nullopt;
    const Step& step = steps_[--done_];
    return apply(step.at, step.inserted.size(), step.removed);
}

std::optional<TextUndo::Change> TextUndo::redo() {
    if (done_ == steps_.size()) return std::nullopt;
    const Step& step = steps_[done_++];
    return apply(step.at, step.removed.size(), step.inserted);
}

}  // namespace llmc::gui
