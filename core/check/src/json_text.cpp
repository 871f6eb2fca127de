#include "json_text.h"

#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"

namespace llmc::check {
namespace {

constexpr int kFenceRun = 3;

}  // namespace

void JsonText::update(std::string_view text) {
    if (is_broken()) return;
    for (; pos_ < text.size(); ++pos_) {
        if (feed(text[pos_])) continue;
        if (why_.empty()) {
            std::size_t behind = pos_;
            base::next_code_point(text, behind);
            why_ = fmt::format("{} was expected, and \"{}\" stands there", scanner_.expected(),
                               base::for_terminal_line(text.substr(pos_, behind - pos_)));
        }
        at_ = At::broken;
        return;
    }
}

bool JsonText::fail(std::string why) {
    why_ = std::move(why);
    return false;
}

bool JsonText::feed(char c) {
    switch (at_) {
        case At::lead:
            if (base::is_blank(c)) return true;
            if (c == '`' && !allow_fence_)
                return fail("a code fence stands around it, which this check does not allow (\"allow_fence\")");
            if ((c == '`' || c == '~') && allow_fence_) {
                fence_ = c;
                opening_run_ = 1;
                at_ = At::opening;
                return true;
            }
            begin_ = pos_;
            at_ = At::json;
            return feed_json(c);
        case At::opening:
            if (c == fence_) {
                ++opening_run_;
                return true;
            }
            if (opening_run_ < kFenceRun) return fail("a code fence has at least three signs");
            at_ = At::info;
            return feed(c);
        case At::info:
            if (c == '`' && fence_ == '`') return fail("the JSON has to begin on a line of its own in the code fence");
            if (c != '\n') return true;
            at_ = At::json;
            begin_ = pos_ + 1;
            is_line_blank_ = true;
            return true;
        case At::json: return feed_json(c);
        case At::closing:
            if (c == fence_) {
                ++closing_run_;
                return true;
            }
            if (closing_run_ < opening_run_) return fail("the code fence is closed with fewer signs than it has");
            at_ = At::closing_line;
            return feed(c);
        case At::closing_line:
            if (c == '\n') at_ = At::behind;
            return base::is_blank(c) || fail("something stands behind the code fence");
        case At::behind: return base::is_blank(c) || fail("something stands behind the code fence");
        case At::broken: break;
    }
    return false;
}

bool JsonText::feed_json(char c) {
    if (fence_ != 0 && c == fence_ && is_line_blank_ && !scanner_.is_in_string()) {
        if (!scanner_.is_complete()) return fail("the code fence is closed before the JSON is whole");
        at_ = At::closing;
        end_ = pos_;
        closing_run_ = 1;
        return true;
    }
    is_line_blank_ = c == '\n' || (is_line_blank_ && base::is_blank(c));
    return scanner_.feed(c);
}

void JsonText::finish() {
    if (is_broken()) return;
    bool is_whole = false;
    switch (at_) {
        case At::json:
            end_ = pos_;
            is_whole = fence_ == 0 && scanner_.is_complete();
            why_ = !scanner_.is_complete() ? fmt::format("the text ends where {} was expected", scanner_.expected())
                                           : "the code fence is not closed";
            break;
        case At::closing: is_whole = closing_run_ >= opening_run_; [[fallthrough]];
        case At::opening:
        case At::info: why_ = "the code fence is not closed"; break;
        case At::closing_line:
        case At::behind: is_whole = true; break;
        case At::lead: why_ = "there is no text"; break;
        case At::broken: break;
    }
    if (!is_whole) at_ = At::broken;
}

std::string JsonText::why() const {
    return why_;
}

}  // namespace llmc::check
