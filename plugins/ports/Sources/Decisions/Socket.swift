// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A socket that listens, or one that is wanted.
struct Socket: Equatable {
    var transport: String
    var address: String
    var port: Int

    /// Whether the two cannot both be bound: the wildcard address takes a port from all others.
    func conflicts(with other: Socket) -> Bool {
        guard port == other.port, transport == other.transport else { return false }
        return isWildcard(address) || isWildcard(other.address) || plainAddress(address) == plainAddress(other.address)
    }

    /// The name of the reservation. There is one per transport and port, whatever the address is: that two reservations
    /// of one port cannot both be made then follows from compare-and-set of one entity alone.
    var reservationName: String { "\(transport)-\(port)" }
}

private func isWildcard(_ address: String) -> Bool {
    let plain = plainAddress(address)
    return plain == "0.0.0.0" || plain == "::" || plain == "*" || plain.isEmpty
}

/// An address without brackets, and an IPv4 address without the prefix that IPv6 gives it.
private func plainAddress(_ address: String) -> String {
    var bytes = Array(address.utf8)
    if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") { bytes = Array(bytes.dropFirst().dropLast()) }
    let prefix = Array("::ffff:".utf8)
    if bytes.starts(with: prefix), bytes.contains(UInt8(ascii: ".")) { bytes = Array(bytes.dropFirst(prefix.count)) }
    return String(decoding: bytes, as: UTF8.self)
}

/// Where others reach a socket, as `ADDRESS:PORT`: one that listens on all addresses is reached at the host's.
func endpoint(_ address: String, _ port: Int, hostAddress: String) -> String {
    let reachable = isWildcard(address) ? hostAddress : plainAddress(address)
    return reachable.utf8.contains(UInt8(ascii: ":")) ? "[\(reachable)]:\(port)" : "\(reachable):\(port)"
}
