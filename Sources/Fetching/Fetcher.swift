// SPDX-License-Identifier: Apache-2.0 OR MIT
public import CSAR
public import Support
import Synchronization
public import TOSCA

/// Finds files by their addresses: on this machine, on the web, in repositories of git, and in archives that lie in any of these.
///
/// An address is a location and, for each archive that has to be looked into, a `!` and a path: `https://example.org/all.zip!shop.yaml`,
/// `git:https://example.org/all.git#v1!shop.yaml`. What was fetched once isn't fetched again.
public final class Fetcher: AddressResolver {
    private let options: FetchOptions
    private let web: WebClient
    private let git: GitRepositories
    private let archives = Mutex<[String: Archive]>([:])

    /// Makes it. Nothing is fetched yet.
    public init(_ options: FetchOptions) {
        self.options = options
        web = WebClient(options)
        git = GitRepositories(options)
    }

    /// The place of the file at an address. Archives on the way to it are fetched, the file itself is not.
    ///
    /// - Throws: `fetch.*`, `csar.*`, `tosca.cannot-read`, `tosca.not-local`, `tosca.unknown-scheme`, `file.failed`.
    public func place(of address: String, in referrer: FilePlace?) throws(Problem) -> FilePlace {
        var parts = Self.withoutFormat(address).split(separator: "!", omittingEmptySubsequences: false).map(String.init)
        var place: FilePlace
        if Path.scheme(of: parts[0])?.lowercased() == "git" {
            guard parts.count > 1 else { throw Self.malformed(address, "‘git:REPOSITORY#REVISION’ is followed by ‘!PATH’") }
            place = try git.place(of: parts[1], in: String(parts[0].dropFirst(4)), referrer)
            parts.removeFirst()
        } else {
            place = try self.place(ofLocation: parts[0], in: referrer)
        }
        for path in parts.dropFirst() {
            guard !path.isEmpty else { throw Self.malformed(address, "a ‘!’ is followed by the path of an entry") }
            place = FilePlace(repository: try archive(at: place), path: Path.join("", path))
        }
        return place
    }

    /// The bytes of a file on the web as they come, so that one can stop in the middle; nil if the address is another one.
    ///
    /// - Throws: `fetch.*`.
    public func stream(_ address: String) throws(Problem) -> (any ByteStream)? {
        let location = Self.withoutFormat(address)
        guard let scheme = Path.scheme(of: location)?.lowercased(), ["http", "https"].contains(scheme), !location.contains("!")
        else { return nil }
        return try web.stream(location)
    }

    /// The place that an address has without regard to archives.
    private func place(ofLocation location: String, in referrer: FilePlace?) throws(Problem) -> FilePlace {
        guard let scheme = Path.scheme(of: location) else {
            return referrer?.sibling(location) ?? FilePlace(path: location)
        }
        switch scheme.lowercased() {
        case "http", "https": return try web.place(of: location)
        default: return try LocalAddresses().place(of: location, in: referrer)
        }
    }

    /// An address without the format of the archive that it may begin with, as in `zip:all.zip!shop.yaml`: the archive itself
    /// tells it.
    private static func withoutFormat(_ address: String) -> String {
        guard address.contains("!"), let scheme = Path.scheme(of: address), ["tar", "zip"].contains(scheme.lowercased())
        else { return address }
        return withoutFormat(String(address.dropFirst(scheme.count + 1)))
    }

    private func archive(at place: FilePlace) throws(Problem) -> Archive {
        let identity = place.repository.identity(of: place.path)
        if let archive = archives.withLock({ $0[identity] }) { return archive }
        let content = try place.repository.open(place.path, limit: options.size)
        let archive = try Archive(ArchiveInput(content, name: place.name), limits: options.archives)
        return archives.withLock { known in
            if let other = known[identity] { return other }
            known[identity] = archive
            return archive
        }
    }

    private static func malformed(_ address: String, _ rule: String) -> Problem {
        Problem("fetch.malformed-address", "‘\(address)’ is no complete address: \(rule)")
    }
}
