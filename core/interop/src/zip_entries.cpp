#include "zip_entries.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <zip.h>

#include "base/utf8.h"
#include "interop/import.h"

namespace llmc::interop {
namespace {

using Archive = std::unique_ptr<zip_t, decltype([](zip_t* archive) { zip_discard(archive); })>;
using OpenEntry = std::unique_ptr<zip_file_t, decltype([](zip_file_t* entry) { zip_fclose(entry); })>;

// Absolute as this system or another has it, or with a part "..".
bool leads_out(std::string_view name) {
    if (name.empty() || name.front() == '/' || name.front() == '\\') return true;
    if (name.size() > 1 && name[1] == ':') return true;
    while (true) {
        const auto end = name.find_first_of("/\\");
        if (name.substr(0, end) == "..") return true;
        if (end == std::string_view::npos) return false;
        name.remove_prefix(end + 1);
    }
}

class ZipReader {
public:
    ZipReader(std::string_view file, std::string_view wanted) : file_(file), wanted_(wanted) {}

    Result<std::vector<ZipEntry>> read(std::string_view bytes) {
        zip_error_t error;
        zip_error_init(&error);
        zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
        const Archive archive(source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr);
        if (!archive) {
            Error why = wrong("", fmt::format("is no archive that can be read: {}", zip_error_strerror(&error)));
            if (source) zip_source_free(source);
            zip_error_fini(&error);
            return why;
        }
        const auto count = static_cast<std::uint64_t>(std::max<zip_int64_t>(zip_get_num_entries(archive.get(), 0), 0));
        if (count > kMaxZipEntries)
            return Error{ErrorKind::limit,
                         fmt::format("{}: {} entries are more than {}", file_, count, kMaxZipEntries)};
        for (std::uint64_t i = 0; i < count; ++i)
            if (auto looked = look_at(*archive, i); !looked) return looked.error();
        for (const Wanted& one : found_)
            if (auto unpacked = unpack(*archive, one); !unpacked) return unpacked.error();
        return std::move(entries_);
    }

private:
    struct Wanted {
        std::uint64_t index;  // in the archive
        std::size_t entry;    // in `entries_`
        std::uint64_t size;
    };

    Error wrong(std::string_view entry, std::string_view what, ErrorKind kind = ErrorKind::parse) const {
        const std::string at = entry.empty() ? std::string(file_) : fmt::format("{}: {}", file_, entry);
        return {kind, base::for_terminal_line(fmt::format("{}: {}", at, what))};
    }

    // Before anything is unpacked: what all entries say of themselves.
    Result<void> look_at(zip_t& archive, std::uint64_t index) {
        zip_stat_t stat;
        zip_stat_init(&stat);
        if (zip_stat_index(&archive, index, 0, &stat) != 0 || !(stat.valid & ZIP_STAT_NAME) ||
            !(stat.valid & ZIP_STAT_SIZE))
            return wrong("", zip_strerror(&archive));
        const std::string name = base::to_valid_utf8(stat.name);
        if (leads_out(name)) return wrong(name, "leads out of the archive");
        unpacked_ += std::min<std::uint64_t>(stat.size, kMaxUnpacked + 1);
        if (unpacked_ > kMaxUnpacked)
            return wrong(name, fmt::format("the archive unpacks to more than {} MiB", kMaxUnpacked >> 20),
                         ErrorKind::limit);
        if (name.ends_with('/')) return {};
        const std::string_view last = std::string_view(name).substr(name.find_last_of("/\\") + 1);
        const bool is_wanted = last.ends_with(wanted_);
        if (is_wanted) {
            if ((stat.valid & ZIP_STAT_COMP_METHOD) && stat.comp_method != ZIP_CM_STORE &&
                stat.comp_method != ZIP_CM_DEFLATE)
                return wrong(name, "is packed by a method that is not read: only stored and deflated entries are");
            if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
                return wrong(name, "is encrypted");
            found_.push_back({index, entries_.size(), stat.size});
        }
        entries_.push_back({name, {}, is_wanted});
        return {};
    }

    Result<void> unpack(zip_t& archive, const Wanted& wanted) {
        ZipEntry& entry = entries_[wanted.entry];
        const OpenEntry open(zip_fopen_index(&archive, wanted.index, 0));
        if (!open) return wrong(entry.name, zip_strerror(&archive));
        entry.bytes.resize(wanted.size);
        std::size_t done = 0;
        while (done < entry.bytes.size()) {
            const auto read = zip_fread(open.get(), entry.bytes.data() + done, entry.bytes.size() - done);
            if (read < 0) return wrong(entry.name, fmt::format("is damaged: {}", zip_file_strerror(open.get())));
            if (read == 0) return wrong(entry.name, "is damaged: it is shorter than the archive says");
            done += static_cast<std::size_t>(read);
        }
        char more = 0;  // the end is where the checksum is looked at
        if (zip_fread(open.get(), &more, 1) != 0)
            return wrong(entry.name, "is damaged: it is not what the archive says it is");
        return {};
    }

    std::string_view file_, wanted_;
    std::vector<ZipEntry> entries_;
    std::vector<Wanted> found_;
    std::uint64_t unpacked_ = 0;
};

}  // namespace

bool is_zip(std::string_view bytes) {
    return bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06");
}

Result<std::vector<ZipEntry>> zip_entries(std::string_view bytes, std::string_view file, std::string_view wanted) {
    return ZipReader(file, wanted).read(bytes);
}

}  // namespace llmc::interop
