// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// The exit statuses of khutulun-shim's first process.
enum shim_outcome {
    SHIM_STARTED = 0,
    SHIM_USAGE = 64,
    SHIM_BAD_SPECIFICATION = 65,
    SHIM_HELD = 66,
    SHIM_NOT_FOUND = 67,
    SHIM_NOT_PERMITTED = 68,
    SHIM_NOT_EXECUTABLE = 69,
    SHIM_BAD_DIRECTORY = 70,
    SHIM_BAD_USER = 71,
    SHIM_BAD_LIMIT = 72,
    SHIM_BAD_CGROUP = 73,
    SHIM_SYSTEM = 74,
};

/// Why a program wasn't started: a shim_outcome and an errno.
struct shim_failure {
    int32_t outcome;
    int32_t error;
};

/// A program to start, with everything that must be true of its process. Limits below 0 leave what is inherited.
struct shim_program {
    char *const *arguments;
    char *const *environment;
    const char *search_path;
    const char *directory;
    bool sets_user;
    uid_t user;
    gid_t group;
    const gid_t *groups;
    size_t group_count;
    int64_t files;
    int64_t core;
    /// A cgroup v2 folder that the process is born in, or -1.
    int birth_cgroup;
    /// Descriptors of further `cgroup.procs` that the process enters.
    const int *cgroups;
    size_t cgroup_count;
    /// Where standard output and error go.
    int output;
};

/// A process that waits to become its program.
struct shim_child {
    pid_t pid;
    int go;
    int failure;
};

/// Makes the process that will be the program. It waits for shim_release, so that it can be recorded first.
/// Returns 0 or an errno.
int shim_spawn(const struct shim_program *program, struct shim_child *child);

/// Lets the process become its program. Returns true if it did; else fills the failure, and the process has ended.
bool shim_release(struct shim_child *child, struct shim_failure *failure);

/// Leaves the caller's session in a child process: returns 0 in that child, which goes on alone, and in the caller the
/// child's process ID, or -1. `report` gets the end of a pipe: to write in the child, to read in the caller.
pid_t shim_daemonise(int *report);

/// Blocks the signals that the shim handles, and returns a descriptor that they can be read from.
int shim_signals(void);

/// The next signal from such a descriptor, 0 if there is none, or -1.
int shim_next_signal(int descriptor);

/// A pipe closed on exec whose reading end doesn't block: 0, or -1.
int shim_pipe(int *ends);

/// Closes everything from a descriptor on.
void shim_close_from(int first);

static inline int shim_errno(void) { return errno; }
static inline int shim_open(const char *path, int flags, mode_t mode) { return open(path, flags | O_CLOEXEC | O_NOCTTY, mode); }
static inline int shim_is_exited(int status) { return WIFEXITED(status); }
static inline int shim_exit_code(int status) { return WEXITSTATUS(status); }
static inline int shim_signal_of(int status) { return WTERMSIG(status); }
static inline int64_t shim_now_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
