#define _GNU_SOURCE
#include "image_sandbox.h"
#include "sandbox_guard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// What runs in the copy of the process uses system calls alone: the process that was copied has other threads.

enum { CONTROL = 3, CAPACITY = 160 * 1024, MOST_TEXTS = 4096, MOST_TREES = 64, MOST_GROUPS = 256 };

// What the first process tells about its begin; texts are where the other side has them, too.
struct news {
    int error;
    const char *step;
};

static struct news failed(const char *step) { return (struct news){errno, step}; }
static const struct news fine = {0, ""};

// MARK: What is seen inside

static const char *const devices[] = {"null", "zero", "full", "random", "urandom", "tty"};
enum { DEVICES = sizeof devices / sizeof *devices };

// Parts of the machine, held while the root changes.
struct trees {
    int devices[DEVICES];
    int resolver;
    int mounts[MOST_TREES];
    int is_folder[MOST_TREES];
};

static int tree_of(const char *path, int read_only) {
    int tree = open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    if (tree < 0 || !read_only) return tree;
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
    if (mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes) == 0) return tree;
    int error = errno;
    close(tree);
    errno = error;
    return -1;
}

static struct news hold(const struct roost_sandbox_plan *plan, struct trees *trees) {
    char path[32];
    for (int index = 0; index < DEVICES; index++) {
        snprintf(path, sizeof path, "/dev/%s", devices[index]);
        if ((trees->devices[index] = tree_of(path, 0)) < 0) return failed("take the devices of the machine");
    }
    trees->resolver = -1;
    if (plan->resolver != NULL && (trees->resolver = tree_of(plan->resolver, 1)) < 0)
        return failed("take the machine's resolv.conf");
    if (plan->mount_count > MOST_TREES) return (struct news){E2BIG, "take what is mounted"};
    for (size_t index = 0; index < plan->mount_count; index++) {
        struct stat status;
        const struct roost_sandbox_mount *part = &plan->mounts[index];
        if (stat(part->source, &status) != 0) return failed("find what is mounted");
        trees->is_folder[index] = S_ISDIR(status.st_mode);
        if ((trees->mounts[index] = tree_of(part->source, part->read_only)) < 0) return failed("take what is mounted");
    }
    return fine;
}

static int put(int tree, const char *target) {
    int result = move_mount(tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH);
    close(tree);
    return result;
}

static int make_file(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0644);
    if (file >= 0) close(file);
    return file >= 0 ? 0 : -1;
}

static int make_folders(const char *path) {
    char text[4096];
    size_t length = strlen(path);
    if (length >= sizeof text) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(text, path, length + 1);
    for (size_t index = 1; index <= length; index++) {
        if (text[index] != '/' && text[index] != 0) continue;
        char kept = text[index];
        text[index] = 0;
        if (mkdir(text, 0755) != 0 && errno != EEXIST) return -1;
        text[index] = kept;
    }
    return 0;
}

static int mount_memory(const char *path, const char *options, unsigned long flags) {
    if (mkdir(path, 0755) != 0 && errno != EEXIST) return -1;
    return mount("tmpfs", path, "tmpfs", flags, options);
}

static struct news mount_devices(struct trees *trees) {
    char path[32];
    if (mount_memory("/dev", "mode=755", MS_NOSUID | MS_NOEXEC) != 0) return failed("mount a /dev");
    for (int index = 0; index < DEVICES; index++) {
        snprintf(path, sizeof path, "/dev/%s", devices[index]);
        if (make_file(path) != 0 || put(trees->devices[index], path) != 0) return failed("show the devices");
    }
    if (mount_memory("/dev/shm", "mode=1777", MS_NOSUID | MS_NODEV) != 0) return failed("mount a /dev/shm");
    // Terminals of its own are not offered everywhere, and few programs ask for one.
    if (mkdir("/dev/pts", 0755) == 0)
        (void)mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620");
    if (symlink("pts/ptmx", "/dev/ptmx") != 0 || symlink("/proc/self/fd", "/dev/fd") != 0 ||
        symlink("/proc/self/fd/0", "/dev/stdin") != 0 || symlink("/proc/self/fd/1", "/dev/stdout") != 0 ||
        symlink("/proc/self/fd/2", "/dev/stderr") != 0)
        return failed("name the devices");
    return fine;
}

// What root of the machine could change through /proc.
static struct news protect_kernel(void) {
    static const char *const parts[] = {"/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs",
                                        "/proc/acpi", "/proc/scsi", "/proc/mtrr"};
    for (size_t index = 0; index < sizeof parts / sizeof *parts; index++) {
        if (access(parts[index], F_OK) != 0) continue;
        int tree = tree_of(parts[index], 1);
        if (tree < 0 || put(tree, parts[index]) != 0) return failed("protect the settings of the kernel");
    }
    return fine;
}

static struct news mount_parts(const struct roost_sandbox_plan *plan, struct trees *trees) {
    for (size_t index = 0; index < plan->mount_count; index++) {
        const char *target = plan->mounts[index].target;
        if (trees->is_folder[index] ? make_folders(target) != 0 : make_file(target) != 0)
            return failed("make the place of what is mounted");
        if (put(trees->mounts[index], target) != 0) return failed("mount what the template names");
    }
    if (trees->resolver < 0) return fine;
    if (make_folders("/etc") != 0 || make_file("/etc/resolv.conf") != 0 ||
        put(trees->resolver, "/etc/resolv.conf") != 0)
        return failed("show the machine's resolv.conf as /etc/resolv.conf");
    return fine;
}

static struct news change_root(const struct roost_sandbox_plan *plan) {
    struct trees trees;
    struct news news = hold(plan, &trees);
    if (news.error != 0) return news;
    int before = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (before < 0 || chdir(plan->root) != 0) return failed("enter the root file system");
    if (syscall(SYS_pivot_root, ".", ".") != 0) return failed("change the root");
    if (chdir("/") != 0) return failed("enter the root file system");
    if ((mkdir("/proc", 0755) != 0 && errno != EEXIST) ||
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0)
        return failed("mount a /proc");
    if (fchdir(before) != 0 || umount2(".", MNT_DETACH) != 0 || chdir("/") != 0)
        return failed("leave the machine's root");
    close(before);
    if (plan->own_users != 1 && (news = protect_kernel()).error != 0) return news;
    if ((news = mount_devices(&trees)).error != 0) return news;
    if (mount_memory("/tmp", "mode=1777", MS_NOSUID | MS_NODEV) != 0) return failed("mount a /tmp");
    return mount_parts(plan, &trees);
}

static struct news raise_loopback(void) {
    struct ifreq request;
    memset(&request, 0, sizeof request);
    memcpy(request.ifr_name, "lo", 3);
    request.ifr_flags = IFF_UP;
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    // A kernel without this protocol has no loopback to raise.
    if (descriptor < 0) return fine;
    struct news news = ioctl(descriptor, SIOCSIFFLAGS, &request) == 0 ? fine : failed("raise the loopback");
    close(descriptor);
    return news;
}

// The library's functions of these names would tell all threads, and wait for locks of those that were not copied.
static int become(uid_t user, gid_t group) {
    return syscall(SYS_setresgid, group, group, group) != 0 || syscall(SYS_setresuid, user, user, user) != 0 ? -1 : 0;
}

static struct news arrange(const struct roost_sandbox_plan *plan) {
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return failed("separate its mounts");
    if (plan->own_users && become(0, 0) != 0) return failed("become its root");
    // Where only one user is mapped groups cannot be changed.
    (void)syscall(SYS_setgroups, 0, NULL);
    if (plan->folder != NULL && chdir(plan->folder) != 0) return failed("enter the folder of layers");
    if (plan->overlay != NULL && mount("overlay", plan->root, "overlay", MS_NODEV, plan->overlay) != 0)
        return failed("put the layers over one another");
    for (size_t index = 0; index < plan->cover_count; index++) {
        const struct roost_sandbox_cover *cover = &plan->covers[index];
        if (mount("overlay", cover->target, "overlay", MS_NODEV, cover->options) != 0)
            return failed("put a folder of its own over the computer's programs");
    }
    if (!plan->host_network) {
        struct news news = raise_loopback();
        if (news.error != 0) return news;
    }
    if (plan->host_name != NULL && sethostname(plan->host_name, strlen(plan->host_name)) != 0)
        return failed("name itself");
    return plan->sees_machine ? fine : change_root(plan);
}

// MARK: The first process

static char incoming[sizeof(struct roost_sandbox_request) + CAPACITY];
static char *texts[MOST_TEXTS];

static int answer(int is_end, int error, int value, int descriptor) {
    struct roost_sandbox_answer body = {is_end, error, value};
    struct iovec part = {&body, sizeof body};
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr head;
    } extra;
    memset(&extra, 0, sizeof extra);
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor >= 0) {
        message.msg_control = extra.bytes;
        message.msg_controllen = sizeof extra.bytes;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(head), &descriptor, sizeof(int));
    }
    return sendmsg(CONTROL, &message, MSG_NOSIGNAL) == sizeof body ? 0 : -1;
}

// What root of an image needs and what does not reach the machine.
static int is_kept(unsigned long capability) {
    switch (capability) {
    case CAP_CHOWN: case CAP_DAC_OVERRIDE: case CAP_FOWNER: case CAP_FSETID: case CAP_KILL: case CAP_SETGID:
    case CAP_SETUID: case CAP_SETPCAP: case CAP_NET_BIND_SERVICE: case CAP_NET_RAW: case CAP_SYS_CHROOT:
    case CAP_MKNOD: case CAP_AUDIT_WRITE: case CAP_SETFCAP:
        return 1;
    default:
        return 0;
    }
}

static int limit_rights(void) {
    for (unsigned long capability = 0; capability < 64; capability++) {
        if (is_kept(capability)) continue;
        if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) != 1) continue;
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return -1;
    }
    return 0;
}

static void become_program(const struct roost_sandbox_request *request, const gid_t *groups, const int *streams,
                           int is_limited, int news) {
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
    // A group or user of root is what the process has already; where only root is mapped others are refused.
    int is_root = request->user == 0 && request->group == 0 && request->groups == 0;
    int error = 0;
    if (is_limited && limit_rights() != 0) error = errno;
    if (error == 0 && request->flags & ROOST_SANDBOX_GUARDED && roost_guard() != 0) error = errno;
    for (int number = 0; number < 3 && error == 0; number++)
        if (dup2(streams[number], number) < 0) error = errno;
    if (error == 0 && !is_root &&
        (syscall(SYS_setgroups, (long)request->groups, groups) != 0 || become(request->user, request->group) != 0))
        error = errno;
    if (error == 0 && chdir(texts[0]) != 0) error = errno;
    fcntl(news, F_SETFD, FD_CLOEXEC);
    for (int number = 3; number < 64; number++)
        if (number != news) close(number);
    if (error == 0) {
        char **arguments = texts + 2;
        execve(texts[1], arguments, arguments + request->arguments + 1);
        error = errno;
    }
    (void)!write(news, &error, sizeof error);
    _exit(127);
}

// Splits what follows the numbers of groups; whether it is as it should be.
static int split(const struct roost_sandbox_request *request, size_t size) {
    size_t wanted = request->kind == ROOST_SANDBOX_RUN ? 2 + (size_t)request->arguments + request->variables : 1;
    size_t offset = sizeof *request + request->groups * sizeof(gid_t), place = 0;
    if (request->groups > MOST_GROUPS || wanted + 2 > MOST_TEXTS || offset > size) return 0;
    for (size_t index = 0; index < wanted; index++) {
        char *end = memchr(incoming + offset, 0, size - offset);
        if (end == NULL) return 0;
        texts[place++] = incoming + offset;
        offset = (size_t)(end - incoming) + 1;
        if (request->kind == ROOST_SANDBOX_RUN && index == 1 + request->arguments) texts[place++] = NULL;
    }
    texts[place] = NULL;
    return 1;
}

static pid_t run_program(const struct roost_sandbox_request *request, const int *streams, int is_limited) {
    int ends[2];
    int error = 0;
    gid_t groups[MOST_GROUPS];
    memcpy(groups, incoming + sizeof *request, request->groups * sizeof(gid_t));
    if (pipe2(ends, O_CLOEXEC) != 0) {
        answer(0, errno, 0, -1);
        return 0;
    }
    pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) become_program(request, groups, streams, is_limited, ends[1]);
    if (child < 0) error = errno;
    close(ends[1]);
    if (child > 0 && read(ends[0], &error, sizeof error) != sizeof error) error = 0;
    close(ends[0]);
    if (child > 0 && error != 0) {
        (void)waitpid(child, NULL, 0);
        child = 0;
    }
    answer(0, error, 0, -1);
    return child > 0 ? child : 0;
}

static void open_file(const struct roost_sandbox_request *request) {
    int file = open(texts[0], request->flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, request->mode);
    int error = errno;
    if (file >= 0 && request->flags & O_CREAT) (void)fchmod(file, request->mode);
    answer(0, file < 0 ? error : 0, 0, file);
    if (file >= 0) close(file);
}

static void make_folder(const struct roost_sandbox_request *request) {
    struct stat status;
    int error = mkdir(texts[0], request->mode) == 0 ? 0 : errno;
    if (error == 0) (void)chmod(texts[0], request->mode);
    if (error == EEXIST && stat(texts[0], &status) == 0 && S_ISDIR(status.st_mode)) error = 0;
    answer(0, error, 0, -1);
}

static void remove_file(void) { answer(0, unlink(texts[0]) == 0 ? 0 : errno, 0, -1); }

// Gives the loopback one more address.
static int add_address(const char *text) {
    struct ifreq request;
    struct sockaddr_in *address = (struct sockaddr_in *)&request.ifr_addr;
    memset(&request, 0, sizeof request);
    memcpy(request.ifr_name, "lo:1", 5);
    address->sin_family = AF_INET;
    if (inet_pton(AF_INET, text, &address->sin_addr) != 1) return EINVAL;
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return errno;
    int error = ioctl(descriptor, SIOCSIFADDR, &request) == 0 ? 0 : errno;
    close(descriptor);
    return error;
}

static void listen_for(const struct roost_sandbox_request *request) {
    int error = *texts[0] == 0 ? 0 : add_address(texts[0]), one = 1;
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((in_port_t)request->flags)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = four.sin_port};
    int is_six = request->mode == 6;
    int listener = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (error == 0 && listener < 0) error = errno;
    if (error == 0) (void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    const struct sockaddr *address = is_six ? (const struct sockaddr *)&six : (const struct sockaddr *)&four;
    if (error == 0 && (bind(listener, address, is_six ? sizeof six : sizeof four) != 0 || listen(listener, 64) != 0))
        error = errno;
    answer(0, error, 0, error == 0 ? listener : -1);
    if (listener >= 0) close(listener);
}

// Takes a request with at most three descriptors; its size, or 0 when the other side is gone.
static size_t take(int *streams) {
    struct iovec part = {incoming, sizeof incoming};
    union {
        char bytes[CMSG_SPACE(3 * sizeof(int))];
        struct cmsghdr head;
    } extra;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = extra.bytes,
                             .msg_controllen = sizeof extra.bytes};
    ssize_t size = recvmsg(CONTROL, &message, MSG_CMSG_CLOEXEC);
    if (size < (ssize_t)sizeof(struct roost_sandbox_request)) return 0;
    for (struct cmsghdr *head = CMSG_FIRSTHDR(&message); head != NULL; head = CMSG_NXTHDR(&message, head))
        if (head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS)
            memcpy(streams, CMSG_DATA(head), head->cmsg_len - CMSG_LEN(0));
    return (size_t)size;
}

static void serve(pid_t *program, int is_limited) {
    int streams[3] = {-1, -1, -1};
    size_t size = take(streams);
    struct roost_sandbox_request request;
    if (size == 0) _exit(0);
    memcpy(&request, incoming, sizeof request);
    if (!split(&request, size)) {
        answer(0, EINVAL, 0, -1);
    } else if (request.kind == ROOST_SANDBOX_RUN) {
        if (*program != 0) answer(0, EBUSY, 0, -1);
        else *program = run_program(&request, streams, is_limited);
    } else if (request.kind == ROOST_SANDBOX_OPEN) {
        open_file(&request);
    } else if (request.kind == ROOST_SANDBOX_FOLDER) {
        make_folder(&request);
    } else if (request.kind == ROOST_SANDBOX_REMOVE) {
        remove_file();
    } else if (request.kind == ROOST_SANDBOX_LISTEN) {
        listen_for(&request);
    } else {
        // The first process itself is not meant by this.
        (void)kill(-1, request.flags);
    }
    for (int index = 0; index < 3; index++)
        if (streams[index] >= 0) close(streams[index]);
}

static void collect(pid_t *program) {
    int status;
    pid_t ended;
    while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
        if (ended != *program) continue;
        *program = 0;
        if (answer(1, 0, status, -1) != 0) _exit(0);
    }
}

// Where this process has its arguments and its environment.
struct words {
    unsigned long arguments_start, arguments_end, environment_start, environment_end;
};

static struct words own_words(void) {
    struct words words = {0, 0, 0, 0};
    char text[4096];
    int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? 0 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    text[size > 0 ? size : 0] = 0;
    // After the name, which may hold anything, the third field comes; those that are wanted are 48 to 51 of proc(5).
    char *place = strrchr(text, ')');
    for (int field = 2; place != NULL && field < 48; field++) {
        place = strchr(place + 1, ' ');
    }
    if (place != NULL)
        (void)sscanf(place, " %lu %lu %lu %lu", &words.arguments_start, &words.arguments_end,
                     &words.environment_start, &words.environment_end);
    return words;
}

// Whoever is inside may read the arguments of every process there, and those of this one may hold secrets.
static void forget(const struct words *words) {
    if (words->arguments_end > words->arguments_start)
        memset((void *)words->arguments_start, 0, words->arguments_end - words->arguments_start);
    if (words->environment_end > words->environment_start)
        memset((void *)words->environment_start, 0, words->environment_end - words->environment_start);
}

static void keep(const struct roost_sandbox_plan *plan, int control, const struct words *words) {
    char word;
    pid_t program = 0;
    sigset_t children;
    struct signalfd_siginfo signal_news;
    // Descriptors of the machine must not be held here: the other ends of sockets wait for their last holder.
    if (dup2(control, CONTROL) < 0) _exit(1);
    close_range(CONTROL + 1, ~0U, 0);
    for (int number = 0; number < 3; number++) close(number);
    if (open("/dev/null", O_RDWR) != 0 || dup2(0, 1) < 0 || dup2(0, 2) < 0) _exit(1);
    fcntl(CONTROL, F_SETFD, FD_CLOEXEC);
    prctl(PR_SET_NAME, "roost-sandbox", 0, 0, 0);
    forget(words);
    prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
    setsid();
    umask(022);
    // The other side maps the numbers of users before it says go.
    if (read(CONTROL, &word, 1) != 1) _exit(0);
    struct news news = arrange(plan);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (send(CONTROL, &news, sizeof news, MSG_NOSIGNAL) != sizeof news || news.error != 0) _exit(1);
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    int signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0) _exit(1);
    for (;;) {
        struct pollfd sources[] = {{CONTROL, POLLIN, 0}, {signals, POLLIN, 0}};
        if (poll(sources, 2, -1) < 0 && errno != EINTR) _exit(1);
        if (sources[1].revents != 0) {
            while (read(signals, &signal_news, sizeof signal_news) > 0) {}
            collect(&program);
        }
        if (sources[0].revents != 0) serve(&program, !plan->sees_machine);
    }
}

// MARK: The other side

int roost_sandbox_start(const struct roost_sandbox_plan *plan, int *control, pid_t *pid) {
    int ends[2];
    sigset_t all, before;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return errno;
    unsigned long spaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
    if (plan->own_users) spaces |= CLONE_NEWUSER;
    if (!plan->host_network) spaces |= CLONE_NEWNET;
    struct words words = own_words();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    long child = syscall(SYS_clone, spaces | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) keep(plan, ends[1], &words);
    int error = child < 0 ? errno : 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
        return error;
    }
    *control = ends[0];
    *pid = (pid_t)child;
    return 0;
}

static int write_text(pid_t pid, const char *name, const char *text) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return errno;
    int error = write(file, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : errno;
    close(file);
    return error;
}

int roost_sandbox_map_alone(pid_t pid) {
    char users[40], groups[40];
    snprintf(users, sizeof users, "0 %u 1\n", (unsigned)geteuid());
    snprintf(groups, sizeof groups, "0 %u 1\n", (unsigned)getegid());
    int error = write_text(pid, "uid_map", users);
    if (error == 0) error = write_text(pid, "setgroups", "deny");
    return error != 0 ? error : write_text(pid, "gid_map", groups);
}

int roost_sandbox_begin(int control, const char **step) {
    struct news news;
    *step = "begin";
    if (send(control, "g", 1, MSG_NOSIGNAL) != 1) return errno;
    ssize_t count;
    do count = recv(control, &news, sizeof news, 0);
    while (count < 0 && errno == EINTR);
    if (count != sizeof news) return EPIPE;
    *step = news.step;
    return news.error;
}

int roost_sandbox_send(int control, const struct roost_sandbox_request *request, const void *text, size_t size,
                       const int *descriptors, size_t count) {
    struct iovec parts[] = {{(void *)request, sizeof *request}, {(void *)text, size}};
    union {
        char bytes[CMSG_SPACE(3 * sizeof(int))];
        struct cmsghdr head;
    } extra;
    if (size > CAPACITY || count > 3) return E2BIG;
    memset(&extra, 0, sizeof extra);
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    if (count > 0) {
        message.msg_control = extra.bytes;
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(head), descriptors, count * sizeof(int));
    }
    ssize_t sent;
    do sent = sendmsg(control, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? errno : 0;
}

int roost_sandbox_receive(int control, struct roost_sandbox_answer *reply, int *descriptor) {
    struct iovec part = {reply, sizeof *reply};
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr head;
    } extra;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = extra.bytes,
                             .msg_controllen = sizeof extra.bytes};
    ssize_t count;
    *descriptor = -1;
    do count = recvmsg(control, &message, MSG_CMSG_CLOEXEC);
    while (count < 0 && errno == EINTR);
    if (count < 0) return errno;
    if (count != sizeof *reply) return EPIPE;
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head != NULL && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS)
        memcpy(descriptor, CMSG_DATA(head), sizeof *descriptor);
    return 0;
}

void roost_sandbox_wait(pid_t pid) {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
}
