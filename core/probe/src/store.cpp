#include "probe/store.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/field_reader.h"
#include "base/file.h"
#include "base/number_text.h"

namespace llmc::probe {
namespace {

using agent::RequestForm;
using base::FieldReader;
using base::JsonFile;
using base::OrderedJson;

constexpr std::string_view kFormat = "llm-compare-probes";
constexpr std::size_t kMaxFile = std::size_t{16} << 20;  // bytes

OrderedJson text_or_null(const std::string& text) {
    return text.empty() ? OrderedJson() : OrderedJson(text);
}

double tidy_seconds(double seconds) {
    return base::tidy(static_cast<double>(static_cast<std::int64_t>(seconds * 1000)) / 1000);
}

OrderedJson form_json(const FormVerdict& form) {
    OrderedJson requests = OrderedJson::array();
    for (const RequestVerdict& one : form.requests)
        requests.push_back({{"id", one.id},
                            {"verdict", verdict_word(one.verdict)},
                            {"detail", text_or_null(one.detail)},
                            {"seconds", tidy_seconds(one.seconds)}});
    return {{"verdict", verdict_word(form.verdict())},
            {"detail", text_or_null(form.detail())},
            {"seconds", tidy_seconds(form.seconds())},
            {"requests", std::move(requests)}};
}

FormVerdict read_form(FieldReader& fields) {
    FormVerdict form;
    for (const char* derived : {"verdict", "detail", "seconds"}) fields.find(derived);
    fields.each("requests", [&](FieldReader& one) {
        RequestVerdict verdict{.id = one.string("id")};
        const std::string word = one.string("verdict");
        if (const auto known = verdict_from(word))
            verdict.verdict = *known;
        else
            one.fail("verdict", fmt::format("\"{}\" is no verdict", word));
        verdict.detail = one.string("detail");
        verdict.seconds = one.number("seconds").value_or(0);
        form.requests.push_back(std::move(verdict));
    });
    return form;
}

Probe read_probe(FieldReader& fields) {
    Probe probe;
    probe.server = fields.string("server");
    probe.model = fields.string("model");
    probe.quantization = fields.string("quantization");
    probe.server_version = fields.string("server_version");
    fields.object("forms", [&](FieldReader& forms) {
        for (const RequestForm form : agent::kRequestForms)
            forms.object(std::string(agent::request_form_name(form)).c_str(),
                         [&](FieldReader& one) { probe.forms[static_cast<std::size_t>(form)] = read_form(one); });
    });
    return probe;
}

}  // namespace

OrderedJson to_json(const Probe& probe) {
    OrderedJson forms = OrderedJson::object();
    for (const RequestForm form : agent::kRequestForms)
        forms[std::string(agent::request_form_name(form))] = form_json(probe.of(form));
    return {{"server", probe.server},
            {"model", probe.model},
            {"quantization", text_or_null(probe.quantization)},
            {"server_version", text_or_null(probe.server_version)},
            {"forms", std::move(forms)}};
}

Result<std::vector<Probe>> load_probes(const std::filesystem::path& file) {
    std::vector<Probe> probes;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return probes;
    const auto text = base::read_file(file, kMaxFile);
    if (!text) return text.error();
    auto json = JsonFile::parse(*text, file);
    if (!json) return json.error();
    FieldReader fields(*json, json->root(), "");
    if (fields.string("format") != kFormat) fields.fail("format", fmt::format("must be \"{}\"", kFormat));
    fields.each("probes", [&](FieldReader& one) { probes.push_back(read_probe(one)); });
    if (json->error()) return *json->error();
    return probes;
}

Result<void> keep_probes(const std::filesystem::path& file, const std::vector<Probe>& probes) {
    if (probes.empty()) return {};
    auto kept = load_probes(file);
    if (!kept) return kept.error();
    for (const Probe& probe : probes) {
        std::erase_if(*kept, [&](const Probe& old) { return old.is_of_same(probe); });
        kept->push_back(probe);
    }
    OrderedJson list = OrderedJson::array();
    for (const Probe& probe : *kept) list.push_back(to_json(probe));
    const OrderedJson document{{"format", kFormat}, {"version", 1}, {"probes", std::move(list)}};
    if (auto folder = base::ensure_writable_folder(file.parent_path()); !folder) return folder;
    return base::save_file(file, base::dump_json(document, 2) + '\n');
}

const Probe* find_probe(std::span<const Probe> probes, std::string_view server, std::string_view model) {
    for (auto probe = probes.rbegin(); probe != probes.rend(); ++probe)
        if (probe->server == server && probe->model == model) return &*probe;
    return nullptr;
}

}  // namespace llmc::probe
