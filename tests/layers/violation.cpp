// Must not compile: net knows nothing of the layers above it.
#include "openai/manifest.h"
int main() {}
