#define _GNU_SOURCE
#include "machine_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine_keeper.h"

static int write_text(const char *folder, const char *name, const char *text) {
    char path[4200];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, text, strlen(text));
    int error = errno;
    close(file);
    errno = error;
    return written == (ssize_t)strlen(text) ? 0 : -1;
}

int roost_join_leaves(const char *const *leaves, unsigned count, pid_t process) {
    char number[16];
    snprintf(number, sizeof number, "%d", (int)process);
    for (unsigned index = 0; index < count; index++)
        if (write_text(leaves[index], "cgroup.procs", number) != 0) return -1;
    return 0;
}

void roost_kill_leaves(const char *const *leaves, unsigned count) {
    // Groups of the first version have no such file.
    for (unsigned index = 0; index < count; index++) (void)write_text(leaves[index], "cgroup.kill", "1");
}

// MARK: Descendants

struct entry {
    pid_t process, parent;
    int is_ours;
};

static pid_t parent_of(const char *name) {
    char path[300], text[512];
    snprintf(path, sizeof path, "/proc/%s/stat", name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    if (size <= 0) return -1;
    text[size] = 0;
    // The name, which may hold anything, ends with the last parenthesis; the state and the parent follow.
    char *place = strrchr(text, ')');
    int parent = -1;
    char state = 0;
    if (place == NULL || sscanf(place + 1, " %c %d", &state, &parent) != 2) return -1;
    return state == 'Z' ? -1 : parent;
}

// All processes; the list is the caller's to free.
static size_t list(struct entry **entries) {
    size_t count = 0, room = 0;
    *entries = NULL;
    DIR *folder = opendir("/proc");
    if (folder == NULL) return 0;
    for (struct dirent *item; (item = readdir(folder)) != NULL;) {
        pid_t process = atoi(item->d_name);
        pid_t parent = process > 0 ? parent_of(item->d_name) : -1;
        if (parent < 0) continue;
        if (count == room) {
            struct entry *more = realloc(*entries, (room = room * 2 + 256) * sizeof **entries);
            if (more == NULL) break;
            *entries = more;
        }
        (*entries)[count++] = (struct entry){process, parent, 0};
    }
    closedir(folder);
    return count;
}

// Marks those that descend from this process; their number.
static size_t mark(struct entry *entries, size_t count) {
    size_t ours = 0, before;
    pid_t self = getpid();
    do {
        before = ours;
        for (size_t index = 0; index < count; index++) {
            if (entries[index].is_ours) continue;
            int is_ours = entries[index].parent == self;
            for (size_t other = 0; !is_ours && other < count; other++)
                is_ours = entries[other].is_ours && entries[other].process == entries[index].parent;
            if (!is_ours) continue;
            entries[index].is_ours = 1;
            ours++;
        }
    } while (ours != before);
    return ours;
}

static size_t signal_descendants(int number) {
    struct entry *entries;
    size_t count = list(&entries);
    size_t ours = mark(entries, count);
    for (size_t index = 0; index < count; index++)
        if (entries[index].is_ours) kill(entries[index].process, number);
    free(entries);
    return ours;
}

void roost_kill_descendants(void) {
    for (;;) {
        // Stopped ones start no others, so that none can be missed.
        size_t before = 0, now = signal_descendants(SIGSTOP);
        for (int turn = 0; turn < 32 && now != before; turn++) {
            before = now;
            now = signal_descendants(SIGSTOP);
        }
        signal_descendants(SIGKILL);
        pid_t ended = waitpid(-1, NULL, 0);
        if (ended < 0 && errno == ECHILD) return;
        while (waitpid(-1, NULL, WNOHANG) > 0) {}
    }
}

// MARK: Users

int roost_map_same(pid_t process) {
    char folder[32];
    snprintf(folder, sizeof folder, "/proc/%d", (int)process);
    if (write_text(folder, "uid_map", "0 0 4294967295") != 0) return errno;
    return write_text(folder, "gid_map", "0 0 4294967295") == 0 ? 0 : errno;
}

int roost_map_ranges(const char *program, pid_t process, unsigned own, unsigned from, unsigned count) {
    char texts[4][16];
    snprintf(texts[0], sizeof texts[0], "%d", (int)process);
    snprintf(texts[1], sizeof texts[1], "%u", own);
    snprintf(texts[2], sizeof texts[2], "%u", from);
    snprintf(texts[3], sizeof texts[3], "%u", count);
    int status = 0;
    pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) {
        execl(program, program, texts[0], "0", texts[1], "1", "1", texts[2], texts[3], (char *)NULL);
        _exit(127);
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return errno;
    return status == 0 ? 0 : EPERM;
}

// MARK: Files

static int remove_entry(int folder, const char *name, int depth) {
    struct stat status;
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT) return 0;
    int error = errno;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return errno == ENOENT ? 0 : errno;
    if (!S_ISDIR(status.st_mode)) return error;
    if (depth > 4000) return ELOOP;
    // The owner may have taken the rights to its own folder away.
    if ((status.st_mode & S_IRWXU) != S_IRWXU) (void)fchmodat(folder, name, status.st_mode | S_IRWXU, 0);
    int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (inner < 0) return errno;
    DIR *list = fdopendir(inner);
    if (list == NULL) {
        close(inner);
        return errno;
    }
    error = 0;
    for (struct dirent *item; (item = readdir(list)) != NULL;) {
        if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0) continue;
        int failure = remove_entry(inner, item->d_name, depth + 1);
        if (error == 0) error = failure;
    }
    closedir(list);
    if (error != 0) return error;
    return unlinkat(folder, name, AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : errno;
}

int roost_remove_tree(const char *path) { return remove_entry(AT_FDCWD, path, 0); }
