#ifndef ROOST_AGENT_PROCESS_H
#define ROOST_AGENT_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/// Makes orphans of this process's descendants its own children; 0, or an error number.
int roost_become_subreaper(void);

/// Whether this process has any child, ended ones that were not waited for included.
int roost_has_children(void);

/// Opens a descriptor that becomes readable when the process ends; -1 with errno set when there is none.
int roost_pidfd_open(pid_t pid);

/// Sends a signal through a descriptor of `roost_pidfd_open`; 0, or an error number.
int roost_pidfd_signal(int pidfd, int signal);

/// Makes an event counter that never blocks and is closed on exec; -1 with errno set.
int roost_eventfd(void);

/// Makes a pipe closed on exec whose buffer has about the wished size; 0, or an error number.
int roost_pipe(int *read_end, int *write_end, int size);

/// Starts a program as leader of a new session with default signals.
///
/// Standard input is /dev/null; standard output is `output`, standard error is `errors`, which may be the same; no other descriptor is inherited.
/// Returns 0, or an error number of posix_spawn(3).
int roost_spawn(const char *path, char *const argv[], char *const envp[], const char *directory, int output, int errors,
                pid_t *pid);

/// Waits for a child that has ended; returns its pid, 0 when it has not ended, -1 with errno set.
///
/// `exited` tells whether it ended by itself; `code` is then its exit status, else the signal that ended it.
pid_t roost_reap(pid_t pid, int *exited, int *code);

#endif
