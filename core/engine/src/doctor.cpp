#include "engine/doctor.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "agent/request_form.h"
#include "base/file.h"
#include "engine/journal.h"
#include "probe/store.h"

namespace llmc::engine {
namespace {

using Health = Diagnosis::Health;

constexpr std::array<std::string_view, 3> kHealthNames{"fine", "note", "problem"};

class Doctor {
public:
    explicit Doctor(const Surroundings& surroundings) : at_(surroundings) {}

    std::vector<Diagnosis> look(const std::vector<ServerStatus>& servers) {
        look_at_config();
        look_at_probes();
        look_at_servers(servers);
        look_at_folders();
        look_at_journals();
        look_at_desktop();
        say("versions", Health::fine, fmt::format("llm-compare {}", at_.version));
        for (const std::string& library : at_.libraries) say("versions", Health::fine, library);
        return std::move(found_);
    }

private:
    void say(const char* area, Health health, std::string what, std::string advice = {}) {
        found_.push_back({health, area, std::move(what), std::move(advice)});
    }

    void look_at_config() {
        const auto config = config::load(at_.config_file, at_.folders, at_.environment, false);
        std::error_code unknown;
        const bool is_there = std::filesystem::exists(at_.config_file, unknown);
        if (!config)
            say("configuration", Health::problem, config.error().message,
                "Mend the line, or move the file away: the program begins a new one. It never overwrites one that it "
                "cannot read.");
        else
            say("configuration", Health::fine,
                is_there ? fmt::format("{} can be read.", at_.config_file.string())
                         : fmt::format("{} is not there: the defaults hold.", at_.config_file.string()));
        if (config) {
            reports_ = config->report_folder;
            for (const std::string& note : config->notes) say("configuration", Health::note, note);
        }
        if (const auto keys = config::load_keys(at_.config_file.parent_path() / "keys.json"); !keys)
            say("configuration", Health::problem, keys.error().message,
                "Only you should be able to read it, and it has to be JSON: mend that, or give the keys anew.");
    }

    void look_at_probes() {
        auto kept = probe::load_probes(at_.folders.state / probe::kProbesFile);
        if (kept)
            probes_ = *std::move(kept);
        else
            say("servers", Health::note, kept.error().message,
                "Move it away: llm-compare probe finds out anew which request forms work.");
    }

    void look_at_servers(const std::vector<ServerStatus>& servers) {
        if (servers.empty())
            say("servers", Health::problem, "No server is configured, and none was found on this machine.",
                "Start one (LM Studio: Developer, Start server; llama-server; Ollama), add it under Configuration or "
                "by "
                "--server URL, or try llm-compare demo.");
        for (const ServerStatus& status : servers) {
            if (const auto open = open_key(status.server))
                say("servers", Health::note, words(*open),
                    "Give it an https address, or use this key for nothing else.");
            if (status.manifest)
                look_at_models(status.server, *status.manifest);
            else if (!status.is_asked)
                say("servers", Health::note, fmt::format("{} has not answered yet.", status.server.label()),
                    "Check again in a moment.");
            else
                say("servers", status.is_loading ? Health::note : Health::problem, words(*unreachable(status)),
                    advice_for(status));
        }
    }

    static const char* advice_for(const ServerStatus& status) {
        if (status.is_loading) return "It has just been started: wait until its model is loaded.";
        switch (status.error_kind) {
            case ErrorKind::auth: return "Give it the right API key, or name the variable that has it (api_key_env).";
            case ErrorKind::resolve: return "Look for a typing error in the host's name; else use its number.";
            case ErrorKind::tls: return "Name the file of the authority that signed its certificate, or use http.";
            case ErrorKind::timeout: return "See whether it hangs or a firewall drops what is sent there.";
            case ErrorKind::connection: return "Start it there, and compare address and port.";
            default: return "Compare address and port: what answers there may be something else.";
        }
    }

    void look_at_models(const session::Server& server, const openai::Manifest& manifest) {
        const std::string name = fmt::format("{} ({})", server.label(), server.url.text());
        const bool has_models =
            manifest.list != openai::Manifest::List::there ||
            std::ranges::any_of(manifest.models, [](const auto& model) { return !model.is_embedding; });
        say("servers", has_models ? Health::fine : Health::problem,
            fmt::format("{} is {}{}{}: {}.", name, manifest.kind_name(), manifest.version.empty() ? "" : " ",
                        manifest.version, fmt::join(supports(manifest), ", ")),
            has_models ? "" : "It lists no model that can chat: download or load one there.");
        for (const auto& model : manifest.models)
            if (const auto* probe = probe::find_probe(probes_, server.url.text(), model.id))
                say("servers", Health::fine, fmt::format("{} at {}: {}.", model.id, name, forms(*probe)));
    }

    // What was found out earlier; nothing is asked now.
    static std::string forms(const probe::Probe& probe) {
        std::vector<std::string> told;
        for (std::size_t form = 0; form < agent::kRequestForms.size(); ++form)
            if (!probe.forms[form].requests.empty())
                told.push_back(fmt::format("the form {} {}", agent::request_form_name(agent::kRequestForms[form]),
                                           probe::verdict_word(probe.forms[form].verdict())));
        return fmt::format("{}", fmt::join(told, ", "));
    }

    static std::vector<std::string> supports(const openai::Manifest& manifest) {
        const auto any = [&](const auto& has) { return std::ranges::any_of(manifest.models, has); };
        std::vector<std::string> told;
        if (manifest.list == openai::Manifest::List::none)
            told.emplace_back("has no list of models and takes what it is asked for");
        else
            told.push_back(
                fmt::format("lists {} model{}", manifest.models.size(), manifest.models.size() == 1 ? "" : "s"));
        const std::pair<bool, const char*> rows[] = {
            {any([](const auto& model) { return model.state != openai::LoadState::unknown; }),
             "tells which are loaded"},
            {any([](const auto& model) { return model.context_length || model.max_context_length; }),
             "tells context lengths"},
            {any([](const auto& model) { return !model.quantization.empty(); }), "tells quantizations"},
            {any([](const auto& model) { return model.calls_tools.has_value(); }), "tells who calls tools"},
            {any([](const auto& model) { return model.takes_images.has_value(); }), "tells who takes images"},
            {manifest.can_load(), "loads and unloads on request"},
            {manifest.can_set_context(), "takes a context length with that"},
        };
        for (const auto& [is_so, what] : rows)
            if (is_so) told.emplace_back(what);
        return told;
    }

    void look_at_folders() {
        const std::pair<const char*, std::filesystem::path> folders[] = {
            {"configuration", at_.config_file.parent_path()},
            {"what the window remembers, and crash journals", at_.folders.state},
            {"caches", at_.folders.cache},
            {"reports", reports_.empty() ? at_.folders.documents : reports_}};
        for (const auto& [what, folder] : folders) {
            if (folder.empty()) continue;
            std::error_code unknown;
            const bool is_there = std::filesystem::exists(folder, unknown);
            const auto ok = base::ensure_writable_folder(is_there ? folder : where_it_would_be(folder));
            if (!ok)
                say("folders", Health::problem, fmt::format("{} ({}): {}", folder.string(), what, ok.error().message),
                    "Make it writable for you, or choose another one.");
            else
                say("folders", Health::fine,
                    fmt::format("{} ({}) {}.", folder.string(), what,
                                is_there ? "can be written" : "is made when it is needed"));
        }
    }

    // The nearest folder above that is there.
    static std::filesystem::path where_it_would_be(std::filesystem::path folder) {
        std::error_code unknown;
        while (folder.has_relative_path() && !std::filesystem::exists(folder, unknown)) folder = folder.parent_path();
        return folder.empty() ? std::filesystem::path(".") : folder;
    }

    void look_at_journals() {
        for (const FoundJournal& journal : find_journals(at_.folders.state)) {
            if (journal.is_in_use)
                say("journals", Health::fine, fmt::format("{} belongs to a program that runs.", journal.path.string()));
            else
                say("journals", Health::note,
                    fmt::format("{} was left by a program that ended early ({} bytes).", journal.path.string(),
                                journal.bytes),
                    "The window offers to recover it at its next start; so does llm-compare recover.");
        }
    }

    void look_at_desktop() {
        if (at_.display.empty())
            say("desktop", Health::note, "No display was found: the window cannot open.",
                "The command line works without one; see llm-compare run --help.");
        else
            say("desktop", Health::fine, fmt::format("The display is {}.", at_.display));
        if (at_.missing_fonts.empty()) return say("desktop", Health::fine, "All kinds of fonts are there.");
        say("desktop", Health::note, fmt::format("Not found: {}.", fmt::join(at_.missing_fonts, ", ")),
            "Without them some text shows as boxes. Debian: fonts-inter fonts-jetbrains-mono fonts-noto-color-emoji "
            "fonts-noto-cjk.");
    }

    const Surroundings& at_;
    std::vector<probe::Probe> probes_;
    std::filesystem::path reports_;
    std::vector<Diagnosis> found_;
};

}  // namespace

std::vector<Diagnosis> diagnose(const Surroundings& surroundings, const std::vector<ServerStatus>& servers) {
    return Doctor(surroundings).look(servers);
}

bool has_problem(const std::vector<Diagnosis>& diagnoses) {
    return std::ranges::any_of(diagnoses, [](const Diagnosis& one) { return one.health == Health::problem; });
}

std::vector<std::string> lines(const std::vector<Diagnosis>& diagnoses) {
    std::vector<std::string> all;
    for (const Diagnosis& one : diagnoses) {
        all.push_back(
            fmt::format("{:<8} {:<14} {}", kHealthNames[static_cast<std::size_t>(one.health)], one.area, one.what));
        if (!one.advice.empty()) all.push_back(fmt::format("{:<23} -> {}", "", one.advice));
    }
    return all;
}

base::OrderedJson to_json(const std::vector<Diagnosis>& diagnoses) {
    base::OrderedJson list = base::OrderedJson::array();
    for (const Diagnosis& one : diagnoses)
        list.push_back({{"health", kHealthNames[static_cast<std::size_t>(one.health)]},
                        {"area", one.area},
                        {"what", one.what},
                        {"advice", one.advice.empty() ? base::OrderedJson() : base::OrderedJson(one.advice)}});
    return list;
}

}  // namespace llmc::engine
