// In sanitizer builds only: libraries that the program closes stay loaded, so that a report about memory of theirs can name them
// (suppressions go by name; of a closed library only addresses are left). The OpenGL driver is closed with the window.
extern "C" int dlclose(void* library) noexcept;
extern "C" int dlclose(void* /*library*/) noexcept {
    return 0;
}
