#define _GNU_SOURCE
#include "machine_keeper.h"
#include "image_sandbox.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine_parts.h"

// The keeper of a machine: one process for each, which the server may die without. It holds a lock while the machine lives, the machine's processes, what they
// write at first, and the only door of a sandbox's network.

enum { ORDER_SIZE = 192 * 1024, MOST_CLIENTS = 8, CONSOLE_SIZE = 256 * 1024, MOST_WORDS = 2048 };

static char order_bytes[ORDER_SIZE];
static struct roost_machine_order order;
static const char *next_text, *end_of_texts;

static const char *take_text(void) {
    const char *text = next_text;
    const char *end = text < end_of_texts ? memchr(text, 0, (size_t)(end_of_texts - text)) : NULL;
    if (end == NULL) return NULL;
    next_text = end + 1;
    return text;
}

// What the texts of an order say.
static struct {
    const char *folder, *shared_lock, *working_folder, *program;
    const char *leaves[MOST_LEAVES];
    char *arguments[MOST_WORDS], *variables[MOST_WORDS];
    struct roost_sandbox_plan plan;
    struct roost_sandbox_cover covers[16];
    struct roost_sandbox_mount mounts[64];
    const char *server, *server_port, *own_address;
} said;

static int read_words(char **words, unsigned count) {
    if (count >= MOST_WORDS) return -1;
    for (unsigned index = 0; index < count; index++)
        if ((words[index] = (char *)take_text()) == NULL) return -1;
    words[count] = NULL;
    return 0;
}

static const char *or_null(const char *text) { return text != NULL && *text != 0 ? text : NULL; }

static int read_sandbox(void) {
    said.plan = (struct roost_sandbox_plan){.own_users = 1, .host_network = order.host_network};
    if (order.users == ROOST_MACHINE_SAME) said.plan.own_users = 2;
    said.plan.folder = take_text();
    said.plan.overlay = take_text();
    said.plan.root = take_text();
    said.plan.host_name = or_null(take_text());
    said.plan.resolver = or_null(take_text());
    said.server = take_text();
    said.server_port = take_text();
    said.own_address = take_text();
    if (order.covers > 16 || order.mounts > 64) return -1;
    for (unsigned index = 0; index < order.covers; index++) {
        const char *options = take_text(), *target = take_text();
        if (target == NULL) return -1;
        said.covers[index] = (struct roost_sandbox_cover){options, target};
    }
    said.plan.covers = said.covers;
    said.plan.cover_count = order.covers;
    for (unsigned index = 0; index < order.mounts; index++) {
        const char *source = take_text(), *target = take_text(), *mode = take_text();
        if (mode == NULL) return -1;
        said.mounts[index] = (struct roost_sandbox_mount){source, target, *mode == 'r'};
    }
    said.plan.mounts = said.mounts;
    said.plan.mount_count = order.mounts;
    return said.own_address == NULL ? -1 : 0;
}

static int read_order(size_t size) {
    if (size < sizeof order) return -1;
    memcpy(&order, order_bytes, sizeof order);
    if (order.size != sizeof order || order.leaves > MOST_LEAVES) return -1;
    next_text = order_bytes + sizeof order;
    end_of_texts = order_bytes + size;
    said.folder = take_text();
    said.shared_lock = or_null(take_text());
    for (unsigned index = 0; index < order.leaves; index++)
        if ((said.leaves[index] = take_text()) == NULL) return -1;
    said.working_folder = take_text();
    said.program = take_text();
    if (read_words(said.arguments, order.arguments) != 0 || read_words(said.variables, order.variables) != 0) return -1;
    if (said.program == NULL) return -1;
    return order.is_sandbox ? read_sandbox() : 0;
}

// MARK: A keeper

static int answer_end = -1, control = -1, signals = -1, console_pipe = -1, console = -1, sandbox = -1, door = -1;
static int clients[MOST_CLIENTS];
static size_t console_size;
// The first process of the machine.
static pid_t first;

static void say(int error, const char *step) {
    struct roost_machine_answer answer = {.error = error};
    snprintf(answer.step, sizeof answer.step, "%s", step);
    (void)send(answer_end, &answer, sizeof answer, MSG_NOSIGNAL);
}

static _Noreturn void fail(const char *step) {
    int error = errno;
    if (first > 0) {
        kill(first, SIGKILL);
        (void)waitpid(first, NULL, 0);
    }
    say(error, step);
    _exit(1);
}

static void write_console(const char *bytes, size_t size) {
    if (console_size + size > CONSOLE_SIZE / 2) {
        (void)rename("console", "console.1");
        int file = open("console", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
        if (file >= 0) {
            close(console);
            console = file;
        }
        console_size = 0;
    }
    ssize_t written = write(console, bytes, size);
    if (written > 0) console_size += (size_t)written;
}

static void read_console(void) {
    char bytes[8192];
    ssize_t count;
    // Whoever writes without end must not keep the keeper from everything else.
    for (int turn = 0; turn < 16; turn++) {
        count = read(console_pipe, bytes, sizeof bytes);
        if (count <= 0) break;
        write_console(bytes, (size_t)count);
        if (count < (ssize_t)sizeof bytes) return;
    }
    if (count == 0) {
        close(console_pipe);
        console_pipe = -1;
    }
}

static void note_end(int status) {
    char line[96];
    int size = WIFSIGNALED(status)
                   ? snprintf(line, sizeof line, "The agent was ended by signal %d.\n", WTERMSIG(status))
                   : snprintf(line, sizeof line, "The agent ended with exit code %d.\n", WEXITSTATUS(status));
    write_console(line, (size_t)size);
}

static void open_folder(void) {
    struct stat here, named;
    if (chdir(said.folder) != 0) fail("enter the machine's folder");
    int lock = roost_machine_lock("keeper.lock");
    if (lock < 0) fail("lock the machine");
    // Whoever deletes a machine renames its folder first and looks for the lock then.
    if (stat(".", &here) != 0 || stat(said.folder, &named) != 0) fail("find the machine's folder");
    if (here.st_ino != named.st_ino || here.st_dev != named.st_dev) {
        errno = ESTALE;
        fail("find the machine's folder");
    }
    char number[16];
    int size = snprintf(number, sizeof number, "%d\n", (int)getpid());
    if (ftruncate(lock, 0) != 0 || pwrite(lock, number, (size_t)size, 0) != size) fail("write the keeper's number");
    if (said.shared_lock == NULL) return;
    int shared = open(said.shared_lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (shared < 0 || flock(shared, LOCK_SH) != 0) fail("lock the layers of images");
}

static void open_control(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "control"};
    control = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    (void)unlink("control");
    if (control < 0 || bind(control, (struct sockaddr *)&address, sizeof address) != 0 || listen(control, 8) != 0)
        fail("open the keeper's socket");
    for (int index = 0; index < MOST_CLIENTS; index++) clients[index] = -1;
}

static int open_console(void) {
    int ends[2];
    console = open("console", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    (void)unlink("console.1");
    if (console < 0 || pipe2(ends, O_CLOEXEC) != 0) fail("open the machine's console");
    console_pipe = ends[0];
    fcntl(console_pipe, F_SETFL, O_NONBLOCK);
    return ends[1];
}

static void watch_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_SETMASK, &set, NULL);
    signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0) fail("watch for ends");
}

// MARK: Processes of this machine

static void run_process(int input, int output) {
    int news[2], error = 0;
    pid_t keeper = getpid();
    if (pipe2(news, O_CLOEXEC) != 0) fail("make a pipe");
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) fail("adopt what the machine leaves");
    first = fork();
    if (first < 0) fail("start a process");
    if (first == 0) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        if (getppid() != keeper) _exit(1);
        setsid();
        umask(022);
        if (roost_join_leaves(said.leaves, order.leaves, 0) != 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 ||
            dup2(output, 2) < 0 || chdir(said.working_folder) != 0)
            error = errno;
        if (error == 0) {
            execve(said.program, said.arguments, said.variables);
            error = errno;
        }
        (void)!write(news[1], &error, sizeof error);
        _exit(127);
    }
    close(news[1]);
    if (read(news[0], &error, sizeof error) == sizeof error && error != 0) {
        errno = error;
        fail("run the agent's program");
    }
    close(news[0]);
}

// MARK: Sandboxes

static void map_users(void) {
    int error = 0;
    if (order.users == ROOST_MACHINE_ALONE) error = roost_sandbox_map_alone(first);
    else if (order.users == ROOST_MACHINE_SAME) error = roost_map_same(first);
    else {
        error = roost_map_ranges("/usr/bin/newuidmap", first, order.own_user, order.first_user, order.user_count);
        if (error == 0)
            error = roost_map_ranges("/usr/bin/newgidmap", first, order.own_group, order.first_group, order.group_count);
    }
    errno = error;
    if (error != 0) fail("map the users of the sandbox");
}

static void ask_sandbox(struct roost_sandbox_request request, const char *texts, size_t size, const int *streams,
                        size_t count, int *descriptor, const char *step) {
    struct roost_sandbox_answer reply = {0};
    int error = roost_sandbox_send(sandbox, &request, texts, size, streams, count);
    if (error == 0) error = roost_sandbox_receive(sandbox, &reply, descriptor);
    errno = error != 0 ? error : reply.error;
    if (errno != 0) fail(step);
}

static void open_door(void) {
    struct roost_sandbox_request request = {.kind = ROOST_SANDBOX_LISTEN, .flags = (int)order.port, .mode = order.family};
    ask_sandbox(request, said.own_address, strlen(said.own_address) + 1, NULL, 0, &door, "open the way to the server");
    if (door < 0) {
        errno = EPROTO;
        fail("open the way to the server");
    }
    fcntl(door, F_SETFL, O_NONBLOCK);
}

static void run_in_sandbox(int input, int output) {
    static char texts[ORDER_SIZE];
    size_t size = 0;
    struct roost_sandbox_request request = {
        .kind = ROOST_SANDBOX_RUN, .flags = ROOST_SANDBOX_GUARDED,
        .arguments = order.arguments, .variables = order.variables};
    const char *words[2] = {said.working_folder, said.program};
    for (unsigned index = 0; index < 2 + order.arguments + order.variables; index++) {
        const char *word = index < 2                     ? words[index]
                           : index < 2 + order.arguments ? said.arguments[index - 2]
                                                         : said.variables[index - 2 - order.arguments];
        size_t length = strlen(word) + 1;
        if (size + length > sizeof texts) {
            errno = E2BIG;
            fail("run the agent's program");
        }
        memcpy(texts + size, word, length);
        size += length;
    }
    int streams[] = {input, output, output}, none = -1;
    ask_sandbox(request, texts, size, streams, 3, &none, "run the agent's program");
}

static void start_sandbox(int input, int output) {
    const char *step = "make namespaces";
    errno = roost_sandbox_start(&said.plan, &sandbox, &first);
    if (errno != 0) {
        first = 0;
        fail(step);
    }
    map_users();
    if (roost_join_leaves(said.leaves, order.leaves, first) != 0) fail("limit the sandbox");
    errno = roost_sandbox_begin(sandbox, &step);
    if (errno != 0) fail(step);
    if (order.port != 0) open_door();
    run_in_sandbox(input, output);
}

// MARK: Its life

static _Noreturn void end(void) {
    if (order.is_sandbox) {
        kill(first, SIGKILL);
        while (waitpid(first, NULL, 0) < 0 && errno == EINTR) {}
    } else {
        roost_kill_leaves(said.leaves, order.leaves);
        roost_kill_descendants();
    }
    if (console_pipe >= 0) read_console();
    (void)unlink("control");
    _exit(0);
}

static void collect(void) {
    struct signalfd_siginfo news;
    int status;
    pid_t ended;
    int is_over = 0;
    while (read(signals, &news, sizeof news) == sizeof news)
        if (news.ssi_signo != SIGCHLD) is_over = 1;
    while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
        if (ended != first) continue;
        is_over = 1;
        if (console_pipe >= 0) read_console();
        if (!order.is_sandbox) note_end(status);
    }
    if (is_over) end();
}

static void hear_sandbox(void) {
    struct roost_sandbox_answer news;
    int descriptor = -1;
    int error = roost_sandbox_receive(sandbox, &news, &descriptor);
    if (descriptor >= 0) close(descriptor);
    if (error == 0 && news.is_end) {
        if (console_pipe >= 0) read_console();
        note_end(news.value);
    }
    if (error != 0 || news.is_end) end();
}

static void admit(void) {
    int client = accept4(control, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) return;
    for (int index = 0; index < MOST_CLIENTS; index++) {
        if (clients[index] >= 0) continue;
        clients[index] = client;
        return;
    }
    close(client);
}

// A client that sends "e" wants the end; the others wait for it.
static void hear_client(int index) {
    char word = 0;
    ssize_t count = read(clients[index], &word, 1);
    if (count == 1 && word == 'e') end();
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
        close(clients[index]);
        clients[index] = -1;
    }
}

static _Noreturn void stay(void) {
    static struct pollfd sources[8 + MOST_CLIENTS + ROOST_DOOR_SOURCES];
    for (;;) {
        nfds_t count = 0;
        sources[count++] = (struct pollfd){signals, POLLIN, 0};
        sources[count++] = (struct pollfd){control, POLLIN, 0};
        sources[count++] = (struct pollfd){console_pipe, POLLIN, 0};
        sources[count++] = (struct pollfd){sandbox, POLLIN, 0};
        for (int index = 0; index < MOST_CLIENTS; index++)
            sources[count++] = (struct pollfd){clients[index], POLLIN, 0};
        nfds_t fixed = count;
        count += roost_door_sources(door, sources + fixed);
        if (poll(sources, count, -1) < 0) {
            if (errno == EINTR) continue;
            end();
        }
        if (sources[0].revents != 0) collect();
        if (sources[3].revents != 0) hear_sandbox();
        if (sources[2].revents != 0) read_console();
        for (int index = 0; index < MOST_CLIENTS; index++)
            if (sources[4 + index].revents != 0) hear_client(index);
        if (sources[1].revents != 0) admit();
        roost_door_serve(door, sources + fixed, count - fixed);
    }
}

static _Noreturn void keep(int input) {
    setsid();
    prctl(PR_SET_NAME, "roost-machine", 0, 0, 0);
    umask(077);
    for (int number = 0; number < 3; number++) close(number);
    if (open("/dev/null", O_RDWR) != 0 || dup2(0, 1) < 0 || dup2(0, 2) < 0) _exit(1);
    open_folder();
    open_control();
    watch_signals();
    int output = open_console();
    if (order.is_sandbox && order.port != 0 && roost_door_open(said.server, said.server_port) != 0)
        fail("read the server's address");
    if (order.is_sandbox) start_sandbox(input, output);
    else run_process(input, output);
    close(input);
    close(output);
    say(0, "");
    stay();
}

// MARK: The nursery

// Takes an order with its two descriptors; its size, or -1 when the other side is gone.
static ssize_t receive(int *descriptors) {
    struct iovec part = {order_bytes, sizeof order_bytes};
    union {
        char bytes[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr head;
    } extra;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = extra.bytes,
                             .msg_controllen = sizeof extra.bytes};
    ssize_t size;
    do size = recvmsg(0, &message, MSG_CMSG_CLOEXEC);
    while (size < 0 && errno == EINTR);
    if (size <= 0) return -1;
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head != NULL && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS &&
        head->cmsg_len == CMSG_LEN(2 * sizeof(int)))
        memcpy(descriptors, CMSG_DATA(head), 2 * sizeof(int));
    return size;
}

int roost_machine_nursery(void) {
    signal(SIGCHLD, SIG_IGN);
    setsid();
    if (chdir("/") != 0) return 1;
    for (;;) {
        int descriptors[2] = {-1, -1};
        ssize_t size = receive(descriptors);
        if (size < 0) return 0;
        answer_end = descriptors[0];
        if (answer_end < 0) continue;
        pid_t keeper = -1;
        if (read_order((size_t)size) != 0) say(EINVAL, "read the order");
        else if ((keeper = fork()) < 0) say(errno, "start a keeper");
        if (keeper == 0) {
            signal(SIGCHLD, SIG_DFL);
            keep(descriptors[1]);
        }
        close(descriptors[0]);
        if (descriptors[1] >= 0) close(descriptors[1]);
    }
}
