#ifndef ROOST_AGENT_SPAWN_H
#define ROOST_AGENT_SPAWN_H

#include <sys/types.h>

/// A pipe to a child and one from it: the parent's ends, which do not block, and the child's.
struct roost_pipes {
    int input, output;
    int child_input, child_output;
};

/// Makes both pipes; 0, or an error number.
int roost_pipe_pair(struct roost_pipes *pipes);

/// Closes the child's ends once it has them, and the parent's too when `error` says that it has not; gives `error` back.
int roost_pipe_pair_given(struct roost_pipes *pipes, int error);

/// Starts a program as leader of a new session with default signals and no other descriptors; 0, or an error number.
///
/// An `input` below 0 stands for /dev/null; `output` and `errors` may be the same; a NULL `directory` is the present one.
int roost_spawn_session(const char *path, char *const argv[], char *const envp[], const char *directory, int input,
                        int output, int errors, pid_t *pid);

#endif
