#ifndef ROOST_AGENT_KEYS_H
#define ROOST_AGENT_KEYS_H

#include <stddef.h>

/// Keeps bytes in the kernel's keyring of this user, until the machine restarts, in the place of others of that name; 0, or an error number.
int roost_key_store(const char *name, const void *bytes, size_t size);

/// Reads them; their number, or the negative of an error number.
long roost_key_read(const char *name, void *bytes, size_t capacity);

/// Takes them out; 0, or an error number.
int roost_key_drop(const char *name);

#endif
