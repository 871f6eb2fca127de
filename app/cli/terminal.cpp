#include "cli/terminal.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "cli/platform.h"

namespace llmc::cli {
namespace {

constexpr int kOut = 1;
constexpr int kErr = 2;

}  // namespace

std::string json_for_terminal(std::string_view json) {
    std::string safe;
    for (std::size_t pos = 0; pos < json.size();) {
        const std::size_t begin = pos;
        const char32_t code_point = base::next_code_point(json, pos);
        const std::string_view bytes = json.substr(begin, pos - begin);
        // dump_json escapes C0 itself; line breaks here are those between its lines.
        if (code_point < 0x7f || !base::for_terminal(bytes).empty())
            safe += bytes;
        else
            safe += fmt::format("\\u{:04x}", static_cast<unsigned>(code_point));
    }
    return safe;
}

Terminal::Terminal(bool is_quiet, bool shows_progress, bool out_is_taken)
    : descriptor_(out_is_taken ? kErr : kOut),
      is_quiet_(is_quiet),
      is_live_(!is_quiet && shows_progress && is_terminal(out_is_taken ? kErr : kOut)) {}

Terminal::~Terminal() {
    keep_drawing();
}

void Terminal::say(std::string_view text) {
    write_line(Stream::out, base::for_terminal_line(text));
}

void Terminal::complain(std::string_view text) {
    write_line(Stream::err, base::for_terminal_line(text));
}

void Terminal::say_text(std::string_view text) {
    write_line(Stream::out, base::for_terminal(text));
}

void Terminal::complain_text(std::string_view text) {
    write_line(Stream::err, base::for_terminal(text));
}

void Terminal::print(std::string_view text) {
    write(kOut, text);
}

void Terminal::write_line(Stream stream, const std::string& clean) {
    if (stream == Stream::out && is_quiet_) return;
    const auto lines = last_;
    erase_live();
    write(stream == Stream::out ? descriptor_ : kErr, clean + "\n");
    if (!lines.empty()) draw(lines);
}

void Terminal::write(int descriptor, std::string_view bytes) {
    const std::error_code error = write_all(descriptor, bytes);
    if (error && descriptor == kOut && error != std::errc::broken_pipe && !output_error_) output_error_ = error;
}

int Terminal::columns() const {
    const auto size = terminal_size(descriptor_);
    return size ? size->columns : 80;
}

int Terminal::rows() const {
    const auto size = terminal_size(descriptor_);
    return size ? size->rows : 24;
}

void Terminal::draw(const std::vector<std::string>& lines) {
    if (!is_live_) return;
    // One write: up to the first live line, then each line and what is left of the old one erased.
    std::string bytes;
    if (live_lines_ > 0) bytes += fmt::format("\x1b[{}A", live_lines_);
    bytes += '\r';
    for (const std::string& line : lines) bytes += base::for_terminal_line(line) + "\x1b[K\n";
    bytes += "\x1b[J";
    live_lines_ = lines.size();
    last_ = lines;
    write(descriptor_, bytes);
}

void Terminal::erase_live() {
    if (live_lines_ > 0) write(descriptor_, fmt::format("\x1b[{}A\r\x1b[J", live_lines_));
    live_lines_ = 0;
    last_.clear();
}

void Terminal::keep_drawing() {
    live_lines_ = 0;
    last_.clear();
}

}  // namespace llmc::cli
