#include "gui/file_dialog.h"

#include <algorithm>
#include <array>
#include <thread>

#include <portable_file_dialogs.h>

#include "base/mutex.h"
#include "gui/platform.h"

namespace llmc::gui {
namespace {

// How late the end of a dialog may be seen, and how long the destructor waits at most.
constexpr int kPollMs = 50;

std::vector<std::string> filters_of(const std::vector<FileDialog::Filter>& filters) {
    std::vector<std::string> list;
    for (const auto& filter : filters) {
        list.push_back(filter.name);
        list.push_back(filter.patterns);
    }
    list.insert(list.end(), {"All files", "*"});
    return list;
}

// Nothing where `stop` came first; the dialog's program is ended then.
template <class Dialog>
bool wait_for(Dialog& dialog, const std::stop_token& stop) {
    while (!dialog.ready(kPollMs)) {
        if (stop.stop_requested()) {
            dialog.kill();
            return false;
        }
    }
    return true;
}

std::vector<std::string> ask(const FileDialog::Request& request, const std::stop_token& stop) {
    using Purpose = FileDialog::Purpose;
    const std::string start = request.start.string();
    switch (request.purpose) {
        case Purpose::open:
        case Purpose::open_many: {
            pfd::open_file dialog(request.title, start, filters_of(request.filters),
                                  request.purpose == Purpose::open_many ? pfd::opt::multiselect : pfd::opt::none);
            return wait_for(dialog, stop) ? dialog.result() : std::vector<std::string>{};
        }
        case Purpose::save: {
            pfd::save_file dialog(request.title, start, filters_of(request.filters));
            return wait_for(dialog, stop) ? std::vector{dialog.result()} : std::vector<std::string>{};
        }
        case Purpose::folder: {
            pfd::select_folder dialog(request.title, start);
            return wait_for(dialog, stop) ? std::vector{dialog.result()} : std::vector<std::string>{};
        }
    }
    return {};
}

}  // namespace

struct FileDialog::Impl {
    std::function<void()> wake;
    base::Mutex mutex;
    bool is_open LLMC_GUARDED_BY(mutex) = false;
    std::optional<std::vector<std::filesystem::path>> chosen LLMC_GUARDED_BY(mutex);
    std::jthread thread;  // the last member: it uses the others
};

FileDialog::FileDialog(std::function<void()> wake) : impl_(std::make_unique<Impl>()) {
    impl_->wake = std::move(wake);
}

FileDialog::~FileDialog() = default;

bool FileDialog::is_available() {
    constexpr std::array kPrograms{"zenity", "kdialog", "matedialog", "qarma"};
    return std::any_of(kPrograms.begin(), kPrograms.end(), has_program);
}

bool FileDialog::open(Request request) {
    {
        const base::Lock lock(impl_->mutex);
        if (impl_->is_open || impl_->chosen || !is_available()) return false;
        impl_->is_open = true;
    }
    impl_->thread = std::jthread([impl = impl_.get(), request = std::move(request)](const std::stop_token& stop) {
        std::vector<std::filesystem::path> chosen;
        for (auto& name : ask(request, stop)) {
            if (!name.empty()) chosen.emplace_back(std::move(name));
        }
        if (stop.stop_requested()) return;
        {
            const base::Lock lock(impl->mutex);
            impl->chosen = std::move(chosen);
            impl->is_open = false;
        }
        impl->wake();
    });
    return true;
}

bool FileDialog::is_open() const {
    const base::Lock lock(impl_->mutex);
    return impl_->is_open;
}

std::optional<std::vector<std::filesystem::path>> FileDialog::take() {
    const base::Lock lock(impl_->mutex);
    return std::exchange(impl_->chosen, std::nullopt);
}

}  // namespace llmc::gui
