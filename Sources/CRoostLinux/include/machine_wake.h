#ifndef ROOST_MACHINE_WAKE_H
#define ROOST_MACHINE_WAKE_H

#include <stddef.h>

/// Opens a serial port for plain bytes, neither echoed nor changed; a descriptor, or -1 with errno set.
int roost_port_open(const char *path);

/// Makes random numbers of the kernel others at once than they would have been, with bytes that count as random; 0, or an error number.
///
/// Writing to /dev/urandom is not enough: what is written there counts up to a minute later. Needs root.
int roost_random_renew(const void *bytes, size_t size);

/// Sets the clock of the machine; 0, or an error number.
int roost_clock_set(long long seconds, long nanoseconds);

#endif
