#include "gui/modals.h"

#include <algorithm>

#include <fmt/format.h>

#include "gui/file_words.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr const char* kId = "###question";

bool cancel_button(const FrameView& frame) {
    return button(frame, "Cancel", true, "Esc") || ImGui::IsKeyPressed(ImGuiKey_Escape);
}

}  // namespace

void Modals::ask_to_keep(AfterKeeping after, bool is_running) {
    open_ = Keep{after, is_running};
}

void Modals::ask_about_link(std::string url) {
    open_ = Link{std::move(url)};
}

void Modals::ask_for_file(FileKind file, FileList::Wanted wanted) {
    const bool saves = wanted.saves;
    open_ = File{file, saves, FileList(std::move(wanted))};
}

void Modals::ask_to_reveal() {
    open_ = Reveal{};
}

void Modals::offer_recovery(std::vector<RecoverableSession> sessions) {
    open_ = Recovery{std::move(sessions)};
}

std::optional<ModalAnswer> Modals::draw(const FrameView& frame, Commands& commands) {
    if (!open_) return std::nullopt;
    if (!ImGui::IsPopupOpen(kId)) ImGui::OpenPopup(kId);
    const ImGuiViewport& viewport = *ImGui::GetMainViewport();
    ImGui::SetNextWindowPos(
        {viewport.WorkPos.x + viewport.WorkSize.x / 2, viewport.WorkPos.y + viewport.WorkSize.y * 0.4F},
        ImGuiCond_Always, {0.5F, 0.5F});
    const float width = std::min(frame.theme.px(520), viewport.WorkSize.x - frame.theme.px(40));
    ImGui::SetNextWindowSize({width, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {frame.theme.px(20), frame.theme.px(18)});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {frame.theme.px(8), frame.theme.px(12)});
    std::optional<ModalAnswer> answer;
    if (ImGui::BeginPopupModal(kId, nullptr,
                               ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove |
                                   ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings)) {
        if (auto* keep = std::get_if<Keep>(&*open_))
            answer = draw_keep(frame, *keep);
        else if (auto* link = std::get_if<Link>(&*open_))
            answer = draw_link(frame, *link);
        else if (auto* file = std::get_if<File>(&*open_))
            answer = draw_file(frame, *file, commands);
        else if (std::holds_alternative<Reveal>(*open_))
            answer = draw_reveal(frame);
        else if (auto* recovery = std::get_if<Recovery>(&*open_))
            answer = draw_recovery(frame, *recovery);
        if (answer || !open_) ImGui::CloseCurrentPopup();
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar(2);
    if (answer && answer->kind == ModalAnswer::Kind::discard_journal) {
        // The others are still to be answered.
        auto& sessions = std::get<Recovery>(*open_).sessions;
        std::erase_if(sessions, [&](const RecoverableSession& one) { return one.path == answer->text; });
        if (!sessions.empty()) return answer;
    }
    if (answer) open_.reset();
    return answer;
}

std::optional<ModalAnswer> Modals::draw_keep(const FrameView& frame, const Keep& keep) {
    const char* what = keep.after == AfterKeeping::quit    ? "Quit without keeping this session?"
                       : keep.after == AfterKeeping::clear ? "Clear without keeping this session?"
                       : keep.after == AfterKeeping::suite ? "Start the suite without keeping this session?"
                                                           : "Open another session without keeping this one?";
    draw_text(frame, what, {.face = Face::semibold, .size = frame.theme.text.prose});
    draw_text_wrapped(
        frame,
        keep.is_running
            ? "Answers are still arriving. They are stopped first; what arrived until then is kept in the file."
            : "There are rounds that were neither exported nor saved.",
        {.role = Role::weak});
    std::optional<ModalAnswer> answer;
    using Kind = ModalAnswer::Kind;
    if (primary_button(frame, "Save session")) answer = {.kind = Kind::save};
    ImGui::SameLine();
    if (button(frame, "Export reports")) answer = {.kind = Kind::export_reports};
    ImGui::SameLine();
    if (button(frame, "Discard")) answer = {.kind = Kind::discard};
    ImGui::SameLine();
    if (cancel_button(frame)) answer = {.kind = ModalAnswer::Kind::cancel};
    return answer;
}

std::optional<ModalAnswer> Modals::draw_link(const FrameView& frame, const Link& link) {
    draw_text(frame, "Open this link in the browser?", {.face = Face::semibold, .size = frame.theme.text.prose});
    draw_text_wrapped(frame, link.url, {.face = Face::mono, .size = frame.theme.text.code, .role = Role::accent});
    std::optional<ModalAnswer> answer;
    using Kind = ModalAnswer::Kind;
    if (primary_button(frame, "Open link")) answer = {.kind = Kind::open_link, .text = link.url};
    ImGui::SameLine();
    if (button(frame, "Copy link")) answer = {.kind = Kind::copy_link, .text = link.url};
    ImGui::SameLine();
    if (cancel_button(frame)) answer = {.kind = ModalAnswer::Kind::cancel};
    return answer;
}

std::optional<ModalAnswer> Modals::draw_file(const FrameView& frame, File& file, Commands& commands) {
    draw_text(frame, words_of(file.file, file.saves).question,
              {.face = Face::semibold, .size = frame.theme.text.prose});
    switch (file.list.draw(frame, commands)) {
        case FileList::Outcome::chosen:
            return ModalAnswer{.kind = ModalAnswer::Kind::path,
                               .text = file.list.chosen().string(),
                               .file = file.file,
                               .saves = file.saves};
        case FileList::Outcome::cancelled: return ModalAnswer{.kind = ModalAnswer::Kind::cancel};
        case FileList::Outcome::none: break;
    }
    return std::nullopt;
}

std::optional<ModalAnswer> Modals::draw_reveal(const FrameView& frame) {
    draw_text(frame, "Reveal who is who?", {.face = Face::semibold, .size = frame.theme.text.prose});
    draw_text_wrapped(frame, "Blind mode ends: what you have seen cannot be judged blind any more.",
                      {.role = Role::weak});
    std::optional<ModalAnswer> answer;
    if (primary_button(frame, "Reveal")) answer = {.kind = ModalAnswer::Kind::reveal};
    ImGui::SameLine();
    if (button(frame, "Stay blind", true, "Esc") || ImGui::IsKeyPressed(ImGuiKey_Escape))
        answer = {.kind = ModalAnswer::Kind::cancel};
    return answer;
}

std::optional<ModalAnswer> Modals::draw_recovery(const FrameView& frame, Recovery& recovery) {
    const bool is_one = recovery.sessions.size() == 1;
    draw_text(frame, is_one ? "A session was not finished" : "Sessions were not finished",
              {.face = Face::semibold, .size = frame.theme.text.prose});
    const bool is_whole = std::ranges::all_of(recovery.sessions, [](const auto& one) { return one.damage.empty(); });
    draw_text_wrapped(frame,
                      fmt::format("The program ended before it was exported or saved. {} is in the crash journal.",
                                  is_whole ? "Everything that had arrived" : "What had arrived"),
                      {.role = Role::weak});
    std::optional<ModalAnswer> answer;
    using Kind = ModalAnswer::Kind;
    const auto choices = [&](const RecoverableSession& session, bool is_first) {
        const std::string path = session.path.string();
        if (is_first ? primary_button(frame, "Recover") : button(frame, "Recover"))
            answer = {.kind = Kind::recover, .text = path};
        ImGui::SameLine();
        if (button(frame, "Discard")) answer = {.kind = Kind::discard_journal, .text = path};
    };
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {frame.theme.px(8), frame.theme.px(8)});
    // Many of them scroll: the rest of the question stays in sight.
    ImGui::SetNextWindowSizeConstraints({0, 0}, {FLT_MAX, ImGui::GetMainViewport()->WorkSize.y * 0.5F});
    if (ImGui::BeginChild("sessions", {0, 0}, ImGuiChildFlags_AutoResizeY | ImGuiChildFlags_NavFlattened)) {
        for (std::size_t i = 0; i < recovery.sessions.size(); ++i) {
            const RecoverableSession& session = recovery.sessions[i];
            ImGui::PushID(static_cast<int>(i));
            if (i > 0) ImGui::Separator();
            draw_text_wrapped(frame, session.title, {});
            draw_text_wrapped(frame, session.candidates, {.size = frame.theme.text.small, .role = Role::weak});
            if (!session.damage.empty())
                draw_text_wrapped(frame,
                                  fmt::format("The journal is damaged: {}. What stands before that comes back; the "
                                              "file is kept.",
                                              session.damage),
                                  {.size = frame.theme.text.small, .role = Role::warn});
            if (!is_one) choices(session, i == 0);
            ImGui::PopID();
        }
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
    if (is_one) {
        choices(recovery.sessions.front(), true);
        ImGui::SameLine();
    }
    if (button(frame, "Later", true, "Esc") || ImGui::IsKeyPressed(ImGuiKey_Escape)) answer = {.kind = Kind::cancel};
    return answer;
}

}  // namespace llmc::gui
