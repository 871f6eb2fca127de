#include "gui/file_list.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

namespace fs = std::filesystem;

constexpr int kRowsInView = 11;

std::string size_words(std::uint64_t bytes) {
    if (bytes < 1000) return fmt::format("{} B", bytes);
    const double kilobytes = static_cast<double>(bytes) / 1000;
    return kilobytes < 1000 ? fmt::format("{:.1f} kB", kilobytes) : fmt::format("{:.1f} MB", kilobytes / 1000);
}

}  // namespace

FileList::FileList(Wanted wanted) : wanted_(std::move(wanted)) {
    folder_ = wanted_.saves ? wanted_.start.parent_path() : wanted_.start;
    if (wanted_.saves) typed_ = wanted_.start.filename().string();
}

void FileList::read(const fs::path& folder, Commands& commands) {
    listing_->asked = folder;
    commands.add(InBackground{[listing = listing_, folder]() -> std::function<void(Commands&)> {
        auto entries = std::make_shared<Result<std::vector<FolderEntry>>>(read_folder(folder));
        std::error_code ignored;
        fs::path above = folder;
        while (!*entries && above.has_relative_path() && !fs::is_directory(above, ignored)) above = above.parent_path();
        return [listing, folder, entries, above](Commands&) {
            if (listing->asked != folder) return;  // another one was asked for meanwhile
            listing->trouble = *entries ? std::string() : entries->error().message;
            listing->instead = *entries ? std::nullopt : std::optional(above);
            if (!*entries) return;
            listing->folder = folder;
            listing->entries = std::move(*entries).value();
            ++listing->changes;
        };
    }});
}

void FileList::go_to(fs::path folder) {
    folder_ = std::move(folder);
    if (!wanted_.saves) typed_.clear();
    row_.reset();
    takes_keys_ = true;
}

void FileList::follow(Commands& commands) {
    const TypedPath typed = this->typed();
    if (listing_->asked != typed.folder) read(typed.folder, commands);
    // The report folder is made with the first report: until then the one above it has what can be opened.
    if (listing_->instead && !wanted_.saves && typed_.empty() && listing_->asked == folder_) go_to(*listing_->instead);
    std::string words = (shows_all_ ? "*" : "") + typed_;
    if (words == shown_for_ && listing_->changes == shown_changes_) return;
    shown_for_ = std::move(words);
    shown_changes_ = listing_->changes;
    const bool is_proposed = wanted_.saves && typed.name == wanted_.start.filename().string();
    shown_ = shown_entries(listing_->entries, shows_all_ ? "" : wanted_.patterns, is_proposed ? "" : typed.name);
    row_.reset();
    if (!wanted_.saves && !shown_.empty() && !typed.name.empty() && listing_->folder == typed.folder) row_ = 0;
    moves_view_ = true;
}

void FileList::take_keys() {
    if (ImGui::IsKeyPressed(ImGuiKey_Tab) && !ImGui::GetIO().KeyShift) {
        const std::string name = typed().name, whole = completed(listing_->entries, shown_, name);
        const bool is_folder = std::ranges::any_of(shown_, [&](std::size_t i) {
            return listing_->entries[i].is_folder && listing_->entries[i].name == whole;
        });
        typed_.replace(typed_.size() - name.size(), name.size(), is_folder ? whole + "/" : whole);
        takes_keys_ = true;
    }
    if (takes_alt_chord(ImGuiMod_Alt | ImGuiKey_UpArrow)) go_to(listing_->folder.parent_path());
    if (shown_.empty()) return;
    const std::size_t last = shown_.size() - 1, before = row_.value_or(0);
    const auto move = [&](std::size_t to) {
        row_ = std::min(to, last);
        moves_view_ = true;
    };
    if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) move(row_ ? before + 1 : 0);
    if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) move(before == 0 ? 0 : before - 1);
    if (ImGui::IsKeyPressed(ImGuiKey_PageDown)) move(before + kRowsInView);
    if (ImGui::IsKeyPressed(ImGuiKey_PageUp)) move(before - std::min<std::size_t>(before, kRowsInView));
}

const FolderEntry* FileList::chosen_entry() const {
    return row_ && *row_ < shown_.size() ? &listing_->entries[shown_[*row_]] : nullptr;
}

fs::path FileList::chosen() const {
    const FolderEntry* entry = chosen_entry();
    if (entry && !entry->is_folder) return listing_->folder / entry->name;
    const TypedPath typed = this->typed();
    return typed.folder / typed.name;
}

bool FileList::replaces() const {
    const fs::path path = chosen();
    return wanted_.saves && path.parent_path() == listing_->folder &&
           std::ranges::any_of(listing_->entries, [&](const FolderEntry& entry) {
               return !entry.is_folder && entry.name == path.filename().string();
           });
}

bool FileList::enter() {
    const FolderEntry* entry = chosen_entry();
    if (entry && entry->is_folder) {
        go_to(listing_->folder / entry->name);
        return false;
    }
    if (entry) return true;
    const TypedPath typed = this->typed();
    if (!typed.name.empty()) return true;
    if (!typed_.empty()) go_to(typed.folder);
    return false;
}

void FileList::draw_places(const FrameView& frame) {
    const Theme& theme = frame.theme;
    for (const auto& [name, folder] : wanted_.places) {
        if (link_button(frame, name.c_str(), true, folder.string())) go_to(folder);
        ImGui::SameLine(0, theme.px(14));
    }
    if (link_button(frame, "Folder above", listing_->folder.has_relative_path(), "Alt+Up"))
        go_to(listing_->folder.parent_path());
    draw_text(frame, listing_->folder.string(), {.size = theme.text.quiet, .role = Role::weak, .keeps_end = true});
}

bool FileList::draw_rows(const FrameView& frame) {
    const Theme& theme = frame.theme;
    const float height = theme.px(28), pad = theme.px(10);
    const TextLook name{.size = theme.text.row},
        size{.face = Face::mono, .size = theme.text.figure, .role = Role::weak};
    bool is_opened = false;
    ImGui::PushStyleColor(ImGuiCol_ChildBg, theme[Role::bg2]);
    const bool is_seen =
        ImGui::BeginChild("entries", {0, kRowsInView * height}, ImGuiChildFlags_None, ImGuiWindowFlags_NoNav);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    if (is_seen) {
        if (shown_.empty() && listing_->changes > 0) {
            ImGui::SetCursorPos({pad, pad});
            draw_text(frame, listing_->entries.empty() ? "This folder is empty." : "No such file in this folder.",
                      {.size = theme.text.quiet, .role = Role::weak});
        }
        if (std::exchange(moves_view_, false) && row_) {
            const float top = static_cast<float>(*row_) * height, view = ImGui::GetWindowHeight();
            if (top < ImGui::GetScrollY()) ImGui::SetScrollY(top);
            if (top + height > ImGui::GetScrollY() + view) ImGui::SetScrollY(top + height - view);
        }
        ImDrawList& list = *ImGui::GetWindowDrawList();
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(shown_.size()), height);
        while (clipper.Step())
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
                const auto place = static_cast<std::size_t>(i);
                const FolderEntry& entry = listing_->entries[shown_[place]];
                ImGui::PushID(i);
                const Hit hit = hit_area(entry.name.c_str(), {ImGui::GetContentRegionAvail().x, height}, theme.px(5));
                ImGui::PopID();
                const bool is_chosen = row_ == place;
                if (is_chosen || hit.is_hovered)
                    list.AddRectFilled(hit.min, hit.max,
                                       is_chosen ? theme[Role::bg3] : blend(theme[Role::bg2], theme[Role::bg3], 0.5F),
                                       theme.px(5));
                if (hit.is_pressed) {
                    is_opened = is_chosen || entry.is_folder;  // the second click on a file, the first on a folder
                    row_ = place;
                }
                const float y = hit.min.y + std::floor((height - name.size) / 2) - theme.px(1);
                const std::string right = entry.is_folder ? "folder" : size_words(entry.size);
                TextLook quiet = size;
                if (is_chosen) quiet.role = Role::text;
                const float width = measure(frame, right, quiet).x;
                paint_text(frame, {hit.max.x - pad - width, y + theme.px(1)}, right, quiet, width + 1);
                paint_text(frame, {hit.min.x + pad, y}, entry.is_folder ? entry.name + "/" : entry.name, name,
                           hit.max.x - hit.min.x - width - 3 * pad);
            }
    }
    ImGui::PopStyleVar();
    ImGui::EndChild();
    ImGui::PopStyleColor();
    return is_opened;
}

FileList::Outcome FileList::draw(const FrameView& frame, Commands& commands) {
    const Theme& theme = frame.theme;
    draw_places(frame);
    if (std::exchange(takes_keys_, false)) ImGui::SetKeyboardFocusHere();
    ImGui::SetNextItemWidth(-1);
    bool is_entered = text_field(frame, "Path", typed_, wanted_.saves ? "A name for the file" : "A name, or a path",
                                 ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_CallbackHistory |
                                     ImGuiInputTextFlags_CallbackCompletion);
    follow(commands);
    take_keys();
    is_entered = draw_rows(frame) || is_entered;
    // The line is kept free: a folder that was read in the meantime moves nothing.
    const TextLook trouble{.size = theme.text.small, .role = Role::warn, .keeps_end = true};
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float room = ImGui::GetContentRegionAvail().x;
    bool was_cut = false;
    paint_text(frame, at, listing_->trouble, trouble, room, &was_cut);
    ImGui::Dummy({room, trouble.size});
    if (was_cut) tooltip(frame, listing_->trouble);
    bool shows_all = shows_all_;
    if (!wanted_.patterns.empty() && checkbox(frame, "All files", shows_all)) shows_all_ = shows_all;
    Outcome outcome = Outcome::none;
    const FolderEntry* entry = chosen_entry();
    const bool is_folder = entry && entry->is_folder;
    const char* words = is_folder ? "Open folder" : !wanted_.saves ? "Open" : replaces() ? "Replace" : "Save";
    is_entered = primary_button(frame, words, entry || !typed_.empty(), "Enter") || is_entered;
    ImGui::SameLine();
    if (button(frame, "Cancel", true, "Esc") || ImGui::IsKeyPressed(ImGuiKey_Escape)) outcome = Outcome::cancelled;
    if (is_entered && outcome == Outcome::none && enter()) outcome = Outcome::chosen;
    if (is_entered && outcome == Outcome::none) takes_keys_ = true;
    return outcome;
}

}  // namespace llmc::gui
