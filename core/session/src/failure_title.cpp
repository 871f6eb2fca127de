#include "session/failure_title.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"
#include "net/failure_words.h"

namespace llmc::session {
namespace {

struct Row {
    ErrorKind kind;
    std::string_view words;  // that the message has; empty: any
    std::string_view title;
};

// The first that fits counts.
constexpr Row kTitles[] = {
    {ErrorKind::context_limit, "", "Context limit exceeded"},
    {ErrorKind::timeout, net::kTotalLimitWords, "Total time limit exceeded"},
    {ErrorKind::timeout, "still loading the model", "Model not loaded in time"},
    {ErrorKind::timeout, net::kNoTokenWords, "No token in time"},
    {ErrorKind::timeout, "", "No connection in time"},
    {ErrorKind::connection, net::kRefusedWords, "Connection refused"},
    {ErrorKind::connection, "No reachable server", "No server has the model"},
    {ErrorKind::connection, "cannot be reached", "Server unreachable"},
    {ErrorKind::connection, "", "Connection lost"},
    {ErrorKind::resolve, "", "Server name not found"},
    {ErrorKind::tls, "", "TLS failed"},
    {ErrorKind::auth, "", "Access denied"},
    {ErrorKind::rate_limit, "", "Too many requests"},
    {ErrorKind::model, "", "Model not available"},
    {ErrorKind::server_error, "", "Server error"},
    {ErrorKind::protocol, "", "Not an OpenAI answer"},
    {ErrorKind::limit, "", "Limit exceeded"},
    {ErrorKind::own_limit, "", "Limit exceeded"},
    {ErrorKind::cut_off, "", "Cut off"},
    {ErrorKind::empty, "", "Empty answer"},
};

std::string_view title_of_status(int status) {
    switch (status) {
        case 401:
        case 403: return "Access denied";
        case 404: return "Not found";
        case 429: return "Too many requests";
        default: break;
    }
    if (status >= 500) return "Server error";
    return status >= 400 ? "Request refused" : "Redirected";
}

// "6 s" of "… sent no token for 6 s, before the first token."
std::string_view time_in(std::string_view message) {
    const std::size_t found = message.find(net::kNoTokenWords);
    if (found == std::string_view::npos) return {};
    const std::string_view rest = message.substr(found + net::kNoTokenWords.size());
    const std::size_t end = rest.find(" s");
    constexpr std::size_t kLongest = 12;
    return end == std::string_view::npos || end > kLongest ? std::string_view{} : rest.substr(0, end + 2);
}

}  // namespace

std::string failure_title(const Answer& answer) {
    switch (answer.state) {
        case AnswerState::cut_off: return "Cut off";
        case AnswerState::empty: return "Empty answer";
        case AnswerState::failed: break;
        default: return {};
    }
    if (!answer.failure) return "Failed";
    const Failure& failure = *answer.failure;
    if (failure.kind == ErrorKind::http) return std::string(title_of_status(failure.status));
    const auto* row = std::find_if(std::begin(kTitles), std::end(kTitles), [&failure](const Row& one) {
        return one.kind == failure.kind && failure.message.find(one.words) != std::string::npos;
    });
    if (row == std::end(kTitles)) return "Failed";
    if (row->words != net::kNoTokenWords) return std::string(row->title);
    const std::string_view time = time_in(failure.message);
    return time.empty() ? std::string(row->title) : "No token for " + std::string(time);
}

std::string outcome_words(const Answer& answer) {
    std::string words = failure_title(answer);
    if (words.empty()) return std::string(answer_state_name(answer.state));
    // "TLS failed" stays as it is.
    if (words.size() > 1 && base::to_lower(words[1]) == words[1]) words[0] = base::to_lower(words[0]);
    return words;
}

}  // namespace llmc::session
