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
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

/// How a start went.
enum shim_outcome {
    SHIM_STARTED = 0,
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

/// A shim that waits to be told what to start: where it gets its request, and where its report is read.
struct shim_egg {
    int request;
    int report;
};

/// The descriptor where the nursery gets requests and sends reports.
#define SHIM_SOCKET 3
/// The descriptor of what a shim is to start, in the socket's place.
#define SHIM_SPECIFICATION 3
/// The descriptor where a shim says how the start went.
#define SHIM_REPORT 4

/// How a start went. A text for people may follow it.
struct shim_report {
    /// The request's.
    uint64_t number;
    /// A shim_outcome.
    int32_t outcome;
    /// The processes: the program's and the shim's, with the clock ticks from the boot to their starts.
    int32_t process;
    int64_t process_start;
    int64_t shim;
    int64_t shim_start;
    /// Milliseconds since 1970.
    int64_t started;
};

/// The longest text, in bytes. With its report it passes through a pipe as one.
#define SHIM_TEXT_LIMIT 4000
/// What shim_receive_report returns if there is no report now, or never will be.
#define SHIM_NO_REPORT_YET (-1)
#define SHIM_NO_REPORT (-2)

/// A pair of connected sockets for requests and reports, closed on exec: 0, or -1. The first, the agent's, doesn't block.
int shim_socket_pair(int *ends);

/// Asks for a start: a number to tell it from others, and a file with the specification. Doesn't wait. Returns 0 or an errno.
int shim_send_request(int socket, uint64_t number, int specification);

/// Waits for a request. The specification is -1 if no more files can be open. Returns false if no more will come.
bool shim_receive_request(int socket, uint64_t *number, int *specification);

/// Sends a report through a pipe or a socket, with a text that is cut if it is too long. Returns whether it was sent.
bool shim_send_report(int descriptor, const struct shim_report *report, const char *text, size_t length);

/// Takes a report from a pipe or a socket. Returns the length of its text, for which there must be SHIM_TEXT_LIMIT bytes of room.
ssize_t shim_receive_report(int descriptor, struct shim_report *report, char *text);

/// The only argument that this program was called with; NULL if there is another number of them.
const char *shim_argument(void);

/// Replaces that argument for whoever looks at this process. What is longer is cut.
void shim_set_argument(const char *text);

/// Goes on in a process that nobody below init has to wait for. Returns whether it does; if not, this is still the old one.
bool shim_detach(void);

/// Makes a shim: a process in a session of its own that nobody below init has to wait for, with no descriptors but the standard
/// ones, SHIM_SPECIFICATION and SHIM_REPORT. Returns 0 in it once it has got a request, and ends it if there will be none; in the
/// caller its process ID, or -1.
pid_t shim_hatch(struct shim_egg *egg);

/// Lets every signal do what it does by default, and blocks none.
void shim_reset_signals(void);

/// Blocks no signals.
void shim_unblock_signals(void);

/// Blocks all signals, and returns a descriptor that those the shim handles can be read from.
int shim_signals(void);

/// The next signal from such a descriptor, 0 if there is none, or -1.
int shim_next_signal(int descriptor);

/// A pipe closed on exec whose reading end doesn't block: 0, or -1.
int shim_pipe(int *ends);

/// Closes everything from a descriptor on.
void shim_close_from(int first);

static inline int shim_errno(void) { return errno; }
static inline int shim_open(const char *path, int flags, mode_t mode) { return open(path, flags | O_CLOEXEC | O_NOCTTY, mode); }
static inline bool shim_is_open(int descriptor) { return fcntl(descriptor, F_GETFD) >= 0; }
static inline void shim_wipe(char *text) { explicit_bzero(text, strlen(text)); }
static inline int shim_is_exited(int status) { return WIFEXITED(status); }
static inline int shim_exit_code(int status) { return WEXITSTATUS(status); }
static inline int shim_signal_of(int status) { return WTERMSIG(status); }
static inline int64_t shim_now_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
