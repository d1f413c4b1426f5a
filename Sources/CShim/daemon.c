// SPDX-License-Identifier: Apache-2.0 OR MIT
#define _GNU_SOURCE
#include "CShim.h"

#include <sys/signalfd.h>

pid_t shim_daemonise(int *report) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    pid_t pid = fork();
    if (pid < 0) return -1;
    *report = pid == 0 ? ends[1] : ends[0];
    close(pid == 0 ? ends[0] : ends[1]);
    if (pid != 0) return pid;
    // One fork is enough to be nobody's job: a terminal cannot become ours because every file is opened with O_NOCTTY.
    setsid();
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
        if (null > 2) close(null);
    }
    return 0;
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

int shim_pipe(int *ends) {
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

void shim_close_from(int first) {
    close_range((unsigned)first, ~0U, 0);
}
