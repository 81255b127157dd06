#define _GNU_SOURCE
#include "agent_search.h"

#include <string.h>

const void *roost_find(const void *text, size_t text_size, const void *wanted, size_t wanted_size) {
    return memmem(text, text_size, wanted, wanted_size);
}
