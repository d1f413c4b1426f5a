// SPDX-License-Identifier: Apache-2.0 OR MIT
#define _GNU_SOURCE
#include "CShim.h"

#include <grp.h>
#include <limits.h>
#include <linux/sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>

// Everything here that runs in the child must be async-signal-safe.

_Noreturn static void fail(int pipe, int outcome, int error) {
    struct shim_failure failure = {outcome, error};
    ssize_t written = write(pipe, &failure, sizeof failure);
    _exit(written == sizeof failure ? 127 : 126);
}

static void set_limit(int pipe, int resource, int64_t wanted) {
    if (wanted < 0) return;
    struct rlimit limit = {(rlim_t)wanted, (rlim_t)wanted};
    if (setrlimit(resource, &limit) != 0) fail(pipe, SHIM_BAD_LIMIT, errno);
}

static void set_user(int pipe, const struct shim_program *program) {
    if (!program->sets_user) return;
    if (setgroups(program->group_count, program->groups) != 0
        || setresgid(program->group, program->group, program->group) != 0
        || setresuid(program->user, program->user, program->user) != 0)
        fail(pipe, SHIM_BAD_USER, errno);
}

_Noreturn static void fail_execution(int pipe, const char *path, int error) {
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        // The file itself is there: what is missing is the interpreter that it names.
        fail(pipe, access(path, F_OK) == 0 ? SHIM_NOT_EXECUTABLE : SHIM_NOT_FOUND, error);
    case EACCES:
    case EPERM:
        fail(pipe, SHIM_NOT_PERMITTED, error);
    case ENOEXEC:
    case EISDIR:
    case ELIBBAD:
        fail(pipe, SHIM_NOT_EXECUTABLE, error);
    default:
        fail(pipe, SHIM_SYSTEM, error);
    }
}

_Noreturn static void execute(int pipe, const struct shim_program *program) {
    const char *name = program->arguments[0];
    if (strchr(name, '/')) {
        execve(name, program->arguments, program->environment);
        fail_execution(pipe, name, errno);
    }
    int denied = 0;
    const char *rest = program->search_path;
    while (rest) {
        const char *end = strchrnul(rest, ':');
        char path[PATH_MAX];
        size_t length = (size_t)(end - rest), size = strlen(name) + 1;
        if (length > 0 && length + 1 + size <= sizeof path) {
            memcpy(path, rest, length);
            path[length] = '/';
            memcpy(path + length + 1, name, size);
            execve(path, program->arguments, program->environment);
            int error = errno;
            if (error == EACCES) denied = error;
            else if ((error != ENOENT && error != ENOTDIR) || access(path, F_OK) == 0) fail_execution(pipe, path, error);
        }
        rest = *end ? end + 1 : NULL;
    }
    fail(pipe, denied ? SHIM_NOT_PERMITTED : SHIM_NOT_FOUND, denied ? denied : ENOENT);
}

_Noreturn static void become(const struct shim_program *program, int go, int pipe) {
    setsid();
    for (size_t index = 0; index < program->cgroup_count; index++)
        if (write(program->cgroups[index], "0", 1) != 1) fail(pipe, SHIM_BAD_CGROUP, errno);
    if (dup2(program->output, 1) < 0 || dup2(program->output, 2) < 0) fail(pipe, SHIM_SYSTEM, errno);
    set_limit(pipe, RLIMIT_NOFILE, program->files);
    set_limit(pipe, RLIMIT_CORE, program->core);
    char byte;
    if (read(go, &byte, 1) != 1) _exit(126);
    set_user(pipe, program);
    if (chdir(program->directory) != 0) fail(pipe, SHIM_BAD_DIRECTORY, errno);
    umask(022);
    // What is to be done at a signal was put right when the nursery began.
    shim_unblock_signals();
    execute(pipe, program);
}

static pid_t clone_into(int cgroup) {
    if (cgroup < 0) return fork();
    struct clone_args arguments = {
        .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)cgroup,
    };
    return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

int shim_spawn(const struct shim_program *program, struct shim_child *child) {
    int go[2], failure[2];
    if (pipe2(go, O_CLOEXEC) != 0) return errno;
    if (pipe2(failure, O_CLOEXEC) != 0) return errno;
    pid_t pid = clone_into(program->birth_cgroup);
    if (pid < 0) return errno;
    if (pid == 0) {
        close(go[1]);
        close(failure[0]);
        become(program, go[0], failure[1]);
    }
    close(go[0]);
    close(failure[1]);
    *child = (struct shim_child){pid, go[1], failure[0]};
    return 0;
}

bool shim_release(struct shim_child *child, struct shim_failure *failure) {
    char byte = 1;
    ssize_t count;
    bool released = write(child->go, &byte, 1) == 1;
    do count = read(child->failure, failure, sizeof *failure);
    while (count < 0 && errno == EINTR);
    close(child->go);
    close(child->failure);
    if (released && count == 0) return true;
    if (count != sizeof *failure) *failure = (struct shim_failure){SHIM_SYSTEM, EIO};
    int status;
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {}
    return false;
}
