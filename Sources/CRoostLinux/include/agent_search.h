#ifndef ROOST_AGENT_SEARCH_H
#define ROOST_AGENT_SEARCH_H

#include <stddef.h>

/// The first occurrence of a short text in a long one, or NULL; memmem(3), which the C library declares only to GNU sources.
const void *roost_find(const void *text, size_t text_size, const void *wanted, size_t wanted_size);

#endif
