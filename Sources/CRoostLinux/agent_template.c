#define _GNU_SOURCE
#include "agent_template.h"
#include "agent_spawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int roost_template_start(const char *path, char *const argv[], char *const envp[], const char *directory, int *control,
                         pid_t *pid) {
    int ends[2];
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0) return errno;
    int error = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0 ? 0 : errno;
    if (error == 0) {
        error = roost_spawn_session(path, argv, envp, directory, ends[1], nowhere, nowhere, pid);
        close(ends[1]);
        if (error != 0) close(ends[0]);
    }
    close(nowhere);
    if (error == 0) *control = ends[0];
    return error;
}

// What a template answers: a process, or why there is none.
struct answer {
    int error;
    pid_t pid;
};

static int send_descriptors(int control, int input, int output) {
    char byte = 0;
    struct iovec part = {.iov_base = &byte, .iov_len = 1};
    union {
        char bytes[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } space;
    memset(&space, 0, sizeof space);
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = space.bytes, .msg_controllen = sizeof space.bytes};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(2 * sizeof(int));
    int pair[2] = {input, output};
    memcpy(CMSG_DATA(head), pair, sizeof pair);
    ssize_t count;
    do count = sendmsg(control, &message, MSG_NOSIGNAL);
    while (count < 0 && errno == EINTR);
    return count < 0 ? errno : 0;
}

static int receive_answer(int control, int patience, struct answer *answer) {
    struct pollfd wanted = {.fd = control, .events = POLLIN};
    int ready;
    do ready = poll(&wanted, 1, patience);
    while (ready < 0 && errno == EINTR);
    if (ready <= 0) return ready < 0 ? errno : ETIMEDOUT;
    ssize_t count;
    do count = recv(control, answer, sizeof *answer, 0);
    while (count < 0 && errno == EINTR);
    if (count < 0) return errno;
    return count == sizeof *answer ? answer->error : EPIPE;
}

int roost_template_copy(int control, int patience_in_milliseconds, int *input, int *output, pid_t *pid) {
    struct roost_pipes pipes;
    struct answer answer = {0, 0};
    int error = roost_pipe_pair(&pipes);
    if (error != 0) return error;
    error = send_descriptors(control, pipes.child_input, pipes.child_output);
    if (error == 0) error = receive_answer(control, patience_in_milliseconds, &answer);
    error = roost_pipe_pair_given(&pipes, error);
    if (error != 0) return error;
    *input = pipes.input;
    *output = pipes.output;
    *pid = answer.pid;
    return 0;
}

// The two descriptors of a request; -1 at the end of the requests.
static int receive_descriptors(int pair[2]) {
    for (;;) {
        char byte;
        struct iovec part = {.iov_base = &byte, .iov_len = 1};
        union {
            char bytes[CMSG_SPACE(2 * sizeof(int))];
            struct cmsghdr align;
        } space;
        struct msghdr message = {
            .msg_iov = &part, .msg_iovlen = 1, .msg_control = space.bytes, .msg_controllen = sizeof space.bytes};
        ssize_t count = recvmsg(0, &message, MSG_CMSG_CLOEXEC);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return -1;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        if (head == NULL || head->cmsg_type != SCM_RIGHTS || head->cmsg_len != CMSG_LEN(2 * sizeof(int))) continue;
        memcpy(pair, CMSG_DATA(head), 2 * sizeof(int));
        return 0;
    }
}

// In the copy: only the two pipes are left of what was open.
static void become_worker(const int pair[2]) {
    setsid();
    dup2(pair[0], 0);
    dup2(pair[1], 1);
    dup2(pair[1], 2);
    close_range(3, ~0U, 0);
}

// A copy has the calling thread only: what other threads hold or wait for would stay so for ever in it.
static int has_one_thread(void) {
    int count = 0;
    DIR *threads = opendir("/proc/self/task");
    if (threads == NULL) return 0;
    for (struct dirent *entry = readdir(threads); entry != NULL; entry = readdir(threads)) count += entry->d_name[0] != '.';
    closedir(threads);
    return count == 1;
}

int roost_template_serve(void) {
    int pair[2];
    if (!has_one_thread()) return 0;
    while (receive_descriptors(pair) == 0) {
        struct answer answer = {0, 0};
        int told[2];
        pid_t middle = -1;
        if (pipe2(told, O_CLOEXEC) == 0) {
            // The copy is made by a process that ends at once, so that it falls to the subreaper and is not a child of this one.
            middle = fork();
            if (middle == 0) {
                pid_t copy = fork();
                if (copy == 0) {
                    become_worker(pair);
                    return 1;
                }
                answer.error = copy < 0 ? errno : 0;
                answer.pid = copy;
                _exit(write(told[1], &answer, sizeof answer) == sizeof answer ? 0 : 1);
            }
            answer.error = middle < 0 ? errno : 0;
            close(told[1]);
            if (middle > 0) {
                // Only after its end is the copy where it belongs.
                while (waitpid(middle, NULL, 0) < 0 && errno == EINTR) {
                }
                if (read(told[0], &answer, sizeof answer) != sizeof answer) answer.error = EAGAIN;
            }
            close(told[0]);
        } else {
            answer.error = errno;
        }
        close(pair[0]);
        close(pair[1]);
        while (send(0, &answer, sizeof answer, MSG_NOSIGNAL) < 0 && errno == EINTR) {
        }
    }
    return 0;
}
