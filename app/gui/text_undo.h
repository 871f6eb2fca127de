// What was typed in a field, word by word, so that it can be taken back: however long the text is, and across changes
// that were not typed (an earlier prompt that was fetched, a prompt that was sent).
//
// Thread contract: one thread. Positions are bytes of UTF-8 at whole code points. Invariants: steps() that are taken
// back and done again give the very texts that were seen; letters typed or deleted one after another are one step up to
// the end of a word; the oldest steps go where all of them together hold more than kMaxBytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace llmc::gui {

class TextUndo {
public:
    static constexpr std::size_t kMaxBytes = std::size_t{16} << 20;

    // A part of a text in place of another; the cursor stands behind it.
    struct Change {
        std::size_t at = 0;
        std::size_t removed = 0;  // bytes
        std::string inserted;
    };

    // Another field, or the same with another text: what was before is forgotten.
    void begin(std::string_view text);
    // The text as it is now.
    void note(std::string_view text);
    const std::string& text() const { return text_; }  // as noted last

    // What makes the text of the step before, or behind, of it; nothing where there is none. It counts as done.
    std::optional<Change> undo();
    std::optional<Change> redo();

private:
    struct Step {
        std::size_t at = 0;
        std::string removed, inserted;
        std::size_t size() const { return sizeof(Step) + removed.size() + inserted.size(); }
    };

    bool goes_on(const Step& next) const;
    void add(Step step);
    Change apply(std::size_t at, std::size_t removed, const std::string& inserted);

    std::string text_;
    std::vector<Step> steps_;
    std::size_t done_ = 0;   // so many of them
    std::size_t bytes_ = 0;  // of all
    bool is_open_ = false;   // the last step may be gone on with
};

// What the Edit menu does to a field.
enum class Edit { undo, redo, cut, copy, paste, select_all };

// What was selected elsewhere, for a field that was clicked with the middle mouse button.
struct PastedSelection {
    unsigned field = 0;  // Dear ImGui's id
    int frame = 0;       // of the click
    std::string text;
};

// The field that was typed in last, and what it is still to do. Fields find themselves in it (widgets.h).
struct TypedField {
    unsigned id = 0;  // Dear ImGui's; 0: none yet
    int frame = 0;    // the last one in which it had the keyboard
    TextUndo undo;
    std::optional<Edit> wish;               // it takes the keyboard for it
    std::optional<Edit> text_wish;          // of the text in focus, which is no field
    std::optional<PastedSelection> pasted;  // whichever field it is for
};

}  // namespace llmc::gui
