// What promptfoo asserts of an answer, as checks and criteria.
//
// Thread contract: one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "import_place.h"
#include "suite_draft.h"

namespace llmc::interop {

inline constexpr std::string_view kFileReference = "file://";  // before the name of a file that is to be read

// What asserts need of the test that they belong to.
struct PromptfooTest {
    std::function<std::string(const std::string& text, const Place& place)> fill;                      // its variables
    std::function<base::OrderedJson(const base::OrderedJson& value, const Place& place)> fill_within;  // all its texts
    std::function<Result<std::string>(std::string_view reference)> file;  // of "file://NAME"
    const base::OrderedJson* templates = nullptr;  // assertionTemplates of the configuration; null: none
};

// The list of a test or of defaultTest. What has no counterpart is noted. Gives how many there were, so that those of
// all tests together can be limited.
std::size_t take_asserts(const base::OrderedJson& list, const Place& place, const PromptfooTest& test,
                         SuiteDraft::Prompt& prompt, Notes& notes);

// What a cell of a column "__expected" says: "contains: x", "similar(0.8): x", "is-json", or the text that is expected.
base::OrderedJson assert_of_cell(std::string_view cell);

}  // namespace llmc::interop
