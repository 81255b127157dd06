#ifndef ROOST_AGENT_TEMPLATE_H
#define ROOST_AGENT_TEMPLATE_H

#include <sys/types.h>

/// Starts a program as leader of a new session whose standard input is one end of a socket for `roost_template_copy`.
///
/// Its outputs go to /dev/null. Returns 0, or an error number.
int roost_template_start(const char *path, char *const argv[], char *const envp[], const char *directory, int *control,
                         pid_t *pid);

/// Asks a template for a copy of itself, with a pipe to its standard input and one from its two outputs.
///
/// The ends that are given back do not block. When this process is a subreaper the copy is its child. Returns 0, or an error number; ETIMEDOUT
/// when the template did not answer in time, after which it must be ended.
int roost_template_copy(int control, int patience_in_milliseconds, int *input, int *output, pid_t *pid);

/// In a template: makes copies as they are asked for on the socket at descriptor 0.
///
/// The process must have one thread only, or it serves nothing. Returns 1 in each copy, whose standard streams are the pipes, and 0 in the template when the other end
/// is gone.
int roost_template_serve(void);

#endif
