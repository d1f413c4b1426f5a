// SPDX-License-Identifier: Apache-2.0 OR MIT
#ifndef KHUTULUN_PEERCRED_H
#define KHUTULUN_PEERCRED_H

#include <stdint.h>

/// Who is at the other end of a unix socket.
struct khutulun_peer {
    int32_t pid;
    uint32_t uid;
    uint32_t gid;
};

/// Reads who is at the other end of a connected unix socket. Returns 0, or an errno.
int khutulun_peer_credentials(int descriptor, struct khutulun_peer *peer);

#endif
