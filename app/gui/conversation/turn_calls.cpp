// The calls of a turn as texts.
#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "base/utf8.h"
#include "gui/conversation/turn.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// What stands there without being opened.
constexpr std::size_t kShortCall = 160, kShortResult = 320;
constexpr std::ptrdiff_t kShortLines = 4;

std::size_t longest_run(std::string_view text, char wanted) {
    std::size_t longest = 0, run = 0;
    for (const char c : text) longest = std::max(longest, run = c == wanted ? run + 1 : 0);
    return longest;
}

std::string plain_name(std::string_view name) {
    std::string plain;
    for (const char c : name)
        if (c != '`' && static_cast<unsigned char>(c) > ' ') plain += c;
    return plain;
}

// As JSON on one line where they are JSON; as they came otherwise.
std::string compact(const std::string& arguments) {
    if (arguments.size() > 8 * kShortCall) return arguments;
    const auto json = base::parse_ordered_json(arguments);
    return json.ok() ? base::dump_json(json.value()) : arguments;
}

std::unique_ptr<CallPassage> call_passage(const openai::ToolCall& call, bool is_folded) {
    auto passage = std::make_unique<CallPassage>();
    const std::string name = plain_name(call.name), arguments = compact(call.arguments);
    const std::size_t ticks = longest_run(arguments, '`');
    if (arguments.size() <= kShortCall && arguments.find('\n') == std::string::npos) {
        const std::string fence(ticks + 1, '`');
        passage->own = fmt::format("{0}{3}{1} {2}{3}{0}", fence, name, arguments, ticks > 0 ? " " : "");
    } else {
        const std::string fence(std::max<std::size_t>(ticks + 1, 3), '`');
        passage->own = fmt::format("{0}{1}\n{2}\n{0}\n", fence, name, call.arguments);
        if (is_folded)
            passage->fold = fmt::format("{} · {} characters of arguments", call.name,
                                        count_text(static_cast<std::int64_t>(call.arguments.size())));
    }
    passage->source = passage->own;
    return passage;
}

std::unique_ptr<CallPassage> result_passage(std::string_view result) {
    auto passage = std::make_unique<CallPassage>();
    passage->is_result = true;
    passage->name = "Tool result";
    passage->document = text::Document{text::TextMode::plain};
    passage->source = result;
    if (result.size() > kShortResult || std::ranges::count(result, '\n') > kShortLines) {
        const std::string_view line = result.substr(0, result.find('\n'));
        passage->fold = fmt::format("result · {} characters · {}", count_text(static_cast<std::int64_t>(result.size())),
                                    line.substr(0, base::utf8_cut(line, 120)));
    }
    return passage;
}

// What the calls have made of the files.
std::unique_ptr<CallPassage> files_passage(const session::WorldChanges& changes) {
    auto passage = std::make_unique<CallPassage>();
    passage->is_result = true;
    passage->name = "Files at the end";
    passage->document = text::Document{text::TextMode::plain};
    for (const auto& [path, text] : changes) {
        if (!passage->own.empty()) passage->own += '\n';
        passage->own += fmt::format("{} {}", text ? "written" : "gone", path);
        if (text && !text->empty()) passage->own += "\n" + *text;
    }
    if (changes.empty()) passage->own = "All files are as they were at the beginning.";
    passage->source = passage->own;
    if (!changes.empty())
        passage->fold = fmt::format("files at the end · {}",
                                    changes.size() == 1 ? "1 differs" : fmt::format("{} differ", changes.size()));
    return passage;
}

}  // namespace

std::vector<std::unique_ptr<CallPassage>> call_passages(const session::Answer& answer, const session::Step* step,
                                                        bool is_last) {
    std::vector<std::unique_ptr<CallPassage>> passages;
    if (!step)
        for (const openai::ToolCall& call : answer.tool_calls) passages.push_back(call_passage(call, false));
    else
        for (const session::StepCall& one : step->calls) {
            passages.push_back(call_passage(one.call, true));
            if (one.result) {
                if (!one.is_valid) passages.back()->mark = "invalid call";
                passages.push_back(result_passage(*one.result));
                if (one.is_error) {
                    passages.back()->mark = "error result";
                    passages.back()->mark_role = Role::warn;
                }
            } else if (is_last && answer.ended_by == session::EndedBy::done && answer.text() != step->text) {
                // What the done tool was told to say is the answer.
                passages.push_back(result_passage({}));
                passages.back()->document = text::Document{};
                passages.back()->own = answer.text();
                passages.back()->source = passages.back()->own;
            }
        }
    if (is_last && answer.world) passages.push_back(files_passage(*answer.world));
    for (const auto& passage : passages) passage->document.update(passage->source, true);
    return passages;
}

}  // namespace llmc::gui
