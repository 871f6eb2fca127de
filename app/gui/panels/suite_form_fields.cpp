// The fields of the form, and those of a prompt and its checks.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gui/panels/suite_form_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

using base::OrderedJson;

// JSON longer than this is shown by its size: it is made into text in every frame.
constexpr std::size_t kMaxShown = 32U << 10;
constexpr std::array kAmong{"this text", "all of these", "one of these"};
constexpr std::array kHistories{"One message a step", "One a call"};
constexpr std::array kSeverities{"Critical", "Warning"};
constexpr std::array kParallelCalls{"Not said", "At once", "One at a time"};

bool draw_texts(FormFields& fields, OrderedJson& check) {
    const FrameView& frame = fields.frame();
    const Theme& theme = frame.theme;
    std::vector<std::string> texts = texts_of(check);
    if (texts.empty()) texts.emplace_back();
    auto among = static_cast<int>(among_of(check));
    bool has_changed = pills(frame, "among", kAmong, among);
    std::optional<std::size_t> removed;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        ImGui::PushID(static_cast<int>(i));
        const bool is_list = among != 0;
        const float remove = is_list ? measure(frame, "Remove", {.size = theme.text.quiet}).x + theme.px(12) : 0;
        ImGui::SetNextItemWidth(std::max(ImGui::GetContentRegionAvail().x - remove, theme.px(60)));
        has_changed = text_field(frame, "##value", texts[i], "text") || has_changed;
        if (is_list) {
            ImGui::SameLine(0, theme.px(10));
            ImGui::AlignTextToFramePadding();
            if (link_button(frame, "Remove", texts.size() > 1)) removed = i;
        }
        ImGui::PopID();
        if (!is_list) break;
    }
    if (removed) texts.erase(texts.begin() + static_cast<std::ptrdiff_t>(*removed));
    const bool adds = among != 0 && link_button(frame, "+ Text");
    if (adds) texts.emplace_back();
    if (!has_changed && !removed && !adds) return false;
    set_texts(check, static_cast<Among>(among), std::move(texts));
    return true;
}

bool draw_kind(FormFields& fields, OrderedJson& check) {
    const std::string_view current = kind_of(check).name;
    bool has_changed = false;
    const Theme& theme = fields.frame().theme;
    ImGui::SetNextItemWidth(std::min(theme.px(210), ImGui::GetContentRegionAvail().x - theme.px(80)));
    if (ImGui::BeginCombo("##type", std::string(current).c_str(), ImGuiComboFlags_HeightLarge)) {
        for (const check::CheckKind& kind : check::check_kinds()) {
            const bool is_current = kind.name == current;
            if (ImGui::Selectable(std::string(kind.name).c_str(), is_current) && !is_current) {
                set_kind(check, kind);
                has_changed = true;
            }
            if (is_current) ImGui::SetItemDefaultFocus();
        }
        ImGui::EndCombo();
    }
    return has_changed;
}

// True when it has changed what the form does not note itself.
bool draw_member(FormFields& fields, OrderedJson& check, const check::Member& member) {
    using check::MemberKind;
    if (member.kind == MemberKind::texts) return draw_texts(fields, check);
    if (member.is_text() && member.is_required) {  // an empty pattern is one, too
        std::string value = shown_member(check, member.key);
        ImGui::SetNextItemWidth(-FLT_MIN);
        if (!text_field(fields.frame(), "##value", value, member.hint)) return false;
        check[member.key] = value;
        return true;
    }
    if (member.is_text())
        fields.text(member.label, check, member.key, member.hint);
    else if (member.is_number())
        fields.number(member.label, check, member.key, member.hint);
    else if (member.kind == MemberKind::flag)
        fields.flag(member.label, check, member.key);
    else
        fields.json(member.label, check, member.key, member.hint);
    return false;
}

// What a check is told by its fields; true where it shall go.
bool draw_check(FormFields& fields, SuiteForm& form, OrderedJson& check) {
    const FrameView& frame = fields.frame();
    const Theme& theme = frame.theme;
    const EdgeBox box(frame, Role::line, Role::bg1);
    bool has_changed = draw_kind(fields, check);
    ImGui::SameLine(0, theme.px(12));
    ImGui::AlignTextToFramePadding();
    const bool removes = link_button(frame, "Remove check");
    const check::CheckKind& kind = kind_of(check);
    for (const check::Member& member : kind.members) has_changed = draw_member(fields, check, member) || has_changed;
    if (kind.can_break_early()) fields.flag("stops the answer where it breaks this", check, "stop_on_break");
    if (has_changed) form.touch();
    return removes;
}

void draw_parallel_calls(FormFields& fields, SuiteForm& form, OrderedJson& object) {
    constexpr const char* kKey = "parallel_tool_calls";
    const auto found = object.find(kKey);
    int said = found == object.end() ? 0 : flag_of(object, kKey) ? 1 : 2;
    fields.label("Parallel calls");
    if (!pills(fields.frame(), "parallel", kParallelCalls, said)) return;
    if (said == 0)
        object.erase(kKey);
    else
        object[kKey] = said == 1;
    form.touch();
}

}  // namespace

void FormFields::heading(std::string_view title) {
    section_heading(frame_, title);
}

void FormFields::label(const char* name) {
    const Theme& theme = frame_.theme;
    const float column = label_column(frame_), gap = theme.px(6);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    paint_text(frame_, {at.x, at.y + theme.px(3)}, name, {.size = theme.text.row}, column - gap);
    ImGui::Dummy({column - gap, theme.text.row + theme.px(6)});
    ImGui::SameLine(0, gap);
}

void FormFields::note(std::string_view words) {
    draw_text_wrapped(frame_, words, {.size = frame_.theme.text.small, .role = Role::weak});
}

bool FormFields::text(const char* label, OrderedJson& object, std::string_view key, const char* hint) {
    const auto found = object.find(std::string(key));
    std::string text = found != object.end() && found->is_null() ? std::string() : shown_member(object, key);
    if (!text_field(frame_, label, text, hint)) return false;
    set_text(object, key, text);
    form_.touch();
    return true;
}

bool FormFields::number(const char* label, OrderedJson& object, std::string_view key, const char* hint) {
    std::string text = shown_member(object, key);
    if (!text_field(frame_, label, text, hint)) return false;
    set_number(object, key, text);
    form_.touch();
    return true;
}

bool FormFields::lines(const char* label, OrderedJson& object, std::string_view key, int rows) {
    const Theme& theme = frame_.theme;
    draw_text(frame_, label, {.size = theme.text.row});
    std::string text = shown_member(object, key);
    const float height = theme.text.row * static_cast<float>(rows) + theme.px(18);
    ImGui::PushID(label);
    const bool has_changed = multiline_field(frame_, "##lines", text, {-FLT_MIN, height});
    ImGui::PopID();
    if (!has_changed) return false;
    set_text(object, key, text);
    form_.touch();
    return true;
}

bool FormFields::json(const char* label, OrderedJson& object, std::string_view key, const char* hint) {
    const Theme& theme = frame_.theme;
    draw_text(frame_, label, {.size = theme.text.row});
    const auto found = object.find(std::string(key));
    if (found != object.end() && found->is_array() && found->size() > 500) {
        note(fmt::format("{} entries: more than can be edited here. They are kept as they are.", found->size()));
        return false;
    }
    std::string text = shown_member(object, key);
    if (text.size() > kMaxShown) {
        note(fmt::format("{} KB of JSON: more than can be edited here. It is kept as it is.", text.size() >> 10));
        return false;
    }
    if (text.empty()) {
        ImGui::SameLine(0, theme.px(10));
        draw_text(frame_, hint, {.size = theme.text.small, .role = Role::weak});
    }
    const auto rows = std::clamp<std::ptrdiff_t>(std::count(text.begin(), text.end(), '\n') + 1, 1, 12);
    ImGui::PushID(label);
    const bool has_changed = code_field(frame_, "##json", text, static_cast<int>(rows));
    ImGui::PopID();
    if (has_changed) {
        set_json(object, key, text);
        form_.touch();
    }
    tell_trouble(object, key);
    return has_changed;
}

// What is wrong with it, where it stands: that it is no JSON, or what the reader of suites says.
void FormFields::tell_trouble(const OrderedJson& object, std::string_view key) {
    const auto found = object.find(std::string(key));
    if (found == object.end()) return;
    const auto tell = [&](std::string_view words) {
        draw_text_wrapped(frame_, words, {.size = frame_.theme.text.small, .role = Role::bad});
    };
    const std::string* text = found->is_string() ? found->get_ptr<const std::string*>() : nullptr;
    if (text && !text->empty() && (text->front() == '{' || text->front() == '[')) {
        if (const auto parsed = base::parse_ordered_json(*text); !parsed) return tell(parsed.error().message);
    }
    const bool is_told = form_.checked == form_.revision && !form_.verdict.suite;
    if (is_told && form_.verdict.trouble.find(fmt::format("\"{}\"", key)) != std::string::npos)
        tell(form_.verdict.trouble);
}

bool FormFields::flag(const char* label, OrderedJson& object, std::string_view key) {
    bool is_on = flag_of(object, key);
    if (!checkbox(frame_, label, is_on)) return false;
    set_flag(object, key, is_on);
    form_.touch();
    return true;
}

void draw_loop_fields(FormFields& fields, SuiteForm& form, OrderedJson& object) {
    const FrameView& frame = fields.frame();
    const auto found = object.find("loop");
    bool is_loop = found != object.end();
    if (checkbox(frame, "goes on in a loop while tools are called", is_loop)) {
        if (is_loop)
            object["loop"] = OrderedJson::object();
        else
            object.erase("loop");
        form.touch();
    } else if (is_loop && found->is_object()) {
        OrderedJson& loop = *found;
        fields.number("Max steps", loop, "max_steps", "15");
        fields.text("Done tool", loop, "done_tool", "none: a step without calls ends it");
        fields.number("Cycle after", loop, "cycle_repetitions", "3 repetitions");
        int history = shown_member(loop, "history") == "one_call_per_message" ? 1 : 0;
        fields.label("History");
        if (pills(frame, "history", kHistories, history)) {
            set_text(loop, "history", history == 1 ? "one_call_per_message" : "");
            form.touch();
        }
    }
    fields.json("Follow-ups", object, "follow_ups", "[\"And then?\"]: further user turns");
    fields.json("Tools", object, "tools", "[{\"type\": \"function\", …}]");
    fields.json("Tool choice", object, "tool_choice", "auto, none, required or {\"name\": \"get_weather\"}");
    draw_parallel_calls(fields, form, object);
    fields.json("Tool results", object, "tool_results",
                "{\"get_weather\": \"sunny\", \"search\": [{\"nth\": 2, \"error\": \"rate limited\"}, …]}");
    fields.json("World", object, "world", "{\"files\": {\"./inbox/1.txt\": \"…\", \"./out/\": null}, \"tools\": true}");
}

void draw_prompt_fields(FormFields& fields, SuiteForm& form) {
    const FrameView& frame = fields.frame();
    OrderedJson& prompt = prompt_at(form.document, static_cast<std::size_t>(form.chosen));
    fields.text("Id", prompt, "id", std::to_string(form.chosen + 1).c_str());
    fields.text("Category", prompt, "category", "none");
    int severity = shown_member(prompt, "severity") == "warning" ? 1 : 0;
    fields.label("Severity");
    if (pills(frame, "severity", kSeverities, severity)) {
        set_text(prompt, "severity", severity == 1 ? "warning" : "");
        form.touch();
    }
    fields.lines("Prompt", prompt, "prompt", 5);
    if (section_heading(frame, "Checks", "+ Check")) {
        add_check(prompt);
        form.touch();
    }
    if (check_count(prompt) == 0) fields.note("Without a check nothing is judged: the answers are only compared.");
    std::optional<std::size_t> removed;
    for (std::size_t i = 0; i < check_count(prompt); ++i) {
        ImGui::PushID(static_cast<int>(i));
        if (draw_check(fields, form, prompt["checks"][i])) removed = i;
        ImGui::PopID();
    }
    if (removed) {
        remove_check(prompt, *removed);
        form.touch();
    }
    fields.heading("Request");
    fields.json("Messages before it", prompt, "messages", "[{\"role\": \"user\", \"content\": \"…\"}, …]");
    fields.json("Settings", prompt, "settings", "{\"temperature\": 0, \"seed\": null}: over the suite's");
    fields.json("Output", prompt, "output",
                "{\"schema\": {…}, \"name\": \"plan\"}: JSON that each candidate is asked for in its own form");
    fields.json("Response format", prompt, "response_format", "{\"type\": \"json_schema\", …}");
    fields.heading("Tools and loop");
    fields.note("In place of the suite's.");
    draw_loop_fields(fields, form, prompt);
    fields.heading("For readers and judges");
    fields.lines("Passes when", prompt, "pass_criteria", 2);
    fields.lines("Fails when", prompt, "fail_criteria", 2);
    fields.lines("Expected answer", prompt, "expected_response", 2);
    fields.json("Incumbent", prompt, "incumbent", "{\"model\": \"…\", \"text\": \"…\"}: what another model answered");
}

}  // namespace llmc::gui
