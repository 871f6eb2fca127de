// The bytes of a journal: a mark, then records, each with its length and checksum.
//
// Thread contract: pure.
// Layout, numbers little endian: 8 bytes kJournalMark; then per record u32 size of the payload, u32 CRC-32 of size,
// kind and payload, u8 kind, payload. A record that does not fit its length or checksum ends the file: everything
// before it counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace llmc::engine {

inline constexpr std::string_view kJournalMark{"LLMCJ\x01\r\n", 8};

enum class RecordKind : std::uint8_t {
    head = 1,         // JSON: report::session_head_json(); replaces the one before
    queue = 2,        // JSON: report::queue_json(); replaces the one before
    queue_taken = 3,  // u32: so many prompts left the queue at its front
    round = 4,        // JSON: report::round_head_json() and who answers in it; replaces the one of its number
    answer = 5,       // JSON: report::session_answer_json() without text and steps, the stream that has the text, and
                      // how many steps had ended when that stream was begun ("steps_before")
    text = 6,         // u32 stream, then text that follows what the stream has
    reasoning = 7,    // likewise
    tool_calls = 8,   // likewise, of AnswerStream::tool_call_log(); the answer's last record has them whole
    step = 9          // JSON: report::step_json(), and whose it is; replaces the one of its answer and index
};

inline constexpr RecordKind kLastRecordKind = RecordKind::step;

void append_record(std::string& out, RecordKind kind, std::string_view payload);
void append_stream_record(std::string& out, RecordKind kind, std::uint32_t stream, std::string_view bytes);
std::string number_payload(std::uint32_t number);

// The u32 that `payload` begins with, which is taken off it; nothing where it is shorter.
std::optional<std::uint32_t> take_number(std::string_view& payload);

struct Record {
    RecordKind kind = RecordKind::head;
    std::string_view payload;  // of the bytes that are read
};

class RecordReader {
public:
    explicit RecordReader(std::string_view file) : file_(file) {}

    bool has_mark() const { return file_.starts_with(kJournalMark); }
    // Nothing at the end, whole or not.
    std::optional<Record> next();
    // Bytes after the last whole record; 0: the file is whole. After next() gave nothing.
    std::size_t bytes_left() const { return file_.size() - at_; }
    std::size_t at() const { return at_; }

private:
    std::string_view file_;
    std::size_t at_ = kJournalMark.size();
};

}  // namespace llmc::engine
