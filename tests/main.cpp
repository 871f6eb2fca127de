// The main() of every test program.
#define DOCTEST_CONFIG_IMPLEMENT
#include <csignal>

#include <doctest/doctest.h>

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // as app/main.cpp does
    return doctest::Context(argc, argv).run();
}
