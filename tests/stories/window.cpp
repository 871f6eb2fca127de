// What a story can do, and what it can see.
#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "stories/world.h"

namespace llmc::stories {
namespace {

constexpr std::chrono::seconds kPatience{30};  // for anything: machines are slow at times
constexpr int kMostFrames = 100'000;

}  // namespace

// The test engine goes on after an error without doing anything: the story must not.
void Window::must_go_on() {
    REQUIRE_MESSAGE(!context_.IsError(), "an item that is to be used is not there (see above)");
}

void Window::frames(int count) {
    context_.Yield(count);
}

void Window::wait_until(const char* what, const std::function<bool()>& condition) {
    const auto start = std::chrono::steady_clock::now();
    world_.is_waiting_ = true;
    bool holds = condition();
    for (int i = 0; !holds && i < kMostFrames && std::chrono::steady_clock::now() - start < kPatience; ++i) {
        context_.Yield();
        holds = condition();
    }
    world_.is_waiting_ = false;
    REQUIRE_MESSAGE(holds, "waited in vain: ", std::string(what));
    context_.Yield(2);  // what has changed is drawn
}

void Window::wait_for_activity(engine::Activity activity) {
    wait_until(fmt::format("the engine is {}", engine::activity_name(activity)).c_str(),
               [&] { return now().activity == activity; });
}

void Window::wait_for_rounds(int rounds) {
    wait_until(fmt::format("{} rounds are over", rounds).c_str(), [&] {
        const auto& all = now().session.rounds;
        return static_cast<int>(all.size()) >= rounds && now().activity == engine::Activity::idle &&
               std::all_of(all.begin(), all.end(), [](const auto& round) {
                   return std::all_of(round->answers.begin(), round->answers.end(),
                                      [](const auto& one) { return session::is_final(one.state); });
               });
    });
}

void Window::wait_for_models() {
    wait_until("all servers were asked", [&] {
        const auto& all = now().servers;
        return !all.empty() && all.size() == app_.setup().in_force.servers.size() &&
               std::all_of(all.begin(), all.end(), [](const auto& one) { return one.is_asked; });
    });
}

void Window::click(ImGuiTestRef item, ImGuiMouseButton mouse) {
    context_.ItemClick(item, mouse);
    must_go_on();
}

void Window::choose(const char* menu_path) {
    context_.SetRef("//##MainMenuBar");
    context_.MenuClick(menu_path);
    context_.SetRef(ImGuiTestRef());
    must_go_on();
    frames(2);
}

void Window::choose_candidate(const session::CandidateId& id) {
    context_.SetRef("//##MainMenuBar");
    context_.MenuAction(ImGuiTestAction_Open, "View/Candidates");
    context_.SetRef(ImGuiTestRef());
    click(fmt::format("//$FOCUSED/###{}", id).c_str());
    frames(2);
}

void Window::press(ImGuiKeyChord keys) {
    context_.KeyPress(keys);
    must_go_on();
    frames(2);
}

void Window::type(std::string_view text) {
    context_.KeyChars(std::string(text).c_str());
    must_go_on();
}

void Window::fill(ImGuiTestRef field, const char* text, bool ends_with_enter) {
    context_.ItemInput(field);
    must_go_on();
    if (ends_with_enter)
        context_.KeyCharsReplaceEnter(text);
    else
        context_.KeyCharsReplace(text);
    must_go_on();
    frames(2);
}

void Window::focus(ImGuiTestRef window) {
    context_.WindowFocus(window);
    must_go_on();
    frames(2);
}

bool Window::has(ImGuiTestRef item) {
    return context_.ItemExists(item);
}

bool Window::is_enabled(ImGuiTestRef item) {
    const ImGuiTestItemInfo info = context_.ItemInfo(item);
    must_go_on();
    return (info.ItemFlags & ImGuiItemFlags_Disabled) == 0;
}

bool Window::can_use(ImGuiTestRef item) {
    return has(item) && is_enabled(item);
}

ImGuiID Window::in(const char* window, const char* child, const char* path) {
    const ImGuiTestItemInfo info = context_.WindowInfo(fmt::format("{}/{}", window, child).c_str());
    must_go_on();
    REQUIRE_MESSAGE(info.Window, std::string(window), " has no child ", std::string(child));
    return context_.GetID(path, info.Window->ID);
}

ImGuiWindow* Window::shown(const char* name) {
    ImGuiWindow* window = ImGui::FindWindowByName(name);
    return window && window->WasActive ? window : nullptr;
}

bool Window::is_in_front(const char* name) {
    const ImGuiWindow* window = shown(name);
    return window && (!window->DockIsActive || window->DockTabIsVisible);
}

void Window::write_prompt(std::string_view text) {
    press(ImGuiMod_Ctrl | ImGuiKey_2);
    wait_until("the prompt box has the keyboard", [&] { return app_.prompt_view().was_typing; });
    press(ImGuiMod_Ctrl | ImGuiKey_A);
    type(text);
    frames(2);
    REQUIRE(app_.prompt_view().text == text);
}

void Window::send(std::string_view text) {
    write_prompt(text);
    press(ImGuiMod_Ctrl | ImGuiKey_Enter);
}

bool Window::asks() {
    return shown("###question") != nullptr;
}

void Window::give_path(const std::filesystem::path& path) {
    wait_until("it asks for a path", [&] { return asks(); });
    fill("//###question/Path/##field", path.c_str(), true);
    frames(3);
}

void Window::in_all_looks(const std::function<void()>& look) {
    const ImVec2 size = world_.size;
    for (const ImVec2 one : {ImVec2{1000, 700}, ImVec2{1600, 900}})
        for (const gui::ThemeKind theme : {gui::ThemeKind::light, gui::ThemeKind::dark})
            for (const float factor : {0.6F, 1.5F, 2.5F, 1.0F}) {
                CAPTURE(one.x);
                CAPTURE(factor);
                world_.size = one;
                app_.run(gui::SetTheme{theme});
                app_.run(gui::SetTextSize{factor});
                frames(4);
                look();
            }
    world_.size = size;
    frames(2);
}

std::string Window::clipboard() const {
    const char* text = ImGui::GetClipboardText();
    return text ? text : "";
}

bool Window::has_toast(std::string_view words) const {
    const auto& all = app_.toasts();
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& one) { return one.text.find(words) != std::string::npos; });
}

bool Window::has_logged(std::string_view words) const {
    const auto& all = app_.log();
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& one) { return one.text.find(words) != std::string::npos; });
}

const session::Answer& Window::answer(int round, const session::CandidateId& candidate) const {
    const auto& rounds = now().session.rounds;
    REQUIRE(round >= 1);
    REQUIRE(static_cast<std::size_t>(round) <= rounds.size());
    const session::Answer* found = rounds[static_cast<std::size_t>(round) - 1]->find(candidate);
    REQUIRE(found != nullptr);
    return *found;
}

session::AnswerState Window::state(int round, const session::CandidateId& candidate) const {
    return answer(round, candidate).state;
}

}  // namespace llmc::stories
