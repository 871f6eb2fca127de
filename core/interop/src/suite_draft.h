// A suite while it is made of another program's file.
//
// Thread contract: one thread.
// Invariant: what finish() gives is read by suite::suite_from_json(). A check that the reader refuses is noted and left
// out, and so is a prompt.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "import_place.h"

namespace llmc::interop {

class SuiteDraft {
public:
    struct Prompt {
        Place place;
        std::string id;  // empty: its number
        std::optional<std::string> system;
        base::OrderedJson json = base::OrderedJson::object();  // all but id, system and checks
        base::OrderedJson checks = base::OrderedJson::array();
        std::vector<Place> check_places;

        void check(base::OrderedJson json_of_check, const Place& from);
        void offer(base::OrderedJson list_of_tools);
        // Among its own tools; by an index, for a file may name as many tools as it offers.
        bool offers(std::string_view tool) const { return offered.contains(tool); }
        std::set<std::string, std::less<>> offered;  // the tools' names
    };

    explicit SuiteDraft(std::string suite_name) : name(std::move(suite_name)) {}

    void add(Prompt prompt) { prompts_.push_back(std::move(prompt)); }
    bool is_empty() const { return prompts_.empty(); }

    // Errors: `parse`, "FILE: what", where no prompt is left; `limit` where the suite is larger than one may be.
    Result<base::OrderedJson> finish(Notes& notes) const;

    std::string name;
    std::string source;  // the file, for errors
    std::string role, description;
    std::optional<std::string> system;  // where prompts have none

private:
    base::OrderedJson head(bool has_one_system) const;
    bool has_one_system() const;

    std::vector<Prompt> prompts_;
};

}  // namespace llmc::interop
