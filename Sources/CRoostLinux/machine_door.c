#define _GNU_SOURCE
#include "machine_parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// One direction of a connection.
struct flow {
    char bytes[32 * 1024];
    size_t begin, end;
    int has_ended, is_shut;
};

struct pair {
    // The machine's side and the server's; -1 for a free place.
    int inner, outer;
    int is_connecting;
    struct flow up, down;
};

static struct pair pairs[MOST_PAIRS];
static struct sockaddr_storage server;
static socklen_t server_size;

int roost_door_open(const char *address, const char *port) {
    struct sockaddr_in *four = (struct sockaddr_in *)&server;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&server;
    in_port_t number = htons((in_port_t)atoi(port));
    memset(&server, 0, sizeof server);
    for (int index = 0; index < MOST_PAIRS; index++) pairs[index].inner = pairs[index].outer = -1;
    if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = number;
        server_size = sizeof *four;
        return 0;
    }
    if (inet_pton(AF_INET6, address, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = number;
        server_size = sizeof *six;
        return 0;
    }
    errno = EINVAL;
    return -1;
}

static struct pair *free_pair(void) {
    for (int index = 0; index < MOST_PAIRS; index++)
        if (pairs[index].inner < 0) return &pairs[index];
    return NULL;
}

static void drop(struct pair *pair) {
    close(pair->inner);
    close(pair->outer);
    pair->inner = pair->outer = -1;
}

static short wanted(const struct flow *from, const struct flow *to) {
    short events = 0;
    if (!from->has_ended && from->end < sizeof from->bytes) events |= POLLIN;
    if (to->begin < to->end) events |= POLLOUT;
    return events;
}

nfds_t roost_door_sources(int door, struct pollfd *sources) {
    // While all places are taken, who comes next waits in the queue of the socket.
    sources[0] = (struct pollfd){free_pair() != NULL ? door : -1, POLLIN, 0};
    for (int index = 0; index < MOST_PAIRS; index++) {
        struct pair *pair = &pairs[index];
        int is_used = door >= 0 && pair->inner >= 0;
        struct pollfd *inner = &sources[1 + 2 * index], *outer = inner + 1;
        *inner = (struct pollfd){-1, 0, 0};
        *outer = *inner;
        if (!is_used) continue;
        short inner_events = pair->is_connecting ? 0 : wanted(&pair->up, &pair->down);
        short outer_events = pair->is_connecting ? POLLOUT : wanted(&pair->down, &pair->up);
        // A side that nothing is wanted of would tell of its end again and again.
        if (inner_events != 0) *inner = (struct pollfd){pair->inner, inner_events, 0};
        if (outer_events != 0) *outer = (struct pollfd){pair->outer, outer_events, 0};
    }
    return ROOST_DOOR_SOURCES;
}

static void admit(int door) {
    int inner = accept4(door, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct pair *pair = free_pair();
    if (inner < 0 || pair == NULL) return;
    int outer = socket(server.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (outer < 0 || (connect(outer, (struct sockaddr *)&server, server_size) != 0 && errno != EINPROGRESS)) {
        if (outer >= 0) close(outer);
        close(inner);
        return;
    }
    int one = 1;
    (void)setsockopt(inner, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    (void)setsockopt(outer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    pair->inner = inner;
    pair->outer = outer;
    pair->is_connecting = 1;
    pair->up.begin = pair->up.end = pair->down.begin = pair->down.end = 0;
    pair->up.has_ended = pair->down.has_ended = pair->up.is_shut = pair->down.is_shut = 0;
}

// Moves what there is from one side to the other; -1 when the connection is broken.
static int move(struct flow *flow, int from, int to, int is_ready) {
    if (is_ready && !flow->has_ended && flow->end < sizeof flow->bytes) {
        ssize_t count = read(from, flow->bytes + flow->end, sizeof flow->bytes - flow->end);
        if (count == 0) flow->has_ended = 1;
        else if (count > 0) flow->end += (size_t)count;
        else if (errno != EAGAIN && errno != EINTR) return -1;
    }
    if (flow->begin < flow->end) {
        ssize_t count = send(to, flow->bytes + flow->begin, flow->end - flow->begin, MSG_NOSIGNAL);
        if (count > 0) flow->begin += (size_t)count;
        else if (count < 0 && errno != EAGAIN && errno != EINTR) return -1;
    }
    if (flow->begin == flow->end) {
        flow->begin = flow->end = 0;
        if (flow->has_ended && !flow->is_shut) {
            flow->is_shut = 1;
            (void)shutdown(to, SHUT_WR);
        }
    }
    return 0;
}

static void serve(struct pair *pair, short inner, short outer) {
    if (pair->is_connecting) {
        int error = 0;
        socklen_t size = sizeof error;
        if (outer == 0) return;
        if (getsockopt(pair->outer, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return drop(pair);
        pair->is_connecting = 0;
        return;
    }
    if (inner == 0 && outer == 0) return;
    if (move(&pair->up, pair->inner, pair->outer, inner & (POLLIN | POLLHUP | POLLERR)) != 0 ||
        move(&pair->down, pair->outer, pair->inner, outer & (POLLIN | POLLHUP | POLLERR)) != 0)
        return drop(pair);
    if (pair->up.is_shut && pair->down.is_shut) drop(pair);
}

void roost_door_serve(int door, const struct pollfd *sources, nfds_t count) {
    if (door < 0 || count < ROOST_DOOR_SOURCES) return;
    for (int index = 0; index < MOST_PAIRS; index++)
        if (pairs[index].inner >= 0) serve(&pairs[index], sources[1 + 2 * index].revents, sources[2 + 2 * index].revents);
    if (sources[0].revents != 0) admit(door);
}
