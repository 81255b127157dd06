#ifndef ROOST_STORE_FILES_H
#define ROOST_STORE_FILES_H

/// Writes all changed files of the file system that holds an open file to its disk; 0, or -1 with errno.
int roost_sync_file_system(int descriptor);

#endif
