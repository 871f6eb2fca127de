// Blacks out the names of models, in texts of models and of this program: for blind mode.
//
// Thread contract: NameMask is immutable; a MaskedText belongs to one thread.
// Rules: a name is found at the beginning of a word, in upper and lower case alike (of ASCII letters), and takes what
// hangs on it with it ("Qwen" also "Qwen2.5-7B"). Names of fewer than three characters are not looked for: they are
// words of any text.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace llmc::gui {

inline constexpr std::string_view kMasked = "███";

class NameMask {
public:
    NameMask() = default;
    explicit NameMask(std::vector<std::string> names);
    std::string operator()(std::string_view text) const;
    const std::vector<std::string>& names() const { return names_; }  // folded, the longest first

private:
    friend class MaskedText;
    enum class Match { none, whole, maybe };  // maybe: the text ends before it is decided
    Match match(std::string_view text, std::size_t& size) const;

    std::vector<std::string> names_;
    std::array<bool, 256> begins_{};
};

// A text that grows: what could be the beginning of a name is held back until it is decided.
class MaskedText {
public:
    // Appends to `out` what of `text` can be shown by now. `text` is the whole text so far.
    void feed(const NameMask& mask, std::string_view text, bool is_final, std::string& out);
    std::size_t taken() const { return at_; }

private:
    std::size_t at_ = 0;
    bool swallows_ = false;  // what hangs on a name
};

// What a model is called beside its id: the id without its publisher, its family ("qwen", "smollm2"), the publisher.
std::vector<std::string> names_of_model(std::string_view model_id);

}  // namespace llmc::gui
