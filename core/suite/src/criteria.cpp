#include "suite/criteria.h"

#include <algorithm>

#include "said.h"

namespace llmc::suite {

Criteria criteria_of(const Suite& suite, std::string_view prompt_id, const base::Json& case_values) {
    const auto prompt = std::find_if(suite.prompts.begin(), suite.prompts.end(),
                                     [&](const SuitePrompt& one) { return one.id == prompt_id; });
    if (prompt == suite.prompts.end()) return {};
    const auto filled = [&](std::string_view key) {
        const Said found = said(suite.source, static_cast<std::size_t>(prompt - suite.prompts.begin()), key);
        if (found.value == nullptr || !found.value->is_string()) return std::string();
        return Filler(case_values).fill(found.value->get_ref<const std::string&>());
    };
    return {filled("pass_criteria"), filled("fail_criteria")};
}

}  // namespace llmc::suite
