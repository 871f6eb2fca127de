// A journal without a disk.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "journal_feed.h"
#include "journal_format.h"

namespace llmc::test {

// A journal in memory: what its writer would have on the disk if the program were killed now.
class MemoryJournal {
public:
    void take(std::vector<engine::JournalItem> items) {
        for (engine::JournalItem& item : items) {
            switch (item.kind) {
                case engine::JournalItem::Kind::records: bytes_ += item.bytes; break;
                case engine::JournalItem::Kind::follow: growing_[item.stream_number] = {item.stream}; break;
                case engine::JournalItem::Kind::finish:
                    grow(item.stream_number);
                    growing_.erase(item.stream_number);
                    break;
            }
        }
    }
    std::string bytes() {
        for (const auto& [number, growing] : growing_) grow(number);
        return bytes_;
    }

private:
    struct Growing {
        std::shared_ptr<session::AnswerStream> stream;
        std::size_t text = 0, reasoning = 0, tool_calls = 0;
    };
    void grow(std::uint32_t number) {
        Growing& growing = growing_.at(number);
        const auto append = [&](engine::RecordKind kind, std::string_view all, std::size_t& written) {
            if (written < all.size()) engine::append_stream_record(bytes_, kind, number, all.substr(written));
            written = all.size();
        };
        append(engine::RecordKind::reasoning, growing.stream->reasoning(), growing.reasoning);
        append(engine::RecordKind::text, growing.stream->text(), growing.text);
        append(engine::RecordKind::tool_calls, growing.stream->tool_call_log(), growing.tool_calls);
    }

    std::string bytes_{engine::kJournalMark};
    std::map<std::uint32_t, Growing> growing_;
};

}  // namespace llmc::test
