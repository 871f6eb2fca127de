#include "journal_writer.h"

#include <fmt/format.h>

#include "base/ids.h"
#include "base/utf8.h"
#include "journal_format.h"
#include "journal_name.h"

namespace llmc::engine {
namespace {

constexpr std::size_t kMaxTextRecord = std::size_t{1} << 20;

}  // namespace

void JournalTicket::set_done() {
    {
        const base::Lock lock(mutex_);
        is_done_ = true;
    }
    changed_.notify_all();
}

void JournalTicket::wait(const AnswerControl& control) {
    constexpr std::chrono::milliseconds kLook{20};  // a disk may take seconds: a stop is noticed so soon
    base::Lock lock(mutex_);
    while (!is_done_ && control.stop_reason() == StopReason::none) changed_.wait_for(lock, kLook);
}

JournalWriter::JournalWriter(std::filesystem::path path, std::function<void(Error)> on_error)
    : path_(std::move(path)),
      on_error_(std::move(on_error)),
      writing_([this](const std::stop_token& stop) { write_all(stop); }),
      syncing_([this](const std::stop_token& stop) { sync_all(stop); }) {}

JournalWriter::~JournalWriter() {
    for (std::jthread* thread : {&writing_, &syncing_}) {  // in this order: what was written last is synced, too
        thread->request_stop();
        thread->join();
    }
    if (is_removed_ && file_)
        if (const auto removed = file_->remove(); !removed) fail(removed.error());
}

std::shared_ptr<JournalTicket> JournalWriter::write(std::vector<JournalItem> items, OldJournal replaced) {
    auto ticket = std::make_shared<JournalTicket>();
    {
        const base::Lock lock(mutex_);
        inbox_.push_back({std::move(items), std::move(replaced), ticket});
    }
    changed_.notify_all();
    return ticket;
}

void JournalWriter::write_all(const std::stop_token& stop) {
    auto created = base::LockedFile::create(path_);
    if (created)
        file_ = std::move(*created);
    else
        fail(created.error());
    buffer_ = kJournalMark;

    auto next_text = std::chrono::steady_clock::now() + kTextEvery;
    for (bool is_last = false; !is_last;) {
        std::vector<Batch> batches;
        {
            base::Lock lock(mutex_);
            const auto has_news = [this] {
                mutex_.assert_held();
                return !inbox_.empty();
            };
            if (growing_.empty() || has_failed_)
                changed_.wait(lock, stop, has_news);
            else
                changed_.wait_until(lock, stop, next_text, has_news);
            batches = std::exchange(inbox_, {});
        }
        is_last = stop.stop_requested() && batches.empty();
        for (Batch& batch : batches)
            for (JournalItem& item : batch.items) take(item);
        if (const auto now = std::chrono::steady_clock::now(); now >= next_text || is_last) {
            for (auto& [number, growing] : growing_) append_growth(number, growing);
            next_text = now + kTextEvery;
        }
        flush();
        if (batches.empty()) continue;
        {
            const base::Lock lock(mutex_);
            for (Batch& batch : batches) unsynced_.push_back({std::move(batch.replaced), std::move(batch.ticket)});
        }
        wants_sync_.notify_all();
    }
}

void JournalWriter::sync_all(const std::stop_token& stop) {
    for (;;) {
        std::vector<Sync> syncs;
        {
            base::Lock lock(mutex_);
            const auto has_any = [this] {
                mutex_.assert_held();
                return !unsynced_.empty();
            };
            if (!wants_sync_.wait(lock, stop, has_any)) return;
            syncs = std::exchange(unsynced_, {});
        }
        if (!has_failed_)
            if (const auto synced = file_->sync(); !synced) fail(synced.error());
        for (Sync& sync : syncs) {
            if (!has_failed_) dismiss_journal(sync.replaced);
            sync.ticket->set_done();
        }
    }
}

void JournalWriter::take(JournalItem& item) {
    switch (item.kind) {
        case JournalItem::Kind::records: buffer_ += item.bytes; break;
        case JournalItem::Kind::follow: growing_[item.stream_number].stream = std::move(item.stream); break;
        case JournalItem::Kind::finish:
            if (const auto found = growing_.find(item.stream_number); found != growing_.end()) {
                append_growth(found->first, found->second);
                growing_.erase(found);
            }
            break;
    }
}

void JournalWriter::append_growth(std::uint32_t number, Growing& growing) {
    const auto append = [&](RecordKind kind, std::string_view all, std::size_t& written) {
        while (written < all.size()) {
            const std::string_view rest = all.substr(written);
            const std::string_view bytes = rest.substr(0, base::utf8_cut(rest, kMaxTextRecord));
            append_stream_record(buffer_, kind, number, bytes);
            written += bytes.size();
        }
    };
    append(RecordKind::reasoning, growing.stream->reasoning(), growing.reasoning);
    append(RecordKind::text, growing.stream->text(), growing.text);
    append(RecordKind::tool_calls, growing.stream->tool_call_log(), growing.tool_calls);
}

void JournalWriter::flush() {
    if (!has_failed_ && !buffer_.empty())
        if (const auto written = file_->append(buffer_); !written) fail(written.error());
    buffer_.clear();
}

void JournalWriter::fail(Error error) {
    if (!has_failed_.exchange(true)) on_error_(std::move(error));
}

std::filesystem::path new_journal_path(const std::filesystem::path& folder, base::WallTime now) {
    return folder / fmt::format("{}{}_{}{}", kJournalPrefix, base::file_stamp(now), base::random_id(8), kJournalSuffix);
}

}  // namespace llmc::engine
