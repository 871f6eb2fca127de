# POSIX threads, part of the system.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
