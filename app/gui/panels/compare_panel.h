// Answers beside each other: what they agree on is quiet, what differs is marked.
//
// Thread contract: as panel_table.h. Differences are computed off the window's thread (InBackground).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gui/commands.h"
#include "gui/frame_view.h"
#include "gui/panels/compare_choice.h"
#include "gui/panels/compare_column.h"
#include "gui/rating_row.h"

namespace llmc::gui {

// What a comparison was made of; holds the texts.
struct ComparedTexts {
    CompareMode mode = CompareMode::words;
    std::vector<std::pair<std::shared_ptr<session::AnswerStream>, std::size_t>> texts;  // and how long they were
    bool operator==(const ComparedTexts&) const = default;
};

struct CompareView {
    CompareChoice choice;
    int mode = 0;  // of CompareMode
    bool scrolls_together = true;

    // Beside choice.chosen().
    struct Column {
        CompareColumn text;
        RatingEdit rating;
        std::string figures;                // "386 tok · 47.2 tok/s"
        std::string state;                  // instead of the text: why there is none
        std::string tool_calls;             // with it
        std::optional<std::size_t> number;  // among the texts that are compared
    };
    std::vector<std::unique_ptr<Column>> columns;
    TextFonts fonts;

    ComparedTexts wanted, compared;
    std::shared_ptr<const Comparison> result;  // of `compared`
    bool is_comparing = false;
    std::optional<std::size_t> current;  // the difference that is looked at
    bool scrolls_to_current = false;
    std::string summary;

    // What the columns were made of.
    std::uint64_t seen_revision = ~std::uint64_t{0};
    bool needs_update = true;

    const Comparison* comparison() const { return result && compared == wanted ? result.get() : nullptr; }
};

void draw_compare(const FrameView& frame, CompareView& view, Commands& commands);

// What the window shows from now on.
void compare_answers(CompareView& view, const CompareAnswers& what);

// A session or report from a file, whose answers can be chosen too. `name`: the file's.
void add_compared_session(CompareView& view, std::string name, session::Session session);

}  // namespace llmc::gui
