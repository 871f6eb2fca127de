#include "gui/palette.h"

#include <algorithm>
#include <cmath>

#include "gui/fuzzy.h"
#include "gui/menu_sink.h"
#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr const char* kPaletteId = "###palette";
constexpr int kRowsInView = 12;
constexpr std::size_t kMostUsed = 8;

// Lists the items, or chooses one of them.
class List final : public MenuSink {
public:
    explicit List(std::vector<PaletteEntry>& entries) : entries_(&entries) {}
    explicit List(const PaletteEntry& chosen) : chosen_(&chosen) {}

    bool begin(const char* name, bool is_enabled) override {
        if (!is_enabled) return false;
        menus_.emplace_back(shown(name));
        return true;
    }
    void end() override { menus_.pop_back(); }
    bool item(const char* label, const char* keys, bool is_chosen, bool is_enabled) override {
        (void)is_chosen;
        if (!is_enabled) return false;
        if (chosen_) return chosen_->name == shown(label) && chosen_->group == group();
        entries_->push_back({group(), std::string(shown(label)), keys});
        return false;
    }
    void hint(std::string_view words) override { (void)words; }
    void separator() override {}
    bool only_shows_windows() const override { return true; }

private:
    std::string group() const {
        std::string path;
        for (const std::string& menu : menus_) path += (path.empty() ? "" : ": ") + menu;
        return path;
    }

    std::vector<PaletteEntry>* entries_ = nullptr;
    const PaletteEntry* chosen_ = nullptr;
    std::vector<std::string> menus_;
};

}  // namespace

std::vector<PaletteEntry> palette_entries(const FrameView& frame, const ActionContext& context) {
    std::vector<PaletteEntry> entries;
    List list(entries);
    Commands none;
    write_menus(list, frame, context, none);
    return entries;
}

std::vector<std::size_t> find_entries(const std::vector<PaletteEntry>& entries, std::string_view query,
                                      const std::vector<std::string>& used) {
    struct Found {
        std::size_t entry;
        int score;
    };
    std::vector<Found> found;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const PaletteEntry& one = entries[i];
        // In its name rather than in its menu's.
        auto score = fuzzy_score(query, one.name);
        if (score)
            *score += *score;
        else
            score = fuzzy_score(query, one.group + " " + one.name);
        if (!score) continue;
        const auto recent = std::ranges::find(used, one.name);
        found.push_back({i, *score + (recent == used.end() ? 0 : static_cast<int>(used.end() - recent))});
    }
    std::ranges::stable_sort(found, std::ranges::greater(), &Found::score);
    std::vector<std::size_t> order;
    for (const Found& one : found) order.push_back(one.entry);
    return order;
}

void Palette::open() {
    is_open_ = is_new_ = true;
    query_.clear();
}

void Palette::find() {
    if (!is_new_ && query_ == found_for_) return;
    found_for_ = query_;
    found_ = find_entries(entries_, query_, used_);
    chosen_ = 0;
    moves_view_ = true;
}

void Palette::move_by_keys() {
    if (found_.empty()) return;
    const std::size_t last = found_.size() - 1;
    const std::size_t before = chosen_;
    if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) chosen_ = chosen_ == last ? 0 : chosen_ + 1;
    if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) chosen_ = chosen_ == 0 ? last : chosen_ - 1;
    if (ImGui::IsKeyPressed(ImGuiKey_PageDown)) chosen_ = std::min(chosen_ + kRowsInView, last);
    if (ImGui::IsKeyPressed(ImGuiKey_PageUp)) chosen_ -= std::min<std::size_t>(chosen_, kRowsInView);
    moves_view_ = moves_view_ || chosen_ != before;
}

bool Palette::draw_rows(const FrameView& frame) {
    const Theme& theme = frame.theme;
    const float height = theme.px(30), pad = theme.px(10);
    const TextLook name{.size = theme.text.row}, quiet{.size = theme.text.small, .role = Role::weak},
        keys{.face = Face::mono, .size = theme.text.figure, .role = Role::weak};
    bool is_run = false;
    const float rows = static_cast<float>(std::min<std::size_t>(found_.size(), kRowsInView));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    if (ImGui::BeginChild("entries", {0, rows * height}, ImGuiChildFlags_None, ImGuiWindowFlags_NoNav)) {
        if (std::exchange(moves_view_, false)) {
            const float top = static_cast<float>(chosen_) * height, view = ImGui::GetWindowHeight();
            if (top < ImGui::GetScrollY()) ImGui::SetScrollY(top);
            if (top + height > ImGui::GetScrollY() + view) ImGui::SetScrollY(top + height - view);
        }
        ImDrawList& list = *ImGui::GetWindowDrawList();
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(found_.size()), height);
        while (clipper.Step())
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
                const auto place = static_cast<std::size_t>(i);
                const PaletteEntry& entry = entries_[found_[place]];
                ImGui::PushID(i);
                const Hit hit = hit_area("entry", {ImGui::GetContentRegionAvail().x, height}, theme.px(5));
                ImGui::PopID();
                if (hit.is_hovered && (ImGui::GetIO().MouseDelta.x != 0 || ImGui::GetIO().MouseDelta.y != 0))
                    chosen_ = place;
                if (hit.is_pressed) chosen_ = place;
                is_run = is_run || hit.is_pressed;
                if (place == chosen_) list.AddRectFilled(hit.min, hit.max, theme[Role::bg3], theme.px(5));
                const float y = hit.min.y + std::floor((height - name.size) / 2) - theme.px(1);
                const Role weak = place == chosen_ ? Role::text : Role::weak;  // on bg3
                TextLook side = quiet, chord = keys;
                side.role = chord.role = weak;
                const float keys_width = measure(frame, entry.keys, chord).x;
                paint_text(frame, {hit.max.x - pad - keys_width, y + theme.px(1)}, entry.keys, chord, keys_width + 1);
                const float group_width = measure(frame, entry.group, side).x;
                const float group_x = hit.max.x - 2 * pad - std::max(keys_width, theme.px(96)) - group_width;
                const float room = group_x - hit.min.x - 2 * pad;
                const bool has_group = room > theme.px(140);
                paint_text(frame, {hit.min.x + pad, y}, entry.name, name,
                           has_group ? room : hit.max.x - 3 * pad - keys_width - hit.min.x);
                if (has_group) paint_text(frame, {group_x, y + theme.px(1)}, entry.group, side, group_width + 1);
            }
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
    return is_run;
}

void Palette::run(const FrameView& frame, const ActionContext& context, Commands& commands) {
    const PaletteEntry entry = entries_[found_[chosen_]];
    std::erase(used_, entry.name);
    used_.insert(used_.begin(), entry.name);
    if (used_.size() > kMostUsed) used_.pop_back();
    List list(entry);
    write_menus(list, frame, context, commands);
}

void Palette::draw(const FrameView& frame, const ActionContext& context, Commands& commands) {
    if (!is_open_) return;
    const Theme& theme = frame.theme;
    if (is_new_) {
        ImGui::OpenPopup(kPaletteId);
        entries_ = palette_entries(frame, context);
    }
    const ImGuiViewport& viewport = *ImGui::GetMainViewport();
    ImGui::SetNextWindowPos({viewport.GetWorkCenter().x, viewport.WorkPos.y + theme.px(48)}, ImGuiCond_Always,
                            {0.5F, 0});
    ImGui::SetNextWindowSize({std::min(theme.px(640), viewport.WorkSize.x - theme.px(40)), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {theme.px(10), theme.px(10)});
    if (ImGui::BeginPopup(kPaletteId, ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings)) {
        find();
        if (std::exchange(is_new_, false)) ImGui::SetKeyboardFocusHere();
        ImGui::SetNextItemWidth(-1);
        // Up and Down are the list's: a field with a history does not give them to the focus.
        bool is_run = text_field(frame, "##query", query_, "What to do, or where to go",
                                 ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_CallbackHistory);
        move_by_keys();
        if (found_.empty())
            draw_text(frame, "Nothing of that name can be done now.", {.size = theme.text.quiet, .role = Role::weak});
        else
            is_run = draw_rows(frame) || is_run;
        // The first Esc: Dear ImGui takes it for the field alone.
        const bool is_left = ImGui::IsKeyPressed(ImGuiKey_Escape, false);
        if (is_left || (is_run && !found_.empty())) ImGui::CloseCurrentPopup();
        if (!is_left && is_run && !found_.empty()) run(frame, context, commands);
        ImGui::EndPopup();
    } else {
        is_open_ = false;
    }
    ImGui::PopStyleVar();
}

}  // namespace llmc::gui
