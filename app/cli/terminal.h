// The one place that prints. Everything that passes here is made harmless first: of a server's words no control
// character reaches a terminal.
//
// Thread contract: the main thread.
#pragma once

#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace llmc::cli {

// A JSON text whose strings hold no control character that a terminal could act on: those are written as \u escapes,
// which mean the same to a program.
std::string json_for_terminal(std::string_view json);

class Terminal {
public:
    enum class Stream { out, err };

    // `out_is_taken`: standard output carries events; what is for people goes to standard error.
    Terminal(bool is_quiet, bool shows_progress, bool out_is_taken);
    ~Terminal();

    // A line for people; nothing when quiet. Whatever stands in it, it is one line: a server's words cannot look like
    // lines of ours.
    void say(std::string_view text);
    // A line for people on standard error, always: errors, warnings that matter.
    void complain(std::string_view text);
    // The same for text of the program's own, of any number of lines.
    void say_text(std::string_view text);
    void complain_text(std::string_view text);
    // Raw bytes on standard output: what a program reads (models --json).
    void print(std::string_view text);

    // Why something that was to be on standard output is not; none too where nobody reads any more.
    std::error_code output_error() const { return output_error_; }

    // Whether a live display can be drawn, and how wide.
    bool is_live() const { return is_live_; }
    int columns() const;
    int rows() const;
    // Puts these lines below what was said, in place of the last ones. Each must fit into columns() - 1; control
    // characters are removed.
    void draw(const std::vector<std::string>& lines);
    // Leaves the live lines as they are and goes on below them.
    void keep_drawing();

private:
    void write_line(Stream stream, const std::string& clean);
    void write(int descriptor, std::string_view bytes);
    void erase_live();
    int descriptor_;
    bool is_quiet_;
    bool is_live_;
    std::error_code output_error_;
    std::size_t live_lines_ = 0;
    std::vector<std::string> last_;
};

}  // namespace llmc::cli
