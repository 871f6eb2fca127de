#include "openai/model_loading.h"

#include "dialects/load_talk.h"
#include "openai/redact.h"
#include "openai/server_error.h"
#include "outside_json.h"

namespace llmc::openai {

using base::Json;

Result<Json> LoadTalk::ask(std::string method, std::string path, const Json& body) const {
    constexpr std::size_t kMaxBody = std::size_t{8} << 20;  // bytes; as manifests
    net::HttpRequest request{.method = std::move(method),
                             .server = access.url,
                             .path = std::move(path),
                             .headers = authorization(access),
                             .body = {},
                             .ca_file = access.ca_file};
    if (!body.is_null()) {
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = base::dump_json(body);
    }
    const auto answer = client.fetch(request, deadlines, kMaxBody, cancellation);
    if (!answer) return answer.error();
    const int status = answer->head.status;
    auto json = parse_outside_json(answer->bytes);
    const bool is_fine = status >= 200 && status <= 299 && json.ok() && !find_error(*json);
    if (is_fine) return json;
    const ServerError error = read_error_body(status, answer->head.content_type, answer->bytes);
    const ErrorKind kind = status == 401 || status == 403 ? ErrorKind::auth : error.kind;
    return Error{kind, Redactor({access.api_key})("answered " + request.method + " " + request.path + " with HTTP " +
                                                  std::to_string(status) + ": " + error.message)};
}

Result<void> LoadTalk::tell(std::string_view path, const Json& body) const {
    const auto answer = ask("POST", access.url.native_path(path), body);
    if (!answer) return answer.error();
    return {};
}

Result<void> change_load(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
                         const LoadChange& change, const net::Cancellation& cancellation,
                         const std::function<bool(base::Duration)>& wait) {
    if (change.dialect && change.dialect->change_load)
        return change.dialect->change_load({client, access, deadlines, change, cancellation, wait});
    return Error{ErrorKind::usage, (change.dialect ? std::string(change.dialect->name) : "this kind of server") +
                                       " has no way to load and unload models on request"};
}

}  // namespace llmc::openai
