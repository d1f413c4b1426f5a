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

// Beyond all that the two descriptors of a shim are moved to.
enum { SHIM_BEYOND = SHIM_REPORT + 1 };

static void await_request(int request, int report) {
    setsid();
    request = fcntl(request, F_DUPFD_CLOEXEC, SHIM_BEYOND);
    report = fcntl(report, F_DUPFD_CLOEXEC, SHIM_BEYOND);
    if (dup3(request, SHIM_SPECIFICATION, O_CLOEXEC) < 0 || dup3(report, SHIM_REPORT, O_CLOEXEC) < 0) _exit(EX_OSERR);
    shim_close_from(SHIM_BEYOND);
    uint64_t number;
    int specification = -1;
    if (!shim_receive_request(SHIM_SPECIFICATION, &number, &specification) || specification < 0) _exit(0);
    if (dup3(specification, SHIM_SPECIFICATION, O_CLOEXEC) < 0) _exit(EX_OSERR);
    close(specification);
}

pid_t shim_hatch(struct shim_egg *egg) {
    int requests[2], reports[2];
    if (shim_socket_pair(requests) != 0) return -1;
    pid_t pid = -1;
    if (pipe2(reports, O_CLOEXEC) == 0) {
        // Born as a sibling: whoever waits for the nursery's end waits for the shim's, and the nursery for nobody's.
        pid = (pid_t)syscall(SYS_clone, CLONE_PARENT, 0, 0, 0, 0);
        if (pid == 0) {
            await_request(requests[1], reports[1]);
            return 0;
        }
        int error = errno;
        close(reports[1]);
        if (pid < 0) close(reports[0]);
        errno = error;
    }
    int error = errno;
    close(requests[1]);
    if (pid < 0) close(requests[0]);
    *egg = (struct shim_egg){requests[0], reports[0]};
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
