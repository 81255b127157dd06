#ifndef ROOST_SANDBOX_GUARD_H
#define ROOST_SANDBOX_GUARD_H

// Refuses this process and all that come of it what reaches the kernel past the namespaces; 0, or -1 and errno. It needs the rights of root of its namespace.
int roost_guard(void);

#endif
