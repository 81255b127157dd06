#ifndef ROOST_AGENT_LISTENER_H
#define ROOST_AGENT_LISTENER_H

#include <sys/types.h>

/// Removes all variables of the environment whose name begins with a prefix, and overwrites their values in memory first.
void roost_forget_environment(const char *prefix);

/// Ignores broken pipes, and keeps SIGINT, SIGTERM and SIGHUP for `roost_next_signal` instead of ending the process.
void roost_hold_back_signals(void);

/// Lets the calling thread do nothing for ever but take signals, also those that the process that started this one had blocked.
_Noreturn void roost_rest(void);

// Lets two files or folders of one file system change places in one step. Returns 0 or an error number.
int roost_exchange(const char *one, const char *other);

/// Waits for one of the signals that are held back; its number.
int roost_next_signal(void);

/// Opens a watch for changes of folders, which does not block; -1 with errno set.
int roost_watch_open(void);

/// Adds a folder to a watch; its number in the events, or -1 with errno set.
int roost_watch_folder(int watch, const char *folder);

/// Whether events were lost, or the watched folder itself has gone.
int roost_watch_is_stale(unsigned int mask);

/// Starts a program as leader of a new session, with a pipe to its standard input and one from its two outputs.
///
/// The end of the input pipe that is given back does not block, nor does that of the output pipe. Returns 0, or an error number.
int roost_spawn_piped(const char *path, char *const argv[], char *const envp[], const char *directory, int *input,
                      int *output, pid_t *pid);

/// Takes an exclusive lock of an open file without waiting; 0, or an error number (EWOULDBLOCK: another process has it).
int roost_lock_file(int descriptor);

/// Switches the echo and the line editing of a terminal off, or back on; 0, or an error number.
int roost_terminal_raw(int descriptor, int raw);

#endif
