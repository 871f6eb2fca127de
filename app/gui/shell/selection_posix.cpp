#include <dlfcn.h>

#include "gui/shell/selection.h"

namespace llmc::gui {
namespace {

// By name: a GLFW for Wayland alone lacks these, and their header would bring in Xlib's macros.
template <class Function>
Function glfw_function(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_DEFAULT, name));
}

}  // namespace

void offer_selection(const std::string& text) {
    if (const auto set = glfw_function<void (*)(const char*)>("glfwSetX11SelectionString")) set(text.c_str());
}

std::string selection() {
    const auto get = glfw_function<const char* (*)()>("glfwGetX11SelectionString");
    const char* text = get ? get() : nullptr;
    return text ? text : "";
}

}  // namespace llmc::gui
