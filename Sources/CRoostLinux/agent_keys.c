#define _GNU_SOURCE
#include "agent_keys.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Processes of the key's user may look it up and read it, whatever session they are of.
static const unsigned int roost_key_rights = 0x3f0b0000;

static long roost_keyctl(int what, long first, long second, long third, long fourth) {
    return syscall(SYS_keyctl, what, first, second, third, fourth);
}

int roost_key_store(const char *name, const void *bytes, size_t size) {
    // A new key can only be changed by who possesses it: it is made in the ring of this process and moved.
    long key = syscall(SYS_add_key, "user", name, bytes, size, KEY_SPEC_PROCESS_KEYRING);
    if (key < 0) return errno;
    int error = 0;
    if (roost_keyctl(KEYCTL_SETPERM, key, roost_key_rights, 0, 0) != 0 ||
        roost_keyctl(KEYCTL_LINK, key, KEY_SPEC_USER_KEYRING, 0, 0) != 0)
        error = errno;
    roost_keyctl(KEYCTL_UNLINK, key, KEY_SPEC_PROCESS_KEYRING, 0, 0);
    return error;
}

static long roost_key_find(const char *name) {
    return roost_keyctl(KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, (long)"user", (long)name, 0);
}

long roost_key_read(const char *name, void *bytes, size_t capacity) {
    long key = roost_key_find(name);
    if (key < 0) return -errno;
    long size = roost_keyctl(KEYCTL_READ, key, (long)bytes, (long)capacity, 0);
    if (size < 0) return -errno;
    return (size_t)size > capacity ? -EMSGSIZE : size;
}

int roost_key_drop(const char *name) {
    long key = roost_key_find(name);
    if (key < 0) return errno;
    return roost_keyctl(KEYCTL_UNLINK, key, KEY_SPEC_USER_KEYRING, 0, 0) == 0 ? 0 : errno;
}
