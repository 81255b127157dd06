#define _GNU_SOURCE
#include "agent_walls.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Everything here that runs between a fork and an exec uses system calls alone: the process that was copied has other threads.

void roost_hide_memory(void) { prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

// MARK: The keeper

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return errno;
    size_t length = strlen(text);
    int error = write(file, text, length) == (ssize_t)length ? 0 : errno;
    close(file);
    return error;
}

static int write_map(const char *path, unsigned int id) {
    char text[40];
    snprintf(text, sizeof text, "%u %u 1\n", id, id);
    return write_file(path, text);
}

// What the keeper tells about its begin.
struct keeper_news {
    int error;
    const char *step;
};

static struct keeper_news failed(const char *step) { return (struct keeper_news){errno, step}; }

// The folders of the kernel that a job has to itself.
static struct keeper_news mount_own(void) {
    struct stat shm;
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return failed("separate its mounts");
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) return failed("mount a /proc");
    if (stat("/dev/shm", &shm) == 0 &&
        mount("shm", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=1777") != 0)
        return failed("mount a /dev/shm");
    return (struct keeper_news){0, ""};
}

static void drop_capabilities(void) {
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct none[2];
    memset(none, 0, sizeof none);
    (void)syscall(SYS_capset, &head, none);
}

// The first process of the namespace: its end ends all others, and what loses its parent is its child and collected by the kernel.
static void keep(int control) {
    char word;
    dup2(control, 3);
    close_range(4, ~0U, 0);
    for (int number = 0; number < 3; number++) close(number);
    signal(SIGCHLD, SIG_IGN);
    prctl(PR_SET_NAME, "roost-walls", 0, 0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
    setsid();
    (void)!chdir("/");
    struct keeper_news news = mount_own();
    if (write(3, &news, sizeof news) != sizeof news || news.error != 0) _exit(1);
    // The other side has opened the namespaces when it answers; from then on nobody can look into this process.
    if (read(3, &word, 1) != 1) _exit(0);
    roost_hide_memory();
    drop_capabilities();
    while (read(3, &word, 1) == 1) {
        siginfo_t info;
        char answer = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
        if (write(3, &answer, 1) != 1) break;
    }
    _exit(0);
}

// Moves this process, which has one thread, into a namespace of users where it may mount, and one of mounts.
static struct keeper_news move_away(void) {
    uid_t user = geteuid();
    gid_t group = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return failed("make user namespaces");
    // Its own files in /proc belong to root otherwise.
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    (void)write_file("/proc/self/setgroups", "deny");
    if ((errno = write_map("/proc/self/uid_map", user)) != 0) return failed("map its number");
    if ((errno = write_map("/proc/self/gid_map", group)) != 0) return failed("map its group");
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return failed("separate its mounts");
    return (struct keeper_news){0, ""};
}

static int open_namespace(pid_t pid, const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)pid, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static struct keeper_news start_keeper(struct roost_walls *walls) {
    int ends[2];
    sigset_t all, before;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return failed("make a socket");
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    long pid = syscall(SYS_clone, CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) keep(ends[1]);
    struct keeper_news news = pid < 0 ? failed("make namespaces") : (struct keeper_news){0, ""};
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    walls->control = ends[0];
    walls->keeper = (pid_t)pid;
    if (news.error != 0) return news;
    ssize_t count;
    // The copy's texts are where this process has them.
    do count = read(ends[0], &news, sizeof news);
    while (count < 0 && errno == EINTR);
    if (count != sizeof news) return (struct keeper_news){EPIPE, "keep namespaces"};
    if (news.error != 0) return news;
    walls->ipc = open_namespace(walls->keeper, "ipc");
    walls->process = open_namespace(walls->keeper, "pid");
    walls->mount = open_namespace(walls->keeper, "mnt");
    if (walls->ipc < 0 || walls->process < 0 || walls->mount < 0) return failed("open namespaces");
    if (write(ends[0], "g", 1) != 1) return failed("keep namespaces");
    return news;
}

int roost_walls_raise(struct roost_walls *walls, const char **what) {
    *walls = (struct roost_walls){-1, -1, -1, -1, -1};
    struct keeper_news news = move_away();
    if (news.error == 0) news = start_keeper(walls);
    roost_hide_memory();
    *what = news.step;
    if (news.error == 0) return 0;
    pid_t keeper = walls->keeper;
    roost_walls_drop(walls);
    if (keeper > 0) waitpid(keeper, NULL, 0);
    return news.error;
}

// In a folder of memory and with a mount moved there, as a job will have them.
static struct keeper_news try_mounts(void) {
    if (mount("walls", "/tmp", "tmpfs", 0, "size=64k") != 0) return failed("mount memory");
    int tree = open_tree(AT_FDCWD, "/tmp", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (tree < 0 || move_mount(tree, "", AT_FDCWD, "/tmp", MOVE_MOUNT_F_EMPTY_PATH) != 0) return failed("move mounts");
    return (struct keeper_news){0, ""};
}

int roost_walls_try(const char **what) {
    int ends[2];
    struct keeper_news news = {EPIPE, "make user namespaces"};
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    pid_t child = fork();
    if (child == 0) {
        struct roost_walls walls;
        news.error = roost_walls_raise(&walls, &news.step);
        if (news.error == 0) news = try_mounts();
        _exit(write(ends[1], &news, sizeof news) == sizeof news ? 0 : 1);
    }
    close(ends[1]);
    if (child < 0) news.error = errno;
    if (child > 0 && read(ends[0], &news, sizeof news) != sizeof news) news.error = EPIPE;
    close(ends[0]);
    if (child > 0)
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
        }
    *what = news.step;
    return news.error;
}

int roost_walls_have_orphans(const struct roost_walls *walls) {
    struct pollfd answer = {.fd = walls->control, .events = POLLIN};
    char word = '?';
    if (write(walls->control, &word, 1) != 1) return 1;
    if (poll(&answer, 1, 1000) != 1 || read(walls->control, &word, 1) != 1) return 1;
    return word != 0;
}

void roost_walls_drop(struct roost_walls *walls) {
    int descriptors[] = {walls->ipc, walls->process, walls->mount, walls->control};
    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++)
        if (descriptors[i] >= 0) close(descriptors[i]);
    *walls = (struct roost_walls){-1, -1, -1, -1, -1};
}

// MARK: Going inside

static int enter(const struct roost_walls *walls) {
    if (setns(walls->ipc, CLONE_NEWIPC) != 0 || setns(walls->process, CLONE_NEWPID) != 0 ||
        setns(walls->mount, CLONE_NEWNS) != 0)
        return errno;
    return 0;
}

// Stacks of processes that share this one's memory, as posix_spawn's child does, while the calling thread waits.
static const size_t stack_size = 256 << 10;

// Runs a function in a process that shares memory, and that ends with it; gives an error number of making it.
static int run_beside(int (*body)(void *), void *argument) {
    sigset_t all, before;
    char *stack = mmap(NULL, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) return errno;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t pid = clone(body, stack + stack_size, CLONE_VM | CLONE_VFORK | SIGCHLD, argument);
    int error = pid < 0 ? errno : 0;
    if (pid > 0)
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
    sigprocmask(SIG_SETMASK, &before, NULL);
    munmap(stack, stack_size);
    return error;
}

// MARK: What is seen inside

struct change {
    const struct roost_walls *walls;
    const struct roost_wall *parts;
    size_t count, failed;
    int inside, error;
};

static int make_folders(const char *path) {
    char part[4096];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part) return ENAMETOOLONG;
    memcpy(part, path, length + 1);
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(part, 0755) != 0 && errno != EEXIST && errno != EROFS) return errno;
        *slash = '/';
    }
    return 0;
}

// The place on which something is mounted, made where there is none.
static int make_place(const char *path, int is_folder) {
    struct stat status;
    if (stat(path, &status) == 0) return 0;
    int error = make_folders(path);
    if (error != 0) return error;
    if (is_folder) return mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : errno;
    int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    close(file);
    return 0;
}

// Changes whether a mount can be written; the flags it inherited are locked and must stay.
static int set_read_only(const char *path, int read_only) {
    struct statvfs status;
    if (statvfs(path, &status) != 0) return errno;
    unsigned long flags = MS_BIND | MS_REMOUNT | (read_only ? MS_RDONLY : 0);
    if (status.f_flag & ST_NOSUID) flags |= MS_NOSUID;
    if (status.f_flag & ST_NODEV) flags |= MS_NODEV;
    if (status.f_flag & ST_NOEXEC) flags |= MS_NOEXEC;
    if (status.f_flag & ST_NOATIME) flags |= MS_NOATIME;
    if (status.f_flag & ST_NODIRATIME) flags |= MS_NODIRATIME;
    if (status.f_flag & ST_RELATIME) flags |= MS_RELATIME;
    return mount("none", path, NULL, flags, NULL) == 0 ? 0 : errno;
}

static int memory_on(const char *path, const char *options) {
    int error = make_place(path, 1);
    if (error != 0) return error;
    return mount("walls", path, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0 ? 0 : errno;
}

static int show(const struct roost_wall *part, int source) {
    struct stat status;
    if (fstat(source, &status) != 0) return errno;
    int error = make_place(part->path, S_ISDIR(status.st_mode));
    if (error != 0) return error;
    int tree = open_tree(source, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    if (tree < 0) return errno;
    error = move_mount(tree, "", AT_FDCWD, part->path, MOVE_MOUNT_F_EMPTY_PATH) == 0 ? 0 : errno;
    close(tree);
    if (error == 0 && part->kind == ROOST_WALL_SHOW_READ_ONLY) error = set_read_only(part->path, 1);
    return error;
}

// In a file system of memory a file that grew beyond this is none of a configuration.
static const off_t longest_copy = 1 << 20;

static void copy_file(int from, int to, const char *name) {
    char block[8192];
    ssize_t count;
    off_t all = 0;
    struct stat status;
    int source = openat(from, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (source < 0) return;
    if (fstat(source, &status) == 0 && S_ISREG(status.st_mode)) {
        int target = openat(to, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
        while (target >= 0 && all < longest_copy && (count = read(source, block, sizeof block)) > 0) {
            if (write(target, block, (size_t)count) != count) break;
            all += count;
        }
        if (target >= 0) close(target);
    }
    close(source);
}

// Programs that trust a file of root or of their own user alone see root's files as nobody's inside.
static int own(const char *path, int source) {
    int error = memory_on(path, "mode=0755,size=4m");
    if (error != 0) return error;
    int target = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int folder = openat(source, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char entries[8192];
    long count;
    while (target >= 0 && folder >= 0 && (count = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0)
        for (long at = 0; at < count;) {
            unsigned short length;
            memcpy(&length, entries + at + 16, sizeof length);
            copy_file(folder, target, entries + at + 19);
            at += length;
        }
    if (target >= 0) close(target);
    if (folder >= 0) close(folder);
    return set_read_only(path, 1);
}

static int is_source_needed(enum roost_wall_kind kind) {
    return kind == ROOST_WALL_SHOW || kind == ROOST_WALL_SHOW_READ_ONLY || kind == ROOST_WALL_OWN;
}

// The first is a file system of its own, which the others show again: many cost little, also at their end.
static int cover(const char *path, int *nothing) {
    int tree, error = make_place(path, 1);
    if (error != 0) return error;
    if (*nothing >= 0) {
        tree = open_tree(*nothing, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
        if (tree < 0) return errno;
        error = move_mount(tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) == 0 ? 0 : errno;
        close(tree);
        return error;
    }
    error = memory_on(path, "mode=0555,size=4k");
    if (error == 0) error = set_read_only(path, 1);
    if (error != 0) return error;
    *nothing = open(path, O_PATH | O_CLOEXEC);
    return *nothing < 0 ? errno : 0;
}

static int change_part(const struct roost_wall *part, int source, int *nothing) {
    switch (part->kind) {
    case ROOST_WALL_COVER: return cover(part->path, nothing);
    case ROOST_WALL_HIDE: return memory_on(part->path, "mode=0755,size=1m");
    case ROOST_WALL_EMPTY: return memory_on(part->path, "mode=0700");
    case ROOST_WALL_OWN: return own(part->path, source);
    case ROOST_WALL_SHOW:
    case ROOST_WALL_SHOW_READ_ONLY: return show(part, source);
    }
    return EINVAL;
}

// Open files have a limit too.
enum { longest_change = 800 };

static void change_all(struct change *change, int *sources) {
    int nothing = -1;
    for (size_t i = 0; i < change->count; i++) {
        change->failed = i;
        sources[i] = -1;
        if (!is_source_needed(change->parts[i].kind)) continue;
        sources[i] = open(change->parts[i].source, O_PATH | O_CLOEXEC);
        if (sources[i] >= 0) continue;
        change->error = errno;
        return;
    }
    for (size_t i = 0; i < change->count; i++) {
        change->failed = i;
        change->error = change_part(&change->parts[i], sources[i], &nothing);
        if (change->error != 0) return;
    }
    // Places in it have been made by now. A folder that was covered since is nobody's concern.
    for (size_t i = 0; i < change->count; i++)
        if (change->parts[i].kind == ROOST_WALL_HIDE) (void)set_read_only(change->parts[i].path, 1);
}

static int change_beside(void *argument) {
    struct change *change = argument;
    int sources[longest_change];
    umask(0);
    if (change->inside) change->error = enter(change->walls);
    if (change->error == 0) change_all(change, sources);
    return 0;
}

int roost_walls_change(const struct roost_walls *walls, int inside, const struct roost_wall *parts, size_t count,
                       size_t *failed) {
    if (count > longest_change) return E2BIG;
    struct change change = {walls, parts, count, 0, inside, 0};
    int error = run_beside(change_beside, &change);
    *failed = change.failed;
    return error != 0 ? error : change.error;
}

// MARK: Programs

struct launch {
    const struct roost_walls *walls;
    const char *path;
    char *const *argv;
    char *const *envp;
    const char *directory;
    int output, errors;
    pid_t pid;
    int error;
    char *stack;
};

// Keys in the kernel's keyrings belong to the user alone, whatever the namespace: the agent's own may be among them.
static int forbid_keyrings(void) {
#if defined(__x86_64__)
    enum { native = AUDIT_ARCH_X86_64 };
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, native, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        // Numbers of the x32 interface have one more bit.
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x3fffffff),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 248, 2, 5),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 286, 1, 3),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 250, 2, 1),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 288, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
#elif defined(__aarch64__)
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_AARCH64, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 217, 0, 5),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 219, 4, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 309, 0, 2),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 311, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
#else
    return ENOSYS;
#endif
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0 ? 0 : errno;
}

static void use_default_signals(void) {
    struct sigaction usual = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &usual, NULL);
}

static int become_program(void *argument) {
    struct launch *launch = argument;
    sigset_t none;
    sigemptyset(&none);
    use_default_signals();
    setsid();
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(launch->output, 1) < 0 || dup2(launch->errors, 2) < 0) goto failed;
    close_range(3, ~0U, 0);
    if (launch->directory != NULL && chdir(launch->directory) != 0) goto failed;
    // Rights of a file's owner or of the file itself must not become rights over the namespaces.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) goto failed;
    if ((launch->error = forbid_keyrings()) != 0) _exit(127);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(launch->path, launch->argv, launch->envp);
failed:
    launch->error = errno;
    _exit(127);
}

// Makes the program a child of this process's parent, since a process namespace holds only what is made after it was entered.
static int start_inside(void *argument) {
    struct launch *launch = argument;
    launch->error = enter(launch->walls);
    if (launch->error != 0) return 1;
    launch->pid = clone(become_program, launch->stack + stack_size, CLONE_VM | CLONE_VFORK | CLONE_PARENT | SIGCHLD,
                        launch);
    if (launch->pid < 0) launch->error = errno;
    return 0;
}

int roost_walls_spawn(const struct roost_walls *walls, const char *path, char *const argv[], char *const envp[],
                      const char *directory, int output, int errors, pid_t *pid) {
    char *stack = mmap(NULL, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) return errno;
    struct launch launch = {walls, path, argv, envp, directory, output, errors, -1, 0, stack};
    int error = run_beside(start_inside, &launch);
    if (error == 0) error = launch.error;
    // One that could not become its program has ended.
    if (error != 0 && launch.pid > 0) waitpid(launch.pid, NULL, 0);
    munmap(stack, stack_size);
    *pid = launch.pid;
    return error;
}
