// SPDX-License-Identifier: Apache-2.0 OR MIT
#define _GNU_SOURCE
#include "peercred.h"
#include <errno.h>
#include <sys/socket.h>

int khutulun_peer_credentials(int descriptor, struct khutulun_peer *peer) {
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return errno;
    if (size != sizeof credentials || credentials.uid == (uid_t)-1) return ENOTCONN;
    peer->pid = credentials.pid;
    peer->uid = credentials.uid;
    peer->gid = credentials.gid;
    return 0;
}
