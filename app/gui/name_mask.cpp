#include "gui/name_mask.h"

#include <algorithm>

#include "base/ascii.h"

namespace llmc::gui {
namespace {

constexpr std::size_t kShortest = 3;  // characters
// Beginnings of ids that say nothing about whose model it is.
constexpr std::array<std::string_view, 12> kGeneric{"model", "chat", "the",  "base", "test",  "local",
                                                    "my-",   "gguf", "demo", "fast", "small", "lmstudio-community"};

bool is_of_word(char c) {
    return base::is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}
bool joins(char c) {
    return c == '.' || c == '-' || c == '_' || c == ':';
}

}  // namespace

NameMask::NameMask(std::vector<std::string> names) : names_(std::move(names)) {
    for (std::string& name : names_) name = base::to_lower(name);
    std::erase_if(names_, [](const std::string& name) { return name.size() < kShortest; });
    std::ranges::sort(names_, [](const std::string& a, const std::string& b) {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
    for (const std::string& name : names_) begins_[static_cast<unsigned char>(name.front())] = true;
}

NameMask::Match NameMask::match(std::string_view text, std::size_t& size) const {
    if (!begins_[static_cast<unsigned char>(base::to_lower(text.front()))]) return Match::none;
    for (const std::string& name : names_) {
        const std::size_t common = std::min(name.size(), text.size());
        const bool is_equal = std::equal(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(common), text.begin(),
                                         [](char a, char b) { return a == base::to_lower(b); });
        if (!is_equal) continue;
        size = name.size();
        return common == name.size() ? Match::whole : Match::maybe;
    }
    return Match::none;
}

std::string NameMask::operator()(std::string_view text) const {
    std::string out;
    MaskedText whole;
    whole.feed(*this, text, true, out);
    return out;
}

void MaskedText::feed(const NameMask& mask, std::string_view text, bool is_final, std::string& out) {
    std::size_t shown = at_;  // up to here `out` has it
    const auto show = [&] { out.append(text.substr(shown, at_ - shown)); };
    while (at_ < text.size()) {
        const char c = text[at_];
        if (swallows_) {
            const bool is_joint = joins(c);
            if (is_joint && at_ + 1 == text.size() && !is_final) break;
            swallows_ = base::is_letter_or_digit(c) ||
                        (is_joint && at_ + 1 < text.size() && base::is_letter_or_digit(text[at_ + 1]));
            if (swallows_) shown = ++at_;
            continue;
        }
        std::size_t size = 0;
        const bool begins_word = at_ == 0 || !is_of_word(text[at_ - 1]);
        auto found = begins_word ? mask.match(text.substr(at_), size) : NameMask::Match::none;
        if (found == NameMask::Match::maybe && !is_final) break;
        if (found == NameMask::Match::maybe) {
            // Cut off inside a name: what is there already tells enough.
            found = text.size() - at_ >= kShortest ? NameMask::Match::whole : NameMask::Match::none;
            size = text.size() - at_;
        }
        if (found == NameMask::Match::none) {
            ++at_;
            continue;
        }
        show();
        out.append(kMasked);
        shown = at_ += size;
        swallows_ = true;
    }
    show();
}

std::vector<std::string> names_of_model(std::string_view model_id) {
    std::vector<std::string> names;
    const auto add = [&names](std::string_view name) {
        std::string plain = base::to_lower(name);
        if (plain.size() >= kShortest && std::ranges::find(kGeneric, std::string_view(plain)) == kGeneric.end())
            names.push_back(std::move(plain));
    };
    if (model_id.size() >= kShortest) names.emplace_back(model_id);
    std::string_view name = model_id;
    if (const std::size_t slash = model_id.rfind('/'); slash != std::string_view::npos) {
        add(model_id.substr(0, model_id.find('/')));
        name = model_id.substr(slash + 1);
        add(name);
    }
    const auto end_of = [&name](auto is_part) {
        return name.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(name, is_part) - name.begin()));
    };
    add(end_of([](char c) { return is_of_word(c) || c == '.'; }));            // "qwen2.5"
    add(end_of([](char c) { return is_of_word(c) && !base::is_digit(c); }));  // "qwen"
    return names;
}

}  // namespace llmc::gui
