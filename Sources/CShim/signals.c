// SPDX-License-Identifier: Apache-2.0 OR MIT
#define _GNU_SOURCE
#include "CShim.h"

#include <sys/signalfd.h>
#include <sys/syscall.h>

void shim_reset_signals(void) {
    // The C library's own function leaves out its two internal signals, which posix_spawn ignores and a program inherits.
    static const unsigned long default_action[8] = {(unsigned long)SIG_DFL};
    for (int number = 1; number < NSIG; number++) syscall(SYS_rt_sigaction, number, default_action, NULL, 8);
    shim_unblock_signals();
}

void shim_unblock_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

int shim_signals(void) {
    sigset_t all, handled;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    sigemptyset(&handled);
    sigaddset(&handled, SIGCHLD);
    sigaddset(&handled, SIGTERM);
    sigaddset(&handled, SIGINT);
    return signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK);
}

int shim_next_signal(int descriptor) {
    struct signalfd_siginfo info;
    ssize_t count = read(descriptor, &info, sizeof info);
    if (count == sizeof info) return (int)info.ssi_signo;
    return count < 0 && errno != EAGAIN && errno != EINTR ? -1 : 0;
}
