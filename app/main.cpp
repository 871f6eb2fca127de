#include "cli/cli.h"

int main(int argc, char** argv) {
    return llmc::cli::run(argc, argv);
}
