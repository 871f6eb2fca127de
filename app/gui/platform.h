// What the window needs of the desktop: showing a link in the browser, a folder in the file manager, a
// file in the program for it.
//
// Thread contract: main thread; `on_failure` is called by any thread. Invariants: nothing is waited for; no shell sees
// what is opened; programs that were started outlive this one.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace llmc::gui {

class Desktop {
public:
    // `on_failure` gets words where what was started said later that it could not open it. Not called after ~Desktop().
    explicit Desktop(std::function<void(std::string)> on_failure);
    ~Desktop();
    Desktop(const Desktop&) = delete;
    Desktop& operator=(const Desktop&) = delete;

    // http, https and mailto only. Errors: `usage` for others, `not_found` where there is no program for it.
    Result<void> open_link(std::string_view url);
    // A folder or a file. Errors: `not_found`: it is not there, or there is no program for it.
    Result<void> open_path(const std::filesystem::path& path);

private:
    struct Reports;
    std::shared_ptr<Reports> reports_;
};

// Whether a program of that name is in $PATH.
bool has_program(const char* name);

}  // namespace llmc::gui
