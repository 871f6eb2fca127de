#include "think_splitter.h"

#include <algorithm>

#include "ascii.h"

namespace llmc::openai {
namespace {

constexpr std::string_view kOpen = "<think>";
constexpr std::string_view kClose = "</think>";

// The size of the longest end of `text` that is a beginning of `tag`, but not all of it.
std::size_t unfinished_tag(std::string_view text, std::string_view tag) {
    for (std::size_t size = std::min(text.size(), tag.size() - 1); size > 0; --size)
        if (tag.starts_with(text.substr(text.size() - size))) return size;
    return 0;
}

}  // namespace

ThinkSplitter::Split ThinkSplitter::feed(std::string_view text) {
    if (state_ == State::text) return {{}, text};
    if (state_ == State::after_reasoning) return {{}, after_reasoning(text)};
    if (!held_.empty()) {
        held_ += text;
        joined_.swap(held_);
        held_.clear();
        text = joined_;
    }
    if (state_ == State::reasoning) return feed_reasoning(text);

    const std::string_view start = trim_start(text);
    if (text.size() - start.size() <= kMaxBlanks) {
        if (start.starts_with(kOpen)) {
            state_ = State::reasoning;
            return feed_reasoning(start.substr(kOpen.size()));
        }
        if (kOpen.starts_with(start)) {
            held_ = text;
            return {};
        }
    }
    state_ = State::text;
    return {{}, text};
}

ThinkSplitter::Split ThinkSplitter::finish() {
    joined_.swap(held_);
    held_.clear();
    if (state_ == State::reasoning) return {joined_, {}};
    return {{}, joined_};
}

ThinkSplitter::Split ThinkSplitter::feed_reasoning(std::string_view text) {
    const auto close = text.find(kClose);
    if (close != std::string_view::npos) {
        state_ = State::after_reasoning;
        return {text.substr(0, close), after_reasoning(text.substr(close + kClose.size()))};
    }
    const std::size_t unfinished = unfinished_tag(text, kClose);
    held_ = text.substr(text.size() - unfinished);
    return {text.substr(0, text.size() - unfinished), {}};
}

std::string_view ThinkSplitter::after_reasoning(std::string_view text) {
    text = trim_start(text);
    if (!text.empty()) state_ = State::text;
    return text;
}

}  // namespace llmc::openai
