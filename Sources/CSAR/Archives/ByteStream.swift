// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
public import Support

/// Bytes that come one after the other, and each only once.
public protocol ByteStream: Sendable {
    /// The next bytes, at most so many; none at the end.
    ///
    /// - Throws: what stands in the way of reading them.
    func next(count: Int) throws(Problem) -> [UInt8]
}

/// What comes through a pipe or a socket that is open. It stays open.
struct DescriptorStream: ByteStream {
    let descriptor: Int32
    let name: String

    func next(count: Int) throws(Problem) -> [UInt8] {
        var length = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            repeat { length = Glibc.read(descriptor, buffer.baseAddress, buffer.count) } while length < 0 && errno == EINTR
            filled = max(0, length)
        }
        guard length >= 0 else {
            throw Problem("tosca.cannot-read", "‘\(name)’ cannot be read: \(String(cString: strerror(errno)))")
        }
        return bytes
    }
}
