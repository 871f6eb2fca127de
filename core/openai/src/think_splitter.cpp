#include "think_splitter.h"

#include <algorithm>
#include <utility>

#include "ascii.h"

namespace llmc::openai {
namespace {

using Match = TagMatch::State;

static_assert(kTagPairs.size() <= 32, "pairs are kept as bits");
constexpr std::uint32_t bit(std::size_t pair) {
    return std::uint32_t{1} << pair;
}

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// `line` ends with its last four bytes.
bool ends_sentence(std::uint32_t line) {
    const std::uint32_t wide = line & 0xFFFFFF;
    if (wide == 0xE38082 || wide == 0xEFBC81 || wide == 0xEFBC9F) return true;  // 。！？
    constexpr std::string_view kEnds = ".!?>)]*";
    return kEnds.find(static_cast<char>(line & 0xFF)) != std::string_view::npos;
}

// Whether a closing tag between `before` and `after` stands in quotes.
template <class Says>
Says is_quoted(char before, std::string_view after, bool is_last) {
    if (before != '"' && before != '\'' && before != '`') return Says::no;
    if (after.empty()) return is_last ? Says::no : Says::unknown;
    return after.front() == before ? Says::yes : Says::no;
}

}  // namespace

bool ThinkSplitter::feed(std::string_view text, Out& out) {
    if (held_.empty()) return run(text, false, out);
    held_ += text;
    joined_.swap(held_);
    held_.clear();
    return run(joined_, false, out);
}

bool ThinkSplitter::finish(Out& out) {
    joined_.swap(held_);
    held_.clear();
    return run(joined_, true, out);
}

bool ThinkSplitter::run(std::string_view text, bool is_last, Out& out) {
    Input in{text, is_last, out};
    Step step = Step::go_on;
    while (step == Step::go_on && !in.rest.empty()) {
        switch (state_) {
            case State::boundary: step = at_boundary(in); break;
            case State::thought: step = in_thought(in); break;
            case State::text: step = in_text(in); break;
        }
    }
    if (step == Step::wait) held_ = in.rest;
    return step != Step::stop;
}

ThinkSplitter::Step ThinkSplitter::at_boundary(Input& in) {
    const std::string_view word = trim_start(in.rest);
    const std::size_t blanks = in.rest.size() - word.size();
    const bool is_start = !has_text_ && used_ == 0;
    if (word.empty() && blanks <= kMaxBlanks) {
        if (keeps_blanks_ && !in.is_last) return Step::wait;
        if (!is_start || !keeps_blanks_) in.rest = {};
    }
    if (in.rest.empty()) return Step::go_on;
    if (!keeps_blanks_) in.rest = word;
    if (!word.empty() && (!keeps_blanks_ || blanks <= kMaxBlanks)) {
        const Sign sign = boundary_sign(word);
        if (sign.kind == Sign::Kind::undecided && !in.is_last) return Step::wait;
        if (sign.kind == Sign::Kind::opens || sign.kind == Sign::Kind::ends_thought) {
            in.rest = word.substr(sign.size);
            used_ |= bit(sign.pair);
            if (sign.kind == Sign::Kind::ends_thought)
                enter_boundary();
            else
                open_thought(sign.pair);
            return Step::go_on;
        }
        if (sign.kind == Sign::Kind::ends_answer) {  // the tag before the answer
            in.rest = word.substr(sign.size);
            answer_ = sign.pair;
            keeps_blanks_ = false;
            return Step::go_on;
        }
    }
    state_ = State::text;
    return Step::go_on;
}

// A tag at a boundary. The one that opens the answer's own pair is told as `ends_answer`.
ThinkSplitter::Sign ThinkSplitter::boundary_sign(std::string_view word) const {
    Sign found;
    if (!begins_tag(word)) return found;
    for (std::size_t pair = 0; pair < kTagPairs.size(); ++pair) {
        const TagPair& tags = kTagPairs[pair];
        const TagMatch open = match_tag(word, tags.open);
        const TagMatch close = tags.closes_alone ? match_tag(word, tags.close) : TagMatch{};
        const bool holds_thought = tags.holds == TagPair::Holds::thought;
        if (open.state == Match::whole)
            return {holds_thought ? Sign::Kind::opens : Sign::Kind::ends_answer, open.size, pair};
        if (close.state == Match::whole) return {Sign::Kind::ends_thought, close.size, pair};
        if (open.state == Match::beginning || close.state == Match::beginning) found.kind = Sign::Kind::undecided;
    }
    return found;
}

void ThinkSplitter::open_thought(std::size_t pair) {
    state_ = State::thought;
    thought_ = pair;
    is_new_thought_ = true;
    last_of_thought_ = 0;
}

void ThinkSplitter::enter_boundary() {
    state_ = State::boundary;
    keeps_blanks_ = has_text_ && !is_blank(last_);
}

ThinkSplitter::Step ThinkSplitter::in_thought(Input& in) {
    const std::string_view close = kTagPairs[thought_].close;
    std::size_t from = 0;
    for (;;) {
        const auto at = in.rest.find(close.front(), from);
        if (at == std::string_view::npos) return pass_thought(in, in.rest.size()) ? Step::go_on : Step::stop;
        const TagMatch match = match_tag(in.rest.substr(at), close);
        from = at + std::max<std::size_t>(match.size, 1);
        Says says = Says::yes;
        if (match.state == Match::whole)
            says = is_quoted<Says>(at > 0 ? in.rest[at - 1] : last_of_thought_, in.rest.substr(from), in.is_last);
        else if (match.state == Match::beginning && !in.is_last)
            says = Says::unknown;
        if (says == Says::yes) continue;
        if (!pass_thought(in, at)) return Step::stop;
        if (says == Says::unknown) return Step::wait;
        in.rest.remove_prefix(match.size);
        used_ |= bit(thought_);
        enter_boundary();
        return Step::go_on;
    }
}

ThinkSplitter::Step ThinkSplitter::in_text(Input& in) {
    std::size_t at = 0;
    while (at < in.rest.size()) {
        if (!begins_tag(in.rest.substr(at))) {
            note(in.rest[at++]);
            continue;
        }
        const Sign sign = text_sign(in.rest.substr(at), in.is_last);
        if (sign.kind == Sign::Kind::nothing || sign.kind == Sign::Kind::spoken_of) {
            const std::size_t size = std::max<std::size_t>(sign.size, 1);
            note(in.rest.substr(at, size));
            at += size;
            continue;
        }
        if (sign.kind == Sign::Kind::ends_thought) return take_back(in, at, sign);
        if (!pass_text(in, at)) return Step::stop;
        if (sign.kind == Sign::Kind::undecided) return Step::wait;
        in.rest.remove_prefix(sign.size);
        if (sign.kind == Sign::Kind::opens) {
            open_thought(sign.pair);
        } else {
            answer_ = kNone;
            enter_boundary();
        }
        return Step::go_on;
    }
    return pass_text(in, in.rest.size()) ? Step::go_on : Step::stop;
}

ThinkSplitter::Sign ThinkSplitter::text_sign(std::string_view word, bool is_last) {
    bool may_be_tag = false;
    const auto is_whole = [&](const TagMatch& match) {
        may_be_tag = may_be_tag || match.state == Match::beginning;
        return match.state == Match::whole;
    };
    if (answer_ != kNone)
        if (const TagMatch close = match_tag(word, kTagPairs[answer_].close); is_whole(close))
            return {Sign::Kind::ends_answer, close.size, answer_};
    for (std::size_t pair = 0; pair < kTagPairs.size(); ++pair) {
        const TagPair& tags = kTagPairs[pair];
        if (tags.holds == TagPair::Holds::answer) continue;
        if (const TagMatch open = match_tag(word, tags.open); is_whole(open)) {
            if (can_open_here(pair)) return {Sign::Kind::opens, open.size, pair};
            spoken_of_ |= bit(pair);
            return {Sign::Kind::spoken_of, open.size, pair};
        }
        if (!tags.closes_alone) continue;
        if (const TagMatch close = match_tag(word, tags.close); is_whole(close)) {
            const bool has_opened = (spoken_of_ & bit(pair)) != 0;
            const Says says = has_opened ? Says::yes : is_spoken_of(word.substr(close.size), is_last);
            if (says == Says::unknown) return {Sign::Kind::undecided, 0, pair};
            spoken_of_ &= ~bit(pair);
            return {says == Says::yes ? Sign::Kind::spoken_of : Sign::Kind::ends_thought, close.size, pair};
        }
    }
    return {may_be_tag && !is_last ? Sign::Kind::undecided : Sign::Kind::nothing, 0, kNone};
}

// Whether a tag that opens here is one, and not spoken of.
bool ThinkSplitter::can_open_here(std::size_t pair) const {
    const bool has_thought = has_reasoning_ || used_ != 0;
    const bool is_known = pair == kUsualTags || (used_ & bit(pair)) != 0;
    if (!has_thought || !is_known || is_in_code_ || is_in_fence_) return false;
    const bool is_line_start = last_words_ == 0;
    return is_line_start || is_word(last_) || ends_sentence(last_words_);
}

// Whether a closing tag that nothing opened is spoken of here.
ThinkSplitter::Says ThinkSplitter::is_spoken_of(std::string_view after, bool is_last) const {
    const bool is_line_start = last_words_ == 0;
    if (is_in_fence_ ? !is_line_start : is_in_code_) return Says::yes;
    if (const Says says = is_quoted<Says>(last_, after, is_last); says != Says::no) return says;
    const char word = static_cast<char>(last_words_ & 0xFF);
    if ((last_ != ' ' && last_ != '\t') || (!is_word(word) && word != ',')) return Says::no;
    // In the middle of a sentence: what follows tells.
    const auto next = after.find_first_not_of(' ');
    if (next == std::string_view::npos) return is_last || after.size() > kMaxBlanks ? Says::yes : Says::unknown;
    const char c = after[next];
    const bool goes_on =
        next > 0 ? c >= 'a' && c <= 'z' : std::string_view(",.;:)!?").find(c) != std::string_view::npos;
    return goes_on ? Says::yes : Says::no;
}

// A closing tag after `before` bytes that nothing opened.
ThinkSplitter::Step ThinkSplitter::take_back(Input& in, std::size_t before, const Sign& sign) {
    if (has_text_ && !in.out.text_was_thought()) return Step::stop;
    is_new_thought_ = !has_text_;
    if (!pass_thought(in, before)) return Step::stop;
    in.rest.remove_prefix(sign.size);
    used_ |= bit(sign.pair);
    has_text_ = false;
    spoken_of_ = 0;
    note('\n');
    is_in_fence_ = false;
    enter_boundary();
    return Step::go_on;
}

void ThinkSplitter::note(std::string_view piece) {
    for (const char c : piece) note(c);
}

void ThinkSplitter::note(char c) {
    if (c == '\n') {
        last_words_ = 0;
        fence_run_ = 0;
        is_in_code_ = false;
    } else if (c != ' ' && c != '\t' && c != '\r') {
        const bool goes_on = last_words_ == 0 || (fence_run_ > 0 && last_ == c);
        fence_run_ = (c == '`' || c == '~') && goes_on ? fence_run_ + 1 : 0;
        if (fence_run_ == 3) {
            is_in_fence_ = !is_in_fence_;
            is_in_code_ = false;
        } else if (c == '`' && fence_run_ < 3) {
            is_in_code_ = !is_in_code_;
        }
        last_words_ = last_words_ << 8 | static_cast<unsigned char>(c);
    }
    last_ = c;
}

bool ThinkSplitter::pass_text(Input& in, std::size_t size) {
    const std::string_view piece = in.rest.substr(0, size);
    in.rest.remove_prefix(size);
    if (piece.empty()) return true;
    has_text_ = true;
    return in.out.text(piece);
}

bool ThinkSplitter::pass_thought(Input& in, std::size_t size) {
    const std::string_view piece = in.rest.substr(0, size);
    in.rest.remove_prefix(size);
    if (piece.empty()) return true;
    last_of_thought_ = piece.back();
    return in.out.thought(piece, std::exchange(is_new_thought_, false));
}

}  // namespace llmc::openai
