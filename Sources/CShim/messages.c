// SPDX-License-Identifier: Apache-2.0 OR MIT
#define _GNU_SOURCE
#include "CShim.h"

#include <sys/socket.h>
#include <sys/uio.h>

int shim_socket_pair(int *ends) {
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

int shim_send_request(int socket, uint64_t number, int specification) {
    struct iovec part = {&number, sizeof number};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.bytes = {0}};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes,
    };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &specification, sizeof specification);
    ssize_t count;
    do count = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (count < 0 && errno == EINTR);
    return count < 0 ? errno : 0;
}

bool shim_receive_request(int socket, uint64_t *number, int *specification) {
    struct iovec part = {number, sizeof *number};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes,
    };
    ssize_t count;
    do count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (count < 0 && errno == EINTR);
    if (count != sizeof *number) return false;
    *specification = -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_type == SCM_RIGHTS) memcpy(specification, CMSG_DATA(header), sizeof *specification);
    return true;
}

bool shim_send_report(int descriptor, const struct shim_report *report, const char *text, size_t length) {
    struct iovec parts[2] = {
        {(void *)report, sizeof *report}, {(void *)text, length < SHIM_TEXT_LIMIT ? length : SHIM_TEXT_LIMIT},
    };
    ssize_t count;
    do count = writev(descriptor, parts, 2);
    while (count < 0 && errno == EINTR);
    return count >= (ssize_t)sizeof *report;
}

ssize_t shim_receive_report(int descriptor, struct shim_report *report, char *text) {
    struct iovec parts[2] = {{report, sizeof *report}, {text, SHIM_TEXT_LIMIT}};
    ssize_t count;
    do count = readv(descriptor, parts, 2);
    while (count < 0 && errno == EINTR);
    if (count >= (ssize_t)sizeof *report) return count - (ssize_t)sizeof *report;
    return count < 0 && errno == EAGAIN ? SHIM_NO_REPORT_YET : SHIM_NO_REPORT;
}
