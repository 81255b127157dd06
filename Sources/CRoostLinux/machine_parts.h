#ifndef ROOST_MACHINE_PARTS_H
#define ROOST_MACHINE_PARTS_H

#include <poll.h>
#include <stddef.h>
#include <sys/types.h>

// Parts of a machine's keeper.

enum { MOST_LEAVES = 8, MOST_PAIRS = 64, ROOST_DOOR_SOURCES = 1 + 2 * MOST_PAIRS };

// Puts a process, or this one when it is 0, into control groups; 0, or -1 and errno.
int roost_join_leaves(const char *const *leaves, unsigned count, pid_t process);
// Kills what is in them where one of them can do that.
void roost_kill_leaves(const char *const *leaves, unsigned count);
// Kills everything that descends from this process, and waits until all of it is gone.
void roost_kill_descendants(void);

// Runs newuidmap or newgidmap; 0, or an error number.
int roost_map_ranges(const char *program, pid_t process, unsigned own, unsigned from, unsigned count);

// What comes in at a listening socket is handed on to the server. 0, or -1 when the address is none.
int roost_door_open(const char *server, const char *port);
nfds_t roost_door_sources(int door, struct pollfd *sources);
void roost_door_serve(int door, const struct pollfd *sources, nfds_t count);

#endif
