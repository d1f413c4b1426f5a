// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Tells where files lie that are named by an address and not by a path: by a URL, or as an entry of an archive (6.8.2.2).
public protocol AddressResolver: Sendable {
    /// The place of the file at an address. Whether there is such a file shows when it is opened.
    ///
    /// - Parameters:
    ///   - address: a URL, or a path and a `!` followed by the path of an entry in the archive there.
    ///   - referrer: the file in which the address stands; nil if a person gave it.
    /// - Throws: what stands in the way of reaching it, among others that a file which isn't of this machine may name none
    ///   that is.
    func place(of address: String, in referrer: FilePlace?) throws(Problem) -> FilePlace
}

/// Knows the files of this machine only: `file:PATH` and `file:///PATH` (RFC 8089).
public struct LocalAddresses: AddressResolver {
    /// Makes it.
    public init() {}

    /// The place of a file of this machine.
    ///
    /// - Throws: `tosca.not-local`, `tosca.unknown-scheme`.
    public func place(of address: String, in referrer: FilePlace?) throws(Problem) -> FilePlace {
        guard let path = try Self.path(of: address, in: referrer) else {
            throw Problem(
                "tosca.unknown-scheme", "‘\(address)’ is no file of this machine",
                hint: "download the file, and name it by its path")
        }
        // Strictly such a path is absolute. One that isn't can only mean what it does without the scheme.
        return path.hasPrefix("/") ? FilePlace(path: path) : referrer?.sibling(path) ?? FilePlace(path: path)
    }

    /// The path that a `file:` address tells; nil if the address is another one.
    ///
    /// - Throws: `tosca.not-local` if the file in which it stands isn't of this machine.
    public static func path(of address: String, in referrer: FilePlace?) throws(Problem) -> String? {
        guard Path.scheme(of: address)?.lowercased() == "file" else { return nil }
        try check(address, in: referrer)
        let rest = address.dropFirst(5)
        guard rest.hasPrefix("//") else { return String(rest) }
        let host = rest.dropFirst(2).prefix { $0 != "/" }
        // `file://a/b` has always been read as a path here; only the two names of this machine are left out.
        return String(rest.dropFirst(2).dropFirst(host == "localhost" ? host.count : 0))
    }

    /// Makes sure that a file may name those of this machine: a design that came from elsewhere may not look around here.
    ///
    /// - Throws: `tosca.not-local`.
    public static func check(_ address: String, in referrer: FilePlace?) throws(Problem) {
        guard let referrer, !referrer.repository.isLocal else { return }
        throw Problem(
            "tosca.not-local", "‘\(referrer.name)’ is no file of this machine, and cannot use one that is",
            hint: "let it name the file by a path from where it lies itself")
    }
}
