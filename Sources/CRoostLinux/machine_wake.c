#define _GNU_SOURCE
#include "machine_wake.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// Kernels since 4.17 have it; headers may be older.
#ifndef RNDRESEEDCRNG
#define RNDRESEEDCRNG _IO('R', 0x07)
#endif

int roost_port_open(const char *path) {
    struct termios settings;
    // A port without a carrier would not open otherwise.
    int port = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (port < 0) return -1;
    if (tcgetattr(port, &settings) == 0) {
        cfmakeraw(&settings);
        cfsetspeed(&settings, B115200);
        settings.c_cflag |= CLOCAL | CREAD;
        settings.c_cflag &= ~(tcflag_t)CRTSCTS;
        if (tcsetattr(port, TCSANOW, &settings) == 0 && fcntl(port, F_SETFL, 0) == 0) return port;
    } else if (errno == ENOTTY && fcntl(port, F_SETFL, 0) == 0) {
        return port;
    }
    int error = errno;
    close(port);
    errno = error;
    return -1;
}

int roost_random_renew(const void *bytes, size_t size) {
    struct {
        int bits, size;
        char bytes[256];
    } pool;
    if (size > sizeof pool.bytes) size = sizeof pool.bytes;
    pool.bits = (int)size * 8;
    pool.size = (int)size;
    memcpy(pool.bytes, bytes, size);
    int source = open("/dev/urandom", O_RDWR | O_CLOEXEC);
    if (source < 0) return errno;
    int error = ioctl(source, RNDADDENTROPY, &pool) == 0 && ioctl(source, RNDRESEEDCRNG) == 0 ? 0 : errno;
    close(source);
    explicit_bzero(&pool, sizeof pool);
    return error;
}

int roost_clock_set(long long seconds, long nanoseconds) {
    struct timespec time = {.tv_sec = seconds, .tv_nsec = nanoseconds};
    return clock_settime(CLOCK_REALTIME, &time) == 0 ? 0 : errno;
}
