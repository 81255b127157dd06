#ifndef ROOST_MACHINE_KEEPER_H
#define ROOST_MACHINE_KEEPER_H

#include <stddef.h>
#include <sys/types.h>

/// Who the users of a machine in a sandbox are outside.
enum roost_machine_users {
    /// The same numbers, with rights in the sandbox alone; needs root.
    ROOST_MACHINE_SAME,
    /// Ranges that newuidmap and newgidmap give.
    ROOST_MACHINE_MAPPED,
    /// Root of the sandbox, who is who makes it, is the only one.
    ROOST_MACHINE_ALONE,
};

/// What a keeper is asked to start. Texts follow, each with its zero:
///
/// the machine's folder; a file to hold a shared lock of, or ""; `leaves` folders of control groups; the folder where programs begin; the program; `arguments`;
/// `variables`; for a sandbox then the folder that paths of layers are relative to; options of the overlay; where it is put; the host name; a file shown as
/// /etc/resolv.conf, or ""; the address and the port of the server; an address that the sandbox has besides its own, or ""; for each of `covers` the options of
/// its overlay and where it is put; and for each of `mounts` where it is, where it is seen, and "r" or "w".
///
/// Descriptors go with it: where the answer goes, and the standard input of the program.
struct roost_machine_order {
    /// Of this structure, so that another version is noticed.
    unsigned size;
    int is_sandbox;
    enum roost_machine_users users;
    unsigned own_user, first_user, user_count, own_group, first_group, group_count;
    int host_network;
    /// Where the server is listened for inside; 0 for nowhere. `family` is 4 or 6.
    unsigned port, family;
    unsigned leaves, arguments, variables, covers, mounts;
};

/// What a keeper answers once, when the machine runs or cannot be started; its socket stays open until the machine has ended.
struct roost_machine_answer {
    /// 0, or an error number.
    int error;
    char step[124];
};

/// Makes keepers of machines, which outlive it, until the other end of its standard input is closed.
///
/// For a process that has one thread. Returns an exit code.
int roost_machine_nursery(void);

/// Starts a nursery: a program with one argument, an end of a socket as its standard input, and nothing else of this process; 0, or an error number.
int roost_nursery_start(const char *program, const char *argument, int *socket, pid_t *pid);

/// A pipe in which bytes wait, with its writing end closed; a descriptor, or -1 and errno.
int roost_pipe_holding(const void *bytes, size_t size);

/// Sends an order to a nursery; 0, or an error number.
int roost_nursery_order(int nursery, const void *bytes, size_t size, int answer, int input);

/// Connects to the keeper of the machine in a folder; a descriptor, or -1 and errno. What is sent "e" ends the machine, and its end closes the connection.
int roost_keeper_connect(const char *folder);

/// Something at which one thread waits for many descriptors; a descriptor, or -1 and errno.
int roost_watch_make(void);
/// Adds a descriptor that is waited for, or takes it away.
void roost_watch_add(int watch, int descriptor);
void roost_watch_remove(int watch, int descriptor);
/// Waits for one of them to be readable or ended, and gives it; -1 when that cannot be.
int roost_watch_next(int watch);

/// Locks a file, made if need be, for as long as the descriptor is open; a descriptor, or -1 and errno, EAGAIN when another has it.
int roost_machine_lock(const char *path);

/// Gives a lock back and closes its file. Closing alone is not enough: a process that is being started has the file open, too, until it runs its program.
void roost_machine_unlock(int file);

/// Whether somebody has the lock of a file; 0 when there is no such file. It does not touch the lock.
int roost_machine_is_locked(const char *path);

/// Gives a new user namespace the numbers of this one; 0, or an error number. It needs root.
int roost_map_same(pid_t process);

/// Removes a file, or a folder with all that is in it that this user may remove; 0, or the first error number.
int roost_remove_tree(const char *path);

#endif
