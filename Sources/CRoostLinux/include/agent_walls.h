#ifndef ROOST_AGENT_WALLS_H
#define ROOST_AGENT_WALLS_H

#include <stddef.h>
#include <sys/types.h>

/// The namespaces of a job, and the process that keeps them: the first of its process namespace.
struct roost_walls {
    int ipc, process, mount;
    /// Its end is the end of the keeper, and so of everything inside.
    int control;
    pid_t keeper;
};

/// What happens to a path inside.
enum roost_wall_kind {
    /// An empty folder that cannot be written stands in its place.
    ROOST_WALL_HIDE,
    /// The same; nothing will be shown below it, so all of them are one folder.
    ROOST_WALL_COVER,
    /// An empty folder of memory stands in its place.
    ROOST_WALL_EMPTY,
    /// A file or folder of the machine stands there.
    ROOST_WALL_SHOW,
    /// The same, and it cannot be written through it.
    ROOST_WALL_SHOW_READ_ONLY,
    /// A folder of memory with copies of its files, which belong to this user.
    ROOST_WALL_OWN,
};

struct roost_wall {
    enum roost_wall_kind kind;
    const char *path;
    /// What is shown; it is looked up before anything is hidden.
    const char *source;
};

/// Moves this process, which must have one thread, into namespaces for users and mounts, and starts a keeper of those for a job.
///
/// The job's are for mounts, processes and IPC, with a /proc and a /dev/shm of their own. The keeper is a copy of this process that does nothing but keep them.
/// Gives 0, or an error number and in `what` the step that failed.
int roost_walls_raise(struct roost_walls *walls, const char **what);

/// Tries in a process of its own whether walls can be raised and arranged here; 0, or as `roost_walls_raise`.
int roost_walls_try(const char **what);

/// Whether anything lives inside that lost its parent; 1 when that cannot be told.
int roost_walls_have_orphans(const struct roost_walls *walls);

/// Changes what the job sees, or with `inside` 0 what this process sees, in order.
///
/// Gives 0, or an error number and in `failed` the index of the part that failed.
int roost_walls_change(const struct roost_walls *walls, int inside, const struct roost_wall *parts, size_t count,
                       size_t *failed);

/// As `roost_spawn`, inside; the program cannot gain rights, and no keyring of the kernel can be used.
int roost_walls_spawn(const struct roost_walls *walls, const char *path, char *const argv[], char *const envp[],
                      const char *directory, int output, int errors, pid_t *pid);

/// Ends everything inside: closes the descriptors; the keeper must be waited for.
void roost_walls_drop(struct roost_walls *walls);

/// Keeps other processes of the same user from reading this one's memory and environment.
void roost_hide_memory(void);

#endif
