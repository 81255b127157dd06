#define _GNU_SOURCE
#include "agent_listener.h"
#include "agent_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <termios.h>
#include <unistd.h>

extern char **environ;

void roost_forget_environment(const char *prefix) {
    size_t length = strlen(prefix);
    for (char **entry = environ; entry != NULL && *entry != NULL;) {
        char *equals = strchr(*entry, '=');
        if (strncmp(*entry, prefix, length) != 0 || equals == NULL) {
            entry++;
            continue;
        }
        char *name = strndup(*entry, (size_t)(equals - *entry));
        explicit_bzero(equals + 1, strlen(equals + 1));
        if (name == NULL || unsetenv(name) != 0) entry++;
        free(name);
    }
}

// A mask would not do: the main thread waits in sigsuspend with an empty one.
static int signal_pipe[2] = {-1, -1};

static void keep_signal(int number) {
    int error = errno;
    unsigned char byte = (unsigned char)number;
    while (write(signal_pipe[1], &byte, 1) < 0 && errno == EINTR) {
    }
    errno = error;
}

void roost_hold_back_signals(void) {
    struct sigaction action = {.sa_handler = keep_signal, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    signal(SIGPIPE, SIG_IGN);
    if (signal_pipe[0] >= 0 || pipe2(signal_pipe, O_CLOEXEC) != 0) return;
    // A full pipe loses a repeated signal, never the first one, and never blocks the thread that was interrupted.
    fcntl(signal_pipe[1], F_SETFL, O_NONBLOCK);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

int roost_next_signal(void) {
    unsigned char byte = 0;
    for (;;) {
        ssize_t count = read(signal_pipe[0], &byte, 1);
        if (count == 1) return byte;
        if (count < 0 && errno == EINTR) continue;
        pause();
    }
}

void roost_rest(void) {
    sigset_t none;
    sigemptyset(&none);
    for (;;) sigsuspend(&none);
}

int roost_watch_open(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }

int roost_watch_folder(int watch, const char *folder) {
    return inotify_add_watch(watch, folder,
                             IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ATTRIB |
                                 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
}

int roost_watch_is_stale(unsigned int mask) {
    return (mask & (IN_Q_OVERFLOW | IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)) != 0;
}

int roost_pipe_pair(struct roost_pipes *pipes) {
    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) != 0) return errno;
    if (pipe2(out, O_CLOEXEC) != 0) {
        int error = errno;
        close(in[0]);
        close(in[1]);
        return error;
    }
    // The kernel may refuse a larger buffer to an unprivileged user; the default then serves.
    (void)fcntl(in[1], F_SETPIPE_SZ, 1 << 20);
    (void)fcntl(in[1], F_SETFL, O_NONBLOCK);
    (void)fcntl(out[0], F_SETFL, O_NONBLOCK);
    *pipes = (struct roost_pipes){
        .input = in[1], .output = out[0], .child_input = in[0], .child_output = out[1]};
    return 0;
}

int roost_pipe_pair_given(struct roost_pipes *pipes, int error) {
    close(pipes->child_input);
    close(pipes->child_output);
    if (error == 0) return 0;
    close(pipes->input);
    close(pipes->output);
    return error;
}

int roost_spawn_piped(const char *path, char *const argv[], char *const envp[], const char *directory, int *input,
                      int *output, pid_t *pid) {
    struct roost_pipes pipes;
    int error = roost_pipe_pair(&pipes);
    if (error != 0) return error;
    error = roost_spawn_session(path, argv, envp, directory, pipes.child_input, pipes.child_output,
                                    pipes.child_output, pid);
    error = roost_pipe_pair_given(&pipes, error);
    if (error != 0) return error;
    *input = pipes.input;
    *output = pipes.output;
    return 0;
}

int roost_lock_file(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno; }

int roost_terminal_raw(int descriptor, int raw) {
    struct termios settings;
    if (tcgetattr(descriptor, &settings) != 0) return errno;
    if (raw)
        settings.c_lflag &= (tcflag_t) ~(ECHO | ICANON | ISIG);
    else
        settings.c_lflag |= ECHO | ICANON | ISIG;
    return tcsetattr(descriptor, TCSANOW, &settings) == 0 ? 0 : errno;
}

int roost_exchange(const char *one, const char *other) {
    return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) == 0 ? 0 : errno;
}
