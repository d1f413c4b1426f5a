// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <stdint.h>
#include <sys/types.h>

#include "peercred.h"

/// System calls that Swift's Glibc module lacks. Each returns -1 and sets errno if it fails.

/// A descriptor of a process, readable once the process has ended. It is closed on exec.
int linux_pidfd_open(pid_t pid);

/// Sends a signal to exactly the process that the descriptor was opened for.
int linux_pidfd_send_signal(int pidfd, int signal);

/// Makes this process adopt the orphans among its descendants.
int linux_become_subreaper(void);

/// A descriptor, closed on exec, that is readable when something in a folder was written, made, renamed or removed.
int linux_watch_folder(const char *path);

/// Takes what happened from such a descriptor. Returns 1 if the folder itself is gone, else 0.
int linux_take_changes(int descriptor);

/// A descriptor, closed on exec, that is readable from a time on, in milliseconds since 1970 UTC and above 0, or once the clock
/// was set.
int linux_alarm(int64_t time);

/// A descriptor, closed on exec, of a file in memory with some content, to be read from its beginning.
int linux_memory_file(const void *content, size_t size);

/// The path without links of what a path leads to, in a buffer of PATH_MAX bytes, or NULL. It asks for all of the path at once.
const char *linux_real_path(const char *path, char *real);

/// A descriptor, closed on exec, of whatever has a name in a folder, a link too. It can be looked at and given away, not read.
int linux_entry(int folder, const char *name);

/// Gives what such a descriptor is of to another owner.
int linux_give_entry(int entry, uid_t user, gid_t group);

/// Gives a file or a folder another name that nothing has yet, also no empty folder.
int linux_rename_to_new(const char *from, const char *to);

/// From now on this process leaves no core file, and no other process of its account can look into it.
void linux_become_private(void);

/// From now on this thread of a process of root's reaches files as another user. It can't fail for root.
void linux_reach_files_as(uid_t user, gid_t group);

/// Gives what is free of the heap back to the kernel.
void linux_trim_heap(void);
