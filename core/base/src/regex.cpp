#include "base/regex.h"

#include <fmt/format.h>
#include <re2/re2.h>

namespace llmc::base {
namespace {

constexpr std::int64_t kMaxMemory = std::int64_t{8} << 20;  // of one expression, its automata included

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

// The signs of $, \z, \b and \B; more than those hold them ("[$]"), which does no harm.
bool has_sign_of_look_ahead(std::string_view pattern) {
    for (const std::string_view sign : {"$", "\\z", "\\b", "\\B"})
        if (pattern.find(sign) != std::string_view::npos) return true;
    return false;
}

}  // namespace

Regex::Regex(std::unique_ptr<const re2::RE2> regex, bool may_look_ahead)
    : regex_(std::move(regex)), may_look_ahead_(may_look_ahead) {}

Regex::~Regex() = default;

Result<std::shared_ptr<const Regex>> Regex::compile(std::string_view pattern, bool ignores_case) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMaxMemory);
    options.set_case_sensitive(!ignores_case);
    auto regex = std::make_unique<const re2::RE2>(piece(pattern), options);
    if (!regex->ok()) {
        const bool is_large = regex->error_code() == re2::RE2::ErrorPatternTooLarge;
        return Error{is_large ? ErrorKind::limit : ErrorKind::parse,
                     fmt::format("not a regular expression of RE2: {}", regex->error())};
    }
    return std::shared_ptr<const Regex>(new Regex(std::move(regex), has_sign_of_look_ahead(pattern)));
}

bool Regex::is_in(std::string_view text) const {
    return regex_->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::optional<Regex::Find> Regex::find(std::string_view text, std::size_t from, std::size_t to) const {
    re2::StringPiece found;
    // Without the place the search is much faster, and mostly there is none.
    if (!regex_->Match(piece(text), from, to, re2::RE2::UNANCHORED, nullptr, 0)) return std::nullopt;
    if (!regex_->Match(piece(text), from, to, re2::RE2::UNANCHORED, &found, 1)) return std::nullopt;
    const auto begin = static_cast<std::size_t>(found.data() - text.data());
    return Find{begin, begin + found.size()};
}

}  // namespace llmc::base
