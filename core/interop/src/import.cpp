#include "interop/import.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/utf8.h"
#include "import_formats.h"
#include "suite/suite.h"
#include "zip_entries.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;
namespace fs = std::filesystem;

// The first that recognises a file reads it.
constexpr std::array kImportFormats = {
    ImportFormat{"traces", is_traces, read_traces, true},
    ImportFormat{"BFCL", is_bfcl, read_bfcl},
    ImportFormat{"Inspect samples", is_inspect, read_inspect},
    ImportFormat{"promptfoo", is_promptfoo, read_promptfoo},
    ImportFormat{"prompt-prix", is_promptprix, read_promptprix},
    ImportFormat{"conversations", is_chat_lines, read_chat_lines},
};

const ImportFormat* format_of(const Document& document) {
    const auto found =
        std::ranges::find_if(kImportFormats, [&](const ImportFormat& format) { return format.recognises(document); });
    return found == kImportFormats.end() ? nullptr : &*found;
}

std::string kinds_in_words() {
    std::vector<std::string_view> names;
    for (const ImportFormat& format : kImportFormats) names.push_back(format.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

Error unknown_kind(const Document& document) {
    const OrderedJson* whole = document.whole();
    const bool is_ours = whole != nullptr && whole->value("format", OrderedJson()) == suite::kSuiteFormat;
    const std::string why = is_ours ? std::string("is a suite of this program already")
                                    : fmt::format("is of no known kind; known are {}", kinds_in_words());
    return {ErrorKind::parse, base::for_terminal_line(fmt::format("{}: {}", document.file, why))};
}

// "tests" of "/x/tests.json"; of "tests.suite.json" too.
std::string stem_of(const std::string& file) {
    const std::string name = fs::path(file).filename().string();
    const auto dot = name.find_last_of('.');
    return dot == std::string::npos || dot == 0 ? name : name.substr(0, dot);
}

Result<void> finish(SuiteDraft& draft, std::string_view role, std::string file_stem, Import& import, Notes& notes) {
    if (!role.empty()) draft.role = role;
    auto document = draft.finish(notes);
    if (!document) return document.error();
    import.suites.push_back({std::move(file_stem), *std::move(document)});
    return {};
}

Result<void> finish_specialists(ImportJob& job, std::string_view role, Import& import) {
    if (job.by_specialist.size() > kMaxImportSuites)
        return Error{ErrorKind::limit,
                     base::for_terminal_line(fmt::format("{}: names more than {} specialists",
                                                         job.documents.front().file, kMaxImportSuites))};
    std::set<std::string> stems;
    for (auto& [specialist, draft] : job.by_specialist) {
        const std::string wanted = file_stem_of(specialist);
        std::string stem = wanted;
        for (int number = 2; !stems.insert(stem).second; ++number) stem = fmt::format("{}_{}", wanted, number);
        if (auto done = finish(draft, role, stem, import, job.notes); !done) {
            const bool is_last = import.suites.empty() && &draft == &std::prev(job.by_specialist.end())->second;
            if (is_last || done.error().kind == ErrorKind::limit) return done;
            job.notes.add({job.documents.front().file, specialist}, "none of its prompts can be taken");
        }
    }
    return {};
}

Result<std::string> read_beside(const fs::path& folder, std::string_view relative) {
    const fs::path path{std::string(relative)};
    std::error_code failed;
    const fs::path top = fs::canonical(folder, failed);
    if (failed) return Error{ErrorKind::io, fmt::format("{}: {}", folder.string(), failed.message())};
    const fs::path target = fs::weakly_canonical(top / path, failed);
    const fs::path within = target.lexically_relative(top);
    const bool leaves = failed || path.is_absolute() || within.empty() || *within.begin() == "..";
    if (leaves) return Error{ErrorKind::usage, fmt::format("{} lies outside the folder of the file", relative)};
    return base::read_file(target, kMaxImportYaml);
}

}  // namespace

Result<Import> import_files(const std::vector<SourceFile>& files, std::string_view role, const Beside& beside) {
    if (files.empty()) return Error{ErrorKind::usage, "no file is given"};
    Notes notes;
    std::vector<Document> documents;
    for (const SourceFile& file : files) {
        auto read = documents_of(file, notes);
        if (!read) return read.error();
        std::ranges::move(*read, std::back_inserter(documents));
    }
    const ImportFormat* format = format_of(documents.front());
    for (const Document& document : documents) {
        const ImportFormat* own = format_of(document);
        if (own == nullptr) return unknown_kind(document);
        if (own != format)
            return Error{ErrorKind::parse, base::for_terminal_line(fmt::format(
                                               "{} is {}, and {} is {}: import them one by one", documents.front().file,
                                               format ? format->name : "unknown", document.file, own->name))};
    }
    SuiteDraft draft(stem_of(files.front().name));
    draft.source = files.front().name;
    ImportJob job{.documents = documents, .beside = beside, .notes = notes, .draft = draft};
    if (auto done = format->read(job); !done) return done.error();
    Import import{.kind = std::string(format->name), .is_one_per_specialist = format->is_one_per_specialist};
    auto done = format->is_one_per_specialist && !job.by_specialist.empty() ? finish_specialists(job, role, import)
                                                                            : finish(draft, role, {}, import, notes);
    if (!done) return done.error();
    import.notes = notes.take();
    return import;
}

bool is_known_kind(std::string_view bytes) {
    if (is_zip(bytes)) return true;
    const auto document = parse_beginning(bytes);
    return document && format_of(*document) != nullptr;
}

Result<Import> import_paths(const std::vector<fs::path>& paths, std::string_view role) {
    std::vector<SourceFile> files;
    for (const fs::path& path : paths) {
        auto bytes = base::read_file(path, kMaxImportFile);
        if (!bytes) return bytes.error();
        files.push_back({path.string(), *std::move(bytes)});
    }
    if (paths.empty()) return import_files(files, role);
    std::error_code unknown;
    const fs::path folder = fs::absolute(paths.front(), unknown).parent_path();
    return import_files(files, role, [folder](std::string_view relative) { return read_beside(folder, relative); });
}

std::string suite_text(const OrderedJson& document) {
    return base::dump_json(document, 2) + '\n';
}

std::string file_stem_of(std::string_view name) {
    std::string stem;
    for (const char c : name) {
        const char lower = base::to_lower(c);
        stem += base::is_letter_or_digit(lower) || lower == '_' || lower == '-' ? lower : '_';
    }
    return stem.empty() ? "specialist" : stem.substr(0, 100);
}

}  // namespace llmc::interop
