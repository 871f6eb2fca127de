#include "openai/model_loading.h"

#include <chrono>

#include "openai/redact.h"
#include "openai/server_error.h"
#include "outside_json.h"

namespace llmc::openai {
namespace {

using base::Json;
using Direction = LoadChange::Direction;

constexpr std::size_t kMaxBody = std::size_t{8} << 20;                 // bytes; as manifests
constexpr base::Duration kLookPause = std::chrono::milliseconds{500};  // between looks at a router's states

constexpr std::string_view kLmStudioModels = "/api/v1/models";
constexpr std::string_view kLmStudioLoad = "/api/v1/models/load";
constexpr std::string_view kLmStudioUnload = "/api/v1/models/unload";
constexpr std::string_view kRouterLoad = "/models/load";
constexpr std::string_view kRouterUnload = "/models/unload";
constexpr std::string_view kModels = "/models";
constexpr std::string_view kOllamaGenerate = "/api/generate";

class Changing {
public:
    Changing(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
             const LoadChange& change, const net::Cancellation& cancellation,
             const std::function<bool(base::Duration)>& wait)
        : client_(client),
          access_(access),
          deadlines_(deadlines),
          change_(change),
          cancellation_(cancellation),
          wait_(wait) {}

    Result<void> run() const {
        const bool loads = change_.direction == Direction::load;
        switch (change_.kind) {
            case ServerKind::lm_studio: return loads ? load_by_lm_studio() : unload_by_lm_studio();
            case ServerKind::llama_router: return change_by_router();
            case ServerKind::ollama: return change_by_ollama();
            default:
                return Error{ErrorKind::usage, std::string(server_kind_name(change_.kind)) +
                                                   " has no way to load and unload models on request"};
        }
    }

private:
    // --- LM Studio 0.4

    Result<void> load_by_lm_studio() const {
        Json body = {{"model", change_.model}};
        if (change_.context_length) body["context_length"] = *change_.context_length;
        return done(ask("POST", access_.url.native_path(kLmStudioLoad), body));
    }

    // Its instances are unloaded, not the model: all of them, or the one that is meant.
    Result<void> unload_by_lm_studio() const {
        const auto list = ask("GET", access_.url.native_path(kLmStudioModels), {});
        if (!list) return list.error();
        std::vector<std::string> all, meant;
        if (const Json* models = base::find(*list, "models"); models && models->is_array()) {
            for (const Json& model : *models) {
                const bool is_model = base::get_string(model, "key") == change_.model;
                const Json* instances = base::find(model, "loaded_instances");
                if (!instances || !instances->is_array()) continue;
                for (const Json& instance : *instances) {
                    const auto id = base::get_string(instance, "id");
                    if (id && is_model) all.push_back(*id);
                    if (id && !is_model && *id == change_.model) meant.push_back(*id);
                }
            }
        }
        if (all.empty()) all = std::move(meant);
        if (all.empty()) return Error{ErrorKind::model, "does not have " + change_.model + " loaded"};
        for (const std::string& id : all)
            if (auto gone = done(ask("POST", access_.url.native_path(kLmStudioUnload), {{"instance_id", id}})); !gone)
                return gone;
        return {};
    }

    // --- llama-server as a router: answers at once, the model's state tells the rest

    Result<void> change_by_router() const {
        const bool loads = change_.direction == Direction::load;
        const std::string path = access_.url.native_path(loads ? kRouterLoad : kRouterUnload);
        if (auto asked = done(ask("POST", path, {{"model", change_.model}})); !asked) return asked;
        for (base::Duration waited{}; waited <= deadlines_.no_progress; waited += kLookPause) {
            const auto list = ask("GET", access_.url.openai_path(kModels), {});
            if (!list) return list.error();
            const std::string state = router_state(*list);
            if (loads && (state == "loaded" || state == "sleeping")) return {};
            if (loads && state != "loading" && state != "downloading")
                return Error{ErrorKind::model, "could not load " + change_.model + ": it says that the model is " +
                                                   (state.empty() ? "not there" : state)};
            if (!loads && state != "loaded" && state != "loading" && state != "sleeping") return {};
            if (!wait_(kLookPause)) return Error{ErrorKind::cancelled, "was not asked any further"};
        }
        return Error{
            ErrorKind::timeout,
            "has not " + std::string(loads ? "loaded " : "unloaded ") + change_.model + " after " +
                std::to_string(std::chrono::duration_cast<std::chrono::seconds>(deadlines_.no_progress).count()) +
                " s"};
    }

    std::string router_state(const Json& list) const {
        const Json* models = base::find(list, "data");
        if (!models || !models->is_array()) return {};
        for (const Json& model : *models) {
            if (base::get_string(model, "id") != change_.model) continue;
            const Json* status = base::find(model, "status");
            if (!status) return {};
            if (base::get_bool(*status, "failed").value_or(false)) return "failed";
            return base::get_string(*status, "value").value_or("");
        }
        return {};
    }

    // --- Ollama: a request without a prompt loads, one that is kept alive for no time unloads

    Result<void> change_by_ollama() const {
        Json body = {{"model", change_.model}, {"stream", false}};
        if (change_.direction == Direction::unload) body["keep_alive"] = 0;
        return done(ask("POST", access_.url.native_path(kOllamaGenerate), body));
    }

    // --- One request; anything but an object or list without an error in it is an error

    Result<Json> ask(std::string method, std::string path, const Json& body) const {
        net::HttpRequest request{.method = std::move(method),
                                 .server = access_.url,
                                 .path = std::move(path),
                                 .headers = authorization(access_),
                                 .body = {},
                                 .ca_file = access_.ca_file};
        if (!body.is_null()) {
            request.headers.emplace_back("Content-Type", "application/json");
            request.body = base::dump_json(body);
        }
        const auto answer = client_.fetch(request, deadlines_, kMaxBody, cancellation_);
        if (!answer) return answer.error();
        const int status = answer->head.status;
        auto json = parse_outside_json(answer->bytes);
        const bool is_fine = status >= 200 && status <= 299 && json.ok() && !find_error(*json) &&
                             base::get_bool(*json, "success").value_or(true);
        if (is_fine) return json;
        const ServerError error = read_error_body(status, answer->head.content_type, answer->bytes);
        if (change_.kind == ServerKind::lm_studio && error.message.starts_with("Unexpected endpoint"))
            return Error{ErrorKind::usage, "is too old to load and unload models on request (LM Studio 0.4 can)"};
        const ErrorKind kind = status == 401 || status == 403 ? ErrorKind::auth : error.kind;
        return Error{kind, Redactor({access_.api_key})("answered " + request.method + " " + request.path +
                                                       " with HTTP " + std::to_string(status) + ": " + error.message)};
    }

    static Result<void> done(const Result<Json>& answer) {
        if (!answer) return answer.error();
        return {};
    }

    net::HttpClient& client_;
    const ServerAccess& access_;
    const net::Deadlines& deadlines_;
    const LoadChange& change_;
    const net::Cancellation& cancellation_;
    const std::function<bool(base::Duration)>& wait_;
};

}  // namespace

bool can_load(ServerKind kind) {
    return kind == ServerKind::lm_studio || kind == ServerKind::llama_router || kind == ServerKind::ollama;
}

bool can_set_context(ServerKind kind) {
    return kind == ServerKind::lm_studio;
}

Result<void> change_load(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
                         const LoadChange& change, const net::Cancellation& cancellation,
                         const std::function<bool(base::Duration)>& wait) {
    return Changing(client, access, deadlines, change, cancellation, wait).run();
}

}  // namespace llmc::openai
