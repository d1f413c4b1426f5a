// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria

/// What a plugin may use. A plugin has no authority of its own: what no grant names is refused.
///
/// Grants are asked about resolved things: who asks about a file gives a path without links, because a link within a
/// granted folder may lead out of it.
public struct Grants: Sendable, Hashable {
    /// A folder or directory: everything below it, and itself.
    public struct Place: Sendable, Hashable {
        /// The path: absolute for files, relative to the root for directories of the graph.
        public var path: String
        /// Whether what is there may be changed.
        public var isWritable: Bool

        /// Makes a place.
        public init(_ path: String, isWritable: Bool = true) {
            self.path = path
            self.isWritable = isWritable
        }
    }

    /// The commands that it may run: the program and its arguments. The word `*` stands for any one argument, the last
    /// word `**` for any further ones.
    public var programs: [[String]]
    /// The files that it may use: those below folders, and single ones.
    public var files: [Place]
    /// The unix sockets that it may connect to, and those below folders.
    public var sockets: [String]
    /// The addresses that it may connect to: `HOST:PORT`, where `*` stands for any host or port; `*` alone is any.
    public var addresses: [String]
    /// The directories of the graph that it may use.
    public var directories: [Place]
    /// The secrets whose contents it may have: names, or `DIRECTORY/*` for all in a directory and below.
    public var secrets: [String]
    /// Whether it may supervise the processes of nodes in the directories that it may change.
    public var processes: Bool
    /// Whether it may list listening sockets.
    public var listeners: Bool

    /// No grants at all.
    public init() {
        programs = []
        files = []
        sockets = []
        addresses = []
        directories = []
        secrets = []
        processes = false
        listeners = false
    }

    /// Whether it may run a command.
    public func allows(program arguments: [String]) -> Bool {
        programs.contains { Self.matches($0, arguments) }
    }

    /// Whether it may read the file or folder at an absolute path without links.
    public func allows(reading path: String) -> Bool { Self.holds(files, path) }

    /// Whether it may change the file or folder at an absolute path without links.
    public func allows(writing path: String) -> Bool { Self.holds(files.filter(\.isWritable), path) }

    /// Whether it may connect to the unix socket at an absolute path without links.
    public func allows(socket path: String) -> Bool { Self.holds(sockets.map { Place($0) }, path) }

    /// Whether it may connect to a host, by the name or number that it gives, and a port.
    public func allows(address: String, port: Int) -> Bool {
        addresses.contains { grant in
            guard grant != "*" else { return true }
            guard let (host, granted) = Self.split(address: grant) else { return false }
            return (host == "*" || host == Self.normalized(host: address)) && (granted == "*" || granted == String(port))
        }
    }

    /// Whether it may read what is in a directory of the graph.
    public func allowsReading(_ directory: Directory) -> Bool { Self.holds(directories, directory) }

    /// Whether it may change what is in a directory of the graph.
    public func allowsWriting(_ directory: Directory) -> Bool { Self.holds(directories.filter(\.isWritable), directory) }

    /// Whether it may have the content of a secret.
    public func allows(secret name: String) -> Bool {
        secrets.contains { grant in grant == name || grant.hasSuffix("/*") && name.hasPrefix(grant.dropLast()) }
    }

    private static func matches(_ pattern: [String], _ arguments: [String]) -> Bool {
        var pattern = pattern[...]
        var isOpen = false
        if pattern.last == "**" {
            pattern.removeLast()
            isOpen = true
        }
        guard !arguments.isEmpty, isOpen ? arguments.count >= pattern.count : arguments.count == pattern.count else {
            return false
        }
        return zip(pattern, arguments).allSatisfy { $0 == "*" || $0 == $1 }
    }

    private static func holds(_ places: [Place], _ path: String) -> Bool {
        guard let names = normalized(path: path) else { return false }
        return places.contains { place in normalized(path: place.path).map { names.starts(with: $0) } ?? false }
    }

    private static func holds(_ places: [Place], _ directory: Directory) -> Bool {
        places.contains { directory.names.starts(with: $0.path.split(separator: "/").map(String.init)) }
    }

    /// The names of an absolute path without `.` and `..`; nil if it isn't absolute or leads above the root.
    static func normalized(path: String) -> [String]? {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        var names: [String] = []
        for name in path.split(separator: "/") where name != "." {
            if name != ".." {
                names.append(String(name))
            } else if names.popLast() == nil {
                return nil
            }
        }
        return names
    }

    /// Host and port of `HOST:PORT` or `[HOST]:PORT`.
    static func split(address: String) -> (host: String, port: String)? {
        guard let colon = address.lastIndex(of: ":") else { return nil }
        let host = normalized(host: String(address[..<colon]))
        let port = String(address[address.index(after: colon)...])
        return host.isEmpty || !(port == "*" || UInt16(port) != nil) ? nil : (host, port)
    }

    /// Names of hosts don't differ by case, and numbers of IPv6 may stand in brackets.
    private static func normalized(host: String) -> String {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        return bare.lowercased()
    }
}
