// SPDX-License-Identifier: Apache-2.0 OR MIT
#define _GNU_SOURCE
#include "CShim.h"

#include <linux/sched.h>
#include <sys/syscall.h>

static char *title;
static size_t title_room;

// The C library gives constructors what it gives main.
__attribute__((constructor)) static void find_title(int count, char **arguments) {
    if (count != 2) return;
    title = arguments[1];
    title_room = strlen(title);
}

const char *shim_argument(void) {
    return title;
}

void shim_set_argument(const char *text) {
    size_t length = strnlen(text, title_room);
    memmove(title, text, length);
    memset(title + length, 0, title_room - length);
}

bool shim_detach(void) {
    pid_t pid = fork();
    if (pid > 0) _exit(0);
    return pid == 0;
}

pid_t shim_hatch(int specification, int *report) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    // Born as a sibling: whoever waits for the nursery's end waits for the shim's, and the nursery for nobody's.
    pid_t pid = (pid_t)syscall(SYS_clone, CLONE_PARENT, 0, 0, 0, 0);
    if (pid == 0) {
        setsid();
        dup3(specification, SHIM_SPECIFICATION, O_CLOEXEC);
        if (ends[1] != SHIM_REPORT) dup3(ends[1], SHIM_REPORT, O_CLOEXEC);
        shim_close_from(SHIM_REPORT + 1);
        return 0;
    }
    int error = errno;
    close(ends[1]);
    if (pid < 0) close(ends[0]);
    *report = ends[0];
    errno = error;
    return pid;
}

void shim_close_from(int first) {
    close_range((unsigned)first, ~0U, 0);
}

int shim_pipe(int *ends) {
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}
