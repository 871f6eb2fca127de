#include "interop/cast_export.h"

#include <algorithm>
#include <array>
#include <system_error>

#include <fmt/format.h>

#include "base/file.h"
#include "compare/line_diff.h"
#include "export_parts.h"
#include "interop/yaml_edit.h"
#include "probe/store.h"
#include "requests_of_role.h"

namespace llmc::interop {
namespace {

namespace fs = std::filesystem;

constexpr std::array kExportFormats{
    ExportFormat{"las", "langgraph-agentic-scaffold", "yaml", render_las, edit_las},
    ExportFormat{"litellm", "LiteLLM", "yaml", render_litellm},
    ExportFormat{"env", "Environment variables", "env", render_env},
};

// By what the sessions say, the newest first; else by the configuration, which also knows how keys are called.
std::optional<session::Server> server_called(std::string_view label, std::span<const decide::CastSource> sources,
                                             std::span<const session::Server> configured) {
    if (label.empty()) return std::nullopt;
    const session::Session* newest = nullptr;
    std::optional<session::Server> found;
    for (const decide::CastSource& source : sources)
        for (const session::Server& server : source.session->servers)
            if (server.label() == label && (!newest || source.session->created_at > newest->created_at)) {
                newest = source.session;
                found = server;
            }
    for (const session::Server& server : configured) {
        if (found ? !(server.url == found->url) : !session::names_server(label, server)) continue;
        const std::string name = found ? found->name : server.name;
        found = server;
        found->name = name;
        break;
    }
    return found;
}

class Exporting {
public:
    Exporting(std::span<const decide::CastSource> sources, std::span<const session::Server> configured)
        : sources_(sources), configured_(configured) {}

    ExportedRole role(const decide::CastRole& role) const {
        const auto answers = decide::evidence_answers(sources_, role.name);
        ExportedRole out{.name = role.name, .reason = role.reason, .note = role.note};
        out.picked_by = role.picked ? "your pick" : "proposal";
        for (std::size_t i = 0; i < role.contenders.size(); ++i) {
            ExportedModel one = model(role.contenders[i], answers);
            if (i == role.cast())
                out.cast = std::move(one);
            else
                out.runners_up.push_back(std::move(one));
        }
        out.needs = needs_of(answers, out.cast.label);
        return out;
    }

private:
    ExportedModel model(const decide::Contender& contender, std::span<const decide::EvidenceAnswer> answers) const {
        ExportedModel out{.label = contender.label,
                          .model = contender.model,
                          .server = server_called(contender.server, sources_, configured_),
                          .settings = contender.settings,
                          .evidence = decide::evidence_words(contender.evidence),
                          .request_form = contender.request_form,
                          .skip_schema_enforcement = contender.skip_schema_enforcement};
        const session::Answer* latest = nullptr;
        for (const decide::EvidenceAnswer& one : answers)
            if (one.label == contender.label && one.answer->served.context_length &&
                (!latest || one.answer->started_at > latest->started_at))
                latest = one.answer;
        if (latest) out.context_length = latest->served.context_length;
        return out;
    }

    std::span<const decide::CastSource> sources_;
    std::span<const session::Server> configured_;
};

// Keeps the file under the first free name; its permissions too.
Result<fs::path> keep_old_file(const fs::path& path, std::string_view bytes) {
    constexpr int kMostKept = 10'000;
    for (int number = 1; number <= kMostKept; ++number) {
        fs::path kept = path;
        kept += number == 1 ? ".bak" : fmt::format(".bak{}", number);
        std::error_code error;
        fs::copy_file(path, kept, fs::copy_options::none, error);
        if (error == std::errc::file_exists) continue;
        if (error) return Error{ErrorKind::io, fmt::format("cannot write {}: {}", kept.string(), error.message())};
        if (auto saved = base::save_file(kept, bytes); !saved) return saved.error();  // on the disk before the other
        return kept;
    }
    return Error{ErrorKind::io, fmt::format("cannot keep {}: .bak to .bak{} are there", path.string(), kMostKept)};
}

// Gives where the old one is kept.
Result<fs::path> replace_file(const fs::path& path, std::string_view old_bytes, std::string_view bytes) {
    auto kept = keep_old_file(path, old_bytes);
    if (!kept) return kept;
    if (auto saved = base::save_file(path, bytes); !saved) {
        std::error_code ignored;
        fs::remove(*kept, ignored);
        return saved.error();
    }
    return kept;
}

Result<ExportText> edited_text(const ExportOrder& order, const std::string& text, const CastExport& cast) {
    auto edited = order.format->edit(text, cast);
    if (!edited)
        return Error{edited.error().kind,
                     fmt::format("{} was left as it is: {}", order.into->string(), edited.error().message)};
    return edited;
}

}  // namespace

void take_probes(decide::CastSheet& sheet, std::span<const decide::CastSource> sources,
                 std::span<const session::Server> configured, std::span<const probe::Probe> probes) {
    for (decide::CastRole& role : sheet.roles)
        for (decide::Contender& contender : role.contenders) {
            const auto server = server_called(contender.server, sources, configured);
            const probe::Probe* known =
                server ? probe::find_probe(probes, server->url.text(), contender.model) : nullptr;
            if (!known) continue;
            contender.request_form = agent::request_form_name(known->best());
            contender.skip_schema_enforcement = !known->has_native_schema();
        }
}

CastExport export_of(const decide::CastSheet& sheet, std::span<const decide::CastSource> sources,
                     std::span<const session::Server> configured) {
    CastExport cast;
    const Exporting exporting(sources, configured);
    for (const decide::CastRole& role : sheet.roles) cast.roles.push_back(exporting.role(role));
    return cast;
}

std::span<const ExportFormat> export_formats() {
    return kExportFormats;
}

Result<const ExportFormat*> find_export_format(std::string_view name) {
    for (const ExportFormat& format : kExportFormats)
        if (format.name == name) return &format;
    std::string names;
    for (const ExportFormat& format : kExportFormats)
        names += fmt::format("{}{}",
                             &format == &kExportFormats.front()  ? ""
                             : &format == &kExportFormats.back() ? " and "
                                                                 : ", ",
                             format.name);
    return Error{ErrorKind::usage, fmt::format("\"{}\" is no format; there are {}", name, names)};
}

Result<ExportDone> write_export(const CastExport& cast, const ExportOrder& order, base::WallTime now) {
    if (cast.roles.empty()) return Error{ErrorKind::usage, "there is no role to export: no session has a suite"};
    if (order.into && !order.format->edit)
        return Error{ErrorKind::usage,
                     fmt::format("a file of the format {} is written anew, not edited", order.format->name)};
    std::string old_text;
    ExportText text;
    if (order.into) {
        auto read = base::read_file(*order.into, kMaxYamlFile);
        if (!read) return read.error();
        old_text = std::move(*read);
        auto edited = edited_text(order, old_text, cast);
        if (!edited) return edited.error();
        text = std::move(*edited);
    } else {
        text = order.format->render(cast);
    }
    ExportDone done{.environment = text.environment, .notes = std::move(text.notes)};
    const std::string name = order.into ? order.into->string() : std::string("/dev/null");
    const std::string new_name =
        order.into ? name : fmt::format("llm_compare_cast_{}.{}", order.format->name, order.format->extension);
    done.difference = compare::unified_diff(old_text, text.text, name, new_name);
    if (order.is_dry_run) return done;

    std::vector<base::NewFile> files;
    if (!order.into) files.push_back({.extension = std::string(order.format->extension), .bytes = text.text});
    if (!text.environment.empty()) files.push_back({.extension = "env", .bytes = text.environment});
    if (!files.empty()) {
        auto written = base::save_new_files(
            order.folder, fmt::format("llm_compare_cast_{}_{}", base::file_stamp(now), order.format->name), files);
        if (!written) return written.error();
        done.written = std::move(*written);
    }
    if (!order.into || text.text == old_text) return done;
    auto kept = replace_file(*order.into, old_text, text.text);
    if (!kept) {
        std::error_code ignored;
        for (const fs::path& path : done.written) fs::remove(path, ignored);
        return kept.error();
    }
    done.old_file = std::move(*kept);
    done.written.insert(done.written.begin(), *order.into);
    return done;
}

}  // namespace llmc::interop
