#include "gui/keyboard.h"

#include <utility>

#include "gui/shortcuts_file.h"

namespace llmc::gui {

Keyboard::Keyboard(Background& background, Notices& notices, std::filesystem::path file)
    : background_(background), notices_(notices), file_(std::move(file)) {}

void Keyboard::read() {
    background_.run([this, file = file_] {
        return Background::Finish([this, read = load_shortcuts(file)] {
            std::string trouble = read ? std::string() : read.error().message;
            if (read) shortcuts_ = *read;
            if (trouble != trouble_ && !trouble.empty()) notices_.complain(trouble + " The keys stay as they are.");
            trouble_ = std::move(trouble);
        });
    });
}

void Keyboard::edit(std::function<void(const std::filesystem::path&)> open) {
    background_.run([this, file = file_, shortcuts = shortcuts_, open = std::move(open)] {
        return Background::Finish([this, file, made = make_shortcuts_file(file, shortcuts), open] {
            if (made)
                open(file);
            else
                notices_.complain(made.error().message);
        });
    });
}

}  // namespace llmc::gui
