#define _GNU_SOURCE
#include "store_files.h"
#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

int roost_sync_file_system(int descriptor) { return syncfs(descriptor); }

void roost_await_no_writers(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    // A lease to read is given when nobody writes; see fcntl(2).
    for (int tries = 0; tries < 2000 && fcntl(file, F_SETLEASE, F_RDLCK) != 0 && errno == EAGAIN; tries++) {
        struct timespec pause = {.tv_nsec = 1000000};
        nanosleep(&pause, NULL);
    }
    close(file);
}
