#define _GNU_SOURCE
#include "machine_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// Locks of open files, unlike those of flock(2), can be asked for without being taken.
int roost_machine_lock(const char *path) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return -1;
    if (fcntl(file, F_OFD_SETLK, &lock) == 0) return file;
    int error = errno == EACCES ? EAGAIN : errno;
    close(file);
    errno = error;
    return -1;
}

void roost_machine_unlock(int file) {
    struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    (void)fcntl(file, F_OFD_SETLK, &lock);
    close(file);
}

int roost_machine_is_locked(const char *path) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return 0;
    int is_locked = fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    close(file);
    return is_locked;
}

int roost_keeper_connect(const char *folder) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int place = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int end = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // Addresses of sockets are short; folders need not be.
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/control", place);
    if (place < 0 || end < 0 || connect(end, (struct sockaddr *)&address, sizeof address) != 0) {
        int error = errno;
        if (end >= 0) close(end);
        if (place >= 0) close(place);
        errno = error;
        return -1;
    }
    close(place);
    return end;
}

int roost_nursery_order(int nursery, const void *bytes, size_t size, int answer, int input) {
    struct iovec part = {(void *)bytes, size};
    int descriptors[] = {answer, input};
    union {
        char bytes[CMSG_SPACE(sizeof descriptors)];
        struct cmsghdr head;
    } extra;
    memset(&extra, 0, sizeof extra);
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = extra.bytes,
                             .msg_controllen = sizeof extra.bytes};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof descriptors);
    memcpy(CMSG_DATA(head), descriptors, sizeof descriptors);
    ssize_t sent;
    do sent = sendmsg(nursery, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? errno : 0;
}

int roost_nursery_start(const char *program, const char *argument, int *socket, pid_t *pid) {
    int ends[2], room = 1 << 20;
    sigset_t none, all;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char *words[] = {(char *)program, (char *)argument, NULL}, *nothing[] = {NULL};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return errno;
    (void)setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawn_file_actions_adddup2(&actions, ends[1], 0);
    if (error == 0) error = posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, 1, 2);
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (error == 0) error = posix_spawn(pid, program, &actions, &attributes, words, nothing);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(ends[1]);
    if (error != 0) close(ends[0]);
    else *socket = ends[0];
    return error;
}

int roost_pipe_holding(const void *bytes, size_t size) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    // More than a pipe holds would wait for a reader for ever.
    ssize_t written = write(ends[1], bytes, size);
    int error = written == (ssize_t)size ? 0 : written < 0 ? errno : E2BIG;
    close(ends[1]);
    if (error == 0) {
        (void)fcntl(ends[0], F_SETFL, 0);
        return ends[0];
    }
    close(ends[0]);
    errno = error;
    return -1;
}

int roost_watch_make(void) { return epoll_create1(EPOLL_CLOEXEC); }

void roost_watch_add(int watch, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.fd = descriptor};
    (void)epoll_ctl(watch, EPOLL_CTL_ADD, descriptor, &event);
}

void roost_watch_remove(int watch, int descriptor) { (void)epoll_ctl(watch, EPOLL_CTL_DEL, descriptor, NULL); }

int roost_watch_next(int watch) {
    struct epoll_event event;
    int count;
    do count = epoll_wait(watch, &event, 1, -1);
    while (count < 0 && errno == EINTR);
    return count == 1 ? event.data.fd : -1;
}
