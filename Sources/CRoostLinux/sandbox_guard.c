#define _GNU_SOURCE
#include "sandbox_guard.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

// Keys are kept for users of the whole machine; the others are for who administers it.
static const unsigned refused[] = {
    SYS_add_key, SYS_request_key, SYS_keyctl, SYS_bpf, SYS_perf_event_open, SYS_kexec_load, SYS_init_module,
    SYS_finit_module, SYS_delete_module, SYS_open_by_handle_at, SYS_userfaultfd, SYS_swapon, SYS_swapoff, SYS_reboot,
    SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime, SYS_acct, SYS_quotactl, SYS_syslog,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_iopl
    SYS_iopl, SYS_ioperm,
#endif
};
enum { REFUSED = sizeof refused / sizeof *refused };

#if defined(__x86_64__)
// The same calls of 32-bit programs, by their numbers in arch/x86/entry/syscalls/syscall_32.tbl.
static const unsigned refused_small[] = {286, 287, 288, 357, 336, 283, 128, 350, 129, 342, 374, 87, 115, 88,
                                         79,  264, 124, 343, 51,  131, 103, 110, 101, 404, 405};
enum { REFUSED_SMALL = sizeof refused_small / sizeof *refused_small, ARCHITECTURE = AUDIT_ARCH_X86_64 };
#elif defined(__aarch64__)
static const unsigned refused_small[] = {0};
enum { REFUSED_SMALL = 0, ARCHITECTURE = AUDIT_ARCH_AARCH64 };
#else
#error "The calls of this processor are not known."
#endif

static struct sock_filter filter[16 + 2 * (REFUSED + REFUSED_SMALL + 1)];

static unsigned short add_list(unsigned short place, const unsigned *numbers, unsigned short count) {
    filter[place++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (unsigned short index = 0; index < count; index++) {
        filter[place++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, numbers[index], 0, 1);
        filter[place++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    }
    return place;
}

int roost_guard(void) {
    unsigned short place = 0;
    filter[place++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    unsigned short check = place++;
    place = add_list(place, refused, REFUSED);
#if defined(__x86_64__)
    // The third set of numbers, of 64-bit programs with short pointers.
    filter[place++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
    filter[place++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
#endif
    filter[place++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[check] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 0, (unsigned char)(place - check - 1));
    place = add_list(place, refused_small, REFUSED_SMALL);
    filter[place++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {place, filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}
