#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "dialects/reading.h"
#include "openai/manifest.h"
#include "openai/redact.h"
#include "openai/server_error.h"
#include "outside_json.h"

namespace llmc::openai {
namespace {

constexpr std::size_t kMaxBody = std::size_t{8} << 20;             // bytes; product.md section 5, "manifest 8 MiB"
constexpr base::Duration kOwnListLimit = std::chrono::seconds{2};  // for lists that a server may not have
constexpr std::string_view kModels = "/models";

using List = Manifest::List;

// One server, asked for one thing after another.
class Asking {
public:
    Asking(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
           const net::Cancellation& cancellation)
        : client_(client), access_(access), deadlines_(deadlines), cancellation_(cancellation) {}

    Result<net::HttpClient::Body> get(const net::BaseUrl& server, const std::string& path,
                                      const net::Deadlines& deadlines) const {
        const net::HttpRequest request{.method = "GET",
                                       .server = server,
                                       .path = path,
                                       .headers = authorization(access_),
                                       .body = {},
                                       .ca_file = access_.ca_file};
        return client_.fetch(request, deadlines, kMaxBody, cancellation_);
    }

    // GET /v1/models at one place. Errors say what the server answered, without the key.
    Result<Manifest> openai_models(const net::BaseUrl& place) const {
        const std::string path = place.openai_path(kModels);
        const auto body = get(place, path, deadlines_);
        if (!body.ok()) return body.error();
        const int status = body->head.status;
        const auto json = parse_outside_json(body->bytes);
        if (!json.ok() && json.error().kind == ErrorKind::limit && status == 200)
            return Error{ErrorKind::limit, "answered GET " + path + " with JSON that is " + json.error().message};
        Manifest manifest;
        if (status >= 200 && status <= 299 && json.ok() && read_openai_models(*json, manifest)) return manifest;
        const ServerError error = read_error_body(status, body->head.content_type, body->bytes);
        if (error.is_loading) return Manifest{.list = List::loading};
        if (status == 404 || status == 405 || status == 501) return Manifest{.list = List::none};
        const ErrorKind kind = status == 401 || status == 403 ? ErrorKind::auth : error.kind;
        return Error{kind, Redactor({access_.api_key})("answered GET " + path + " with HTTP " + std::to_string(status) +
                                                       ": " + error.message)};
    }

    // Reads a list of a family; false where the server does not have it. After one that hangs, and where this program
    // can ask no more, none is asked for.
    bool read_own(const net::BaseUrl& server, const OwnList& list, Manifest& manifest) {
        if (!list.read || is_hanging_ || own_failure_ || cancellation_.is_cancelled()) return false;
        net::Deadlines deadlines;
        deadlines.connect = std::min(deadlines_.connect, kOwnListLimit);
        deadlines.no_progress = std::min(deadlines_.no_progress, kOwnListLimit);
        deadlines.total = std::min(deadlines_.total.value_or(kOwnListLimit), kOwnListLimit);
        const auto body = get(server, server.native_path(list.path), deadlines);
        if (!body.ok()) {
            is_hanging_ = body.error().kind == ErrorKind::timeout;
            if (body.error().kind == ErrorKind::own_limit) own_failure_ = body.error();
            return false;
        }
        if (body->head.status != 200) return false;
        const auto json = parse_outside_json(body->bytes);
        return json.ok() && list.read(*json, manifest);
    }

    bool is_hanging() const { return is_hanging_; }
    // Why what came is not all: of this program, not of the server.
    std::optional<Error> own_failure() const {
        if (cancellation_.is_cancelled()) return Error{ErrorKind::cancelled, "was not asked any further"};
        return own_failure_;
    }

private:
    net::HttpClient& client_;
    const ServerAccess& access_;
    const net::Deadlines& deadlines_;
    const net::Cancellation& cancellation_;
    bool is_hanging_ = false;
    std::optional<Error> own_failure_;
};

// Asks for the lists of the families that the server can be of, after what /v1/models told about it.
bool read_own_lists(Asking& asking, const net::BaseUrl& server, const ManifestHints& known, Manifest& manifest) {
    const Dialect* wanted = known.is_explored ? known.dialect : manifest.dialect;
    if (known.is_explored && !known.has_lists) return false;
    for (const Dialect* dialect : dialects()) {
        if (wanted && dialect != wanted) continue;
        if (!asking.read_own(server, dialect->lists.front(), manifest)) continue;
        manifest.dialect = dialect;
        for (std::size_t i = 1; i < dialect->lists.size(); ++i) asking.read_own(server, dialect->lists[i], manifest);
        return true;
    }
    return false;
}

// Looks for the API at the places, in order.
class Search {
public:
    explicit Search(Asking& asking) : asking_(asking) {}

    // What is found there, and what is learned of it in `found`. Errors: the most telling one. The places of another
    // port are looked at where nothing answers at the first.
    Result<Manifest> run(std::span<const net::BaseUrl> places, const ManifestHints& known, ManifestHints& found) {
        while (!places.empty()) {
            const auto next = std::find_if(places.begin(), places.end(), [&](const net::BaseUrl& one) {
                return one.origin() != places.front().origin();
            });
            const std::span port(places.begin(), next);
            places = places.subspan(port.size());
            auto manifest = look_at(port, known, found);
            if (manifest.ok() || !is_away(manifest.error().kind, port.front())) return manifest;
        }
        return *failure_;
    }

private:
    Result<Manifest> look_at(std::span<const net::BaseUrl> port, const ManifestHints& known, ManifestHints& found) {
        std::optional<net::BaseUrl> without_list;
        bool has_bad_list = false;  // a place has something there, and no list: that is what is wrong with it
        for (const net::BaseUrl& place : port) {
            auto manifest = asking_.openai_models(place);
            if (manifest.ok() && manifest->list != List::none) {
                found.url = place;
                if (manifest->list == List::there) read_lists(*manifest, known, found);
                return manifest;
            }
            if (manifest.ok() && !without_list) without_list = place;
            if (manifest.ok()) continue;
            note(manifest.error());
            has_bad_list = true;
            if (is_end(manifest.error().kind)) return manifest;
        }
        if (is_refused()) return *failure_;
        // A family's list alone is fine, too; its chat endpoint is below "/v1".
        Manifest own;
        found.url = chat_place(port);
        if (read_lists(own, known, found)) return own;
        if (!without_list || has_bad_list || has_failed()) return *failure_;
        found.url = without_list;
        return Manifest{.list = List::none};
    }

    // Nothing more can be asked at this port then.
    static bool is_end(ErrorKind kind) {
        using enum ErrorKind;
        return kind == cancelled || kind == own_limit || kind == usage || kind == resolve || kind == tls ||
               kind == connection || kind == timeout;
    }
    // Nothing answers there. A firewall of the local network may just be silent; elsewhere that takes too long.
    static bool is_away(ErrorKind kind, const net::BaseUrl& place) {
        return kind == ErrorKind::connection || (kind == ErrorKind::timeout && place.is_local_network());
    }

    static const net::BaseUrl& chat_place(std::span<const net::BaseUrl> port) {
        const auto place = std::find_if(port.begin(), port.end(),
                                        [](const net::BaseUrl& one) { return one.openai_path("").ends_with("/v1"); });
        return place == port.end() ? port.front() : *place;
    }

    bool read_lists(Manifest& manifest, const ManifestHints& known, ManifestHints& found) {
        found.has_lists = read_own_lists(asking_, *found.url, known, manifest);
        found.dialect = manifest.dialect;
        return found.has_lists;
    }

    // The first one, or that the key is refused.
    void note(const Error& error) {
        const bool is_telling = error.kind == ErrorKind::auth && !is_refused();
        if (!failure_ || is_telling) failure_ = error;
    }
    bool is_refused() const { return failure_ && failure_->kind == ErrorKind::auth; }
    // It said so at one of the places: that there is no list at the other one is no news then. Some page is no failure.
    bool has_failed() const { return failure_ && failure_->kind != ErrorKind::protocol && !is_end(failure_->kind); }

    Asking& asking_;
    std::optional<Error> failure_;
};

// A server that puts the key into its lists: the same rule as for answers.
void black_out(const std::string& key, Manifest& manifest) {
    for (ModelInfo& model : manifest.models)
        for (std::string* text : {&model.id, &model.quantization, &model.format, &model.parameters})
            if (text->size() >= key.size()) *text = without_key(*text, key);
}

}  // namespace

net::Headers authorization(const ServerAccess& access) {
    if (access.api_key.empty()) return {};
    return {{"Authorization", "Bearer " + access.api_key}};
}

std::vector<net::BaseUrl> places_of(const net::BaseUrl& url) {
    std::vector<net::BaseUrl> places = url.places();
    if (url.has_explicit_port()) return places;
    const int lm_studio = find_dialect("LM Studio")->ports.front();
    for (const net::BaseUrl& place : url.with_port(lm_studio).places()) places.push_back(place);
    return places;
}

Result<Manifest> fetch_manifest(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
                                ManifestHints& hints, const net::Cancellation& cancellation) {
    Asking asking(client, access, deadlines, cancellation);
    const auto places = hints.is_explored ? std::vector{*hints.url} : places_of(access.url);
    ManifestHints found;
    auto manifest = Search(asking).run(places, hints, found);
    if (const auto failure = asking.own_failure()) return *failure;
    if (!manifest.ok() || manifest->list == List::loading) return manifest;
    if (!access.api_key.empty()) black_out(access.api_key, *manifest);
    if (asking.is_hanging()) {
        hints.url = found.url;  // of the rest nothing was learned: it may only have been busy
        return manifest;
    }
    // Another server may have taken its place, or have no list yet: the next fetch looks anew.
    found.is_explored = manifest->list == List::there;
    const bool is_another = hints.is_explored && found != hints;
    hints = found;
    if (is_another) hints = {.url = found.url};
    return manifest;
}

Result<LoadState> fetch_load_state(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
                                   const ManifestHints& hints, std::string_view model_id,
                                   const net::Cancellation& cancellation) {
    using States = Dialect::States;
    const States states = hints.dialect ? hints.dialect->states : States::nowhere;
    const bool is_openai = states == States::in_openai_list;
    if (states == States::nowhere || (!is_openai && !hints.has_lists)) return LoadState::unknown;
    OwnList list{kModels, read_openai_models};
    if (!is_openai)
        for (const OwnList& one : hints.dialect->lists)
            if (one.read) list = one;

    const net::BaseUrl& server = hints.url ? *hints.url : access.url;
    const Asking asking(client, access, deadlines, cancellation);
    const auto body =
        asking.get(server, is_openai ? server.openai_path(list.path) : server.native_path(list.path), deadlines);
    if (!body.ok()) return body.error();
    const auto json = parse_outside_json(body->bytes);
    if (!json.ok()) return LoadState::unknown;
    if (const auto error = find_error(*json); error && error->is_loading) return LoadState::loading;
    Manifest manifest;
    if (body->head.status != 200 || !list.read(*json, manifest)) return LoadState::unknown;
    if (const ModelInfo* model = manifest.find(model_id)) return model->state;
    return states == States::in_last_list_if_loaded ? LoadState::not_loaded : LoadState::unknown;
}

}  // namespace llmc::openai
