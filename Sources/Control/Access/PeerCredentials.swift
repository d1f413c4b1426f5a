// SPDX-License-Identifier: Apache-2.0 OR MIT
import CLinux
import Glibc
public import Support

/// The account and process at the other end of a unix socket, as the kernel recorded them when it connected.
public struct PeerCredentials: Sendable, Hashable {
    /// The process; 0 if it is in a process namespace that this one cannot see.
    public var pid: Int32
    /// Its account.
    public var uid: UInt32
    /// Its main group.
    public var gid: UInt32

    /// Reads the credentials of a connected unix socket's peer.
    ///
    /// - Throws: `api.no-credentials` if the descriptor is no connected unix socket.
    public init(descriptor: Int32) throws(Problem) {
        var peer = khutulun_peer()
        let failure = khutulun_peer_credentials(descriptor, &peer)
        guard failure == 0 else {
            throw Problem(
                "api.no-credentials",
                "cannot tell who is at the other end of the connection: \(String(cString: strerror(failure)))")
        }
        self.pid = peer.pid
        self.uid = peer.uid
        self.gid = peer.gid
    }
}
