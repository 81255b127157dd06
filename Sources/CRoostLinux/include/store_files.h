#ifndef ROOST_STORE_FILES_H
#define ROOST_STORE_FILES_H

/// Writes all changed files of the file system that holds an open file to its disk; 0, or -1 with errno.
int roost_sync_file_system(int descriptor);

/// Waits, two seconds at most, until nobody has a file open for writing.
///
/// A process that is just being started elsewhere in this program holds what was open a moment ago, and the kernel runs no program that somebody may still write
/// (ETXTBSY). Returns at once where the file system cannot tell.
void roost_await_no_writers(const char *path);

#endif
