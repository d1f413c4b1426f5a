// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support
import Synchronization
import TOSCA

/// Gets revisions of repositories with the program `git`, each once.
final class GitRepositories: Sendable {
    private let options: FetchOptions
    private let known = Mutex<[String: GitFiles]>([:])

    init(_ options: FetchOptions) { self.options = options }

    /// The place of a file in a revision of a repository: `REPOSITORY#REVISION`, or only the repository for the newest one.
    ///
    /// - Throws: `fetch.*`, `tosca.not-local`.
    func place(of path: String, in text: String, _ referrer: FilePlace?) throws(Problem) -> FilePlace {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let revision = parts.count > 1 ? parts[1] : "HEAD"
        let source = try GitSource(parts[0], options.map, in: referrer)
        guard Self.isRevision(revision) else {
            throw Problem(
                "fetch.malformed-address", "‘\(revision)’ is no name of a revision",
                hint: "give a branch, a tag or the digits of a commit")
        }
        let name = "git:\(text)"
        if let files = known.withLock({ $0[name] }) { return FilePlace(repository: files, path: Path.join("", path)) }
        let clone = GitClone(source: source, options: options)
        let files = GitFiles(name: name, clone: clone, commit: try clone.commit(of: revision))
        known.withLock { $0[name] = files }
        return FilePlace(repository: files, path: Path.join("", path))
    }

    /// Whether a text can name a revision, and can't be anything else to git.
    private static func isRevision(_ text: String) -> Bool {
        let marks = Set("._/@+-".utf8)
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || marks.contains(byte) || byte > 0x7f
        }
        return isPlain && !text.isEmpty && !text.contains("..") && !["-", "+", "/"].contains(text.prefix(1))
    }
}

/// A repository, as git is told it.
struct GitSource {
    let address: String
    /// Whether it lies on this machine.
    let isLocal: Bool

    /// - Throws: `fetch.malformed-address`, `fetch.credentials-in-address`, `tosca.not-local`.
    init(_ text: String, _ map: URLMap, in referrer: FilePlace?) throws(Problem) {
        if let (base, rest) = map.target(of: text) {
            // Where the map leads, a person said. What follows in the address must not lead out of there.
            guard !rest.split(separator: "/").contains("..") else {
                throw Problem("fetch.malformed-address", "‘\(text)’ leads out of the folder that it is mapped to")
            }
            try self.init(base + rest, in: nil)
        } else {
            try self.init(text, in: referrer)
        }
    }

    private init(_ text: String, in referrer: FilePlace?) throws(Problem) {
        let scheme = Path.scheme(of: text)?.lowercased()
        if let scheme, text.dropFirst(scheme.count).hasPrefix("://"), ["http", "https", "ssh", "git"].contains(scheme) {
            let authority = text.dropFirst(scheme.count + 3).prefix { $0 != "/" }
            guard !authority.hasPrefix("-") else { throw Self.malformed(text) }
            if scheme != "ssh", authority.contains("@") {
                throw Problem(
                    "fetch.credentials-in-address", "a name and a password in an address can be read by everybody",
                    hint: "leave them out, and tell them to git, for example with ‘git credential’")
            }
            (address, isLocal) = (text, false)
            return
        }
        // As in `git@example.org:shop.git`: a name of an account, a host and a path.
        if let at = text.firstIndex(of: "@"), let colon = text.firstIndex(of: ":"), at < colon, !text.hasPrefix("-"),
            !text[..<colon].contains("/"), !text.contains("::")
        {
            (address, isLocal) = (text, false)
            return
        }
        guard scheme == nil || scheme == "file" else { throw Self.malformed(text) }
        try LocalAddresses.check("git:\(text)", in: referrer)
        let path = try LocalAddresses.path(of: text, in: nil) ?? referrer?.sibling(text).path ?? text
        guard !path.isEmpty else { throw Self.malformed(text) }
        address = Path.join(Self.workingFolder, path)
        isLocal = true
    }

    private static var workingFolder: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    private static func malformed(_ text: String) -> Problem {
        Problem(
            "fetch.malformed-address", "‘\(text)’ is no repository of git that can be used",
            hint: "it is a path, or begins with https:, http:, ssh:, git: or file:")
    }
}
