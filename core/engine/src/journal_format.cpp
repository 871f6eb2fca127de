#include "journal_format.h"

#include <zlib.h>

namespace llmc::engine {
namespace {

constexpr std::size_t kFrame = 9;  // size, checksum, kind

void put_number(char* into, std::uint32_t number) {
    for (int i = 0; i < 4; ++i) into[i] = static_cast<char>(number >> (8 * i));
}

std::uint32_t number_at(const char* from) {
    std::uint32_t number = 0;
    for (int i = 0; i < 4; ++i) number |= std::uint32_t{static_cast<unsigned char>(from[i])} << (8 * i);
    return number;
}

std::uint32_t checksum(std::uint32_t size, RecordKind kind, std::string_view first, std::string_view second) {
    char head[5];
    put_number(head, size);
    head[4] = static_cast<char>(kind);
    uLong crc = 0;
    for (const std::string_view part : {std::string_view(head, sizeof head), first, second})
        if (!part.empty())  // without a buffer zlib starts anew
            crc = crc32_z(crc, reinterpret_cast<const Bytef*>(part.data()), part.size());
    return static_cast<std::uint32_t>(crc);
}

void append(std::string& out, RecordKind kind, std::string_view first, std::string_view second) {
    const auto size = static_cast<std::uint32_t>(first.size() + second.size());
    char frame[kFrame];
    put_number(frame, size);
    put_number(frame + 4, checksum(size, kind, first, second));
    frame[8] = static_cast<char>(kind);
    out.append(frame, sizeof frame).append(first).append(second);
}

}  // namespace

void append_record(std::string& out, RecordKind kind, std::string_view payload) {
    append(out, kind, payload, {});
}

void append_stream_record(std::string& out, RecordKind kind, std::uint32_t stream, std::string_view bytes) {
    char number[4];
    put_number(number, stream);
    append(out, kind, {number, sizeof number}, bytes);
}

std::string number_payload(std::uint32_t number) {
    std::string payload(4, '\0');
    put_number(payload.data(), number);
    return payload;
}

std::optional<std::uint32_t> take_number(std::string_view& payload) {
    if (payload.size() < 4) return std::nullopt;
    const std::uint32_t number = number_at(payload.data());
    payload.remove_prefix(4);
    return number;
}

std::optional<Record> RecordReader::next() {
    if (at_ > file_.size() || file_.size() - at_ < kFrame) return std::nullopt;
    const char* frame = file_.data() + at_;
    const std::uint32_t size = number_at(frame);
    if (size > file_.size() - at_ - kFrame) return std::nullopt;
    const Record record{static_cast<RecordKind>(static_cast<unsigned char>(frame[8])),
                        file_.substr(at_ + kFrame, size)};
    if (number_at(frame + 4) != checksum(size, record.kind, record.payload, {})) return std::nullopt;
    at_ += kFrame + size;
    return record;
}

}  // namespace llmc::engine
