// What a file is, told by what is in it. Its name is asked only where that says nothing.
//
// Thread contract: pure functions.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace llmc::gui {

// `prompts`: one object with a "prompt" a line. `other_program`: what can be imported.
// `results`: another program's, which are read as a session. `other_json`: an object or a list that says nothing of itself.
enum class FileContent { session, report, suite, cast, prompts, text, results, other_program, other_json };

// Reads no further than it needs: to the "format" of an object, or through its first value. Of another program is what
// is none of ours: JSON, YAML by its name, and archives.
FileContent content_of(std::string_view bytes, const std::filesystem::path& path);

// The extension that config::parse_prompts() knows for the content.
std::string prompt_extension(FileContent content, const std::filesystem::path& path);

}  // namespace llmc::gui
