// SPDX-License-Identifier: Apache-2.0 OR MIT
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

int linux_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int linux_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int linux_become_subreaper(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

int linux_watch_folder(const char *path) {
    int descriptor = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (descriptor < 0) return -1;
    uint32_t events = IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_ONLYDIR;
    if (inotify_add_watch(descriptor, path, events) >= 0) return descriptor;
    close(descriptor);
    return -1;
}

int linux_take_changes(int descriptor) {
    char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    ssize_t count;
    int is_gone = 0;
    while ((count = read(descriptor, buffer, sizeof buffer)) > 0) {
        for (char *next = buffer; next < buffer + count;) {
            const struct inotify_event *event = (const struct inotify_event *)next;
            if (event->mask & (IN_DELETE_SELF | IN_IGNORED)) is_gone = 1;
            next += sizeof *event + event->len;
        }
    }
    return is_gone;
}

int linux_alarm(int64_t time) {
    int descriptor = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (descriptor < 0) return -1;
    struct itimerspec alarm = {.it_value = {.tv_sec = time / 1000, .tv_nsec = time % 1000 * 1000000}};
    if (timerfd_settime(descriptor, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &alarm, NULL) == 0) return descriptor;
    close(descriptor);
    return -1;
}

int linux_memory_file(const void *content, size_t size) {
    int descriptor = memfd_create("input", MFD_CLOEXEC);
    if (descriptor < 0) return -1;
    size_t done = 0;
    while (done < size) {
        ssize_t count = pwrite(descriptor, (const char *)content + done, size - done, (off_t)done);
        if (count > 0) {
            done += (size_t)count;
        } else if (count == 0 || errno != EINTR) {
            close(descriptor);
            return -1;
        }
    }
    return descriptor;
}

const char *linux_real_path(const char *path, char *real) {
    int descriptor = open(path, O_PATH | O_CLOEXEC);
    if (descriptor < 0) return NULL;
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t count = readlink(link, real, PATH_MAX - 1);
    struct stat info;
    bool is_there = count > 0 && real[0] == '/' && fstat(descriptor, &info) == 0 && info.st_nlink > 0;
    close(descriptor);
    // Of what is removed meanwhile the system tells a name that it never had.
    if (!is_there) return realpath(path, real);
    real[count] = 0;
    return real;
}

int linux_entry(int folder, const char *name) {
    return openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

int linux_give_entry(int entry, uid_t user, gid_t group) {
    return fchownat(entry, "", user, group, AT_EMPTY_PATH);
}

int linux_rename_to_new(const char *from, const char *to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

static bool is_private;

void linux_become_private(void) {
    is_private = true;
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void linux_reach_files_as(uid_t user, gid_t group) {
    setfsgid(group);
    setfsuid(user);
    // A change of these makes the process what the system's administrator has chosen for such ones.
    if (is_private) prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void linux_trim_heap(void) {
    malloc_trim(0);
}
