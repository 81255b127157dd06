#ifndef ROOST_IMAGE_SANDBOX_H
#define ROOST_IMAGE_SANDBOX_H

#include <stddef.h>
#include <sys/types.h>

/// A file or folder of the machine that is seen inside.
struct roost_sandbox_mount {
    const char *source;
    const char *target;
    int read_only;
};

/// A folder of the machine, with one of the sandbox's own over it that takes what is written.
struct roost_sandbox_cover {
    /// Of an overlay.
    const char *options;
    /// A folder of the root file system, as it is found before it becomes the root.
    const char *target;
};

/// What a sandbox is.
struct roost_sandbox_plan {
    /// Whether it has users of its own; `roost_sandbox_start` then gives a process whose numbers have to be mapped. 2 says that its root has the number of the
    /// machine's: files of the kernel ask for that number and not for rights.
    int own_users;
    /// Whether it sees the machine's network.
    int host_network;
    /// Where it begins; other paths may be relative to it.
    const char *folder;
    /// Options of an overlay, or NULL for none.
    const char *overlay;
    /// Where the overlay is put.
    const char *root;
    /// Whether its files stay those of the machine; else `root` becomes its root.
    int sees_machine;
    const char *host_name;
    /// A file that is shown as /etc/resolv.conf, or NULL.
    const char *resolver;
    const struct roost_sandbox_cover *covers;
    size_t cover_count;
    const struct roost_sandbox_mount *mounts;
    size_t mount_count;
};

/// Makes the first process of a sandbox, which waits for `roost_sandbox_begin`; 0, or an error number.
///
/// It ends, and everything in the sandbox with it, when the other end of `control` is closed, in whatever way.
int roost_sandbox_start(const struct roost_sandbox_plan *plan, int *control, pid_t *pid);

/// Makes the user of this process the only one there is in a sandbox, as its root; 0, or an error number.
int roost_sandbox_map_alone(pid_t pid);

/// Arranges a sandbox; 0, or an error number and in `step` what failed.
int roost_sandbox_begin(int control, const char **step);

/// What is asked of a sandbox.
enum roost_sandbox_request_kind {
    ROOST_SANDBOX_RUN,
    ROOST_SANDBOX_OPEN,
    ROOST_SANDBOX_FOLDER,
    ROOST_SANDBOX_REMOVE,
    ROOST_SANDBOX_SIGNAL,
    /// Listens on the port in `flags`, of IPv4 or IPv6 as `mode` says with 4 or 6; the text is an address that the sandbox gets besides its own, or empty.
    ROOST_SANDBOX_LISTEN,
};

/// A flag of a program that is run: it and what it starts may not use calls of the kernel that are not kept apart for each sandbox.
enum { ROOST_SANDBOX_GUARDED = 1 };

struct roost_sandbox_request {
    enum roost_sandbox_request_kind kind;
    /// Of open(2), a signal for all processes, a port, or of a program.
    int flags;
    unsigned mode, user, group;
    /// Texts that follow one another, each with its zero: for a program its folder, path and `arguments`, and variables; else a path.
    unsigned arguments, variables;
    /// Numbers of further groups, before the texts.
    unsigned groups;
};

struct roost_sandbox_answer {
    /// 1 tells of the end of the program that was run, in `value` as waitpid(2) does; 0 answers a request.
    int is_end;
    int error;
    int value;
};

/// Sends a request with the descriptors that go with it; 0, or an error number.
int roost_sandbox_send(int control, const struct roost_sandbox_request *request, const void *texts, size_t size,
                       const int *descriptors, size_t count);

/// Waits for an answer; `descriptor` is what it opened, or -1. Returns 0, or an error number; EPIPE when the sandbox has ended.
int roost_sandbox_receive(int control, struct roost_sandbox_answer *answer, int *descriptor);

/// Waits for the end of the first process.
void roost_sandbox_wait(pid_t pid);

#endif
