#define _GNU_SOURCE
#include "store_files.h"
#include <unistd.h>

int roost_sync_file_system(int descriptor) { return syncfs(descriptor); }
