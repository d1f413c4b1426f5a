// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import Support
import Synchronization
import TOSCA

/// Gets files from the web, each once: from where the map says, from the cache, or from the server.
final class WebClient: Sendable {
    private let options: FetchOptions
    private let cache: WebCache
    private let fetched = Mutex<[WebAddress: any FileContent]>([:])

    init(_ options: FetchOptions) {
        self.options = options
        cache = WebCache(folder: options.cache.map { "\($0)/web" })
    }

    /// The place of the file at an address. If the address tells the file's checksum, `#sha256=…`, the file is fetched and
    /// compared with it; one that is in the cache need not be asked for.
    ///
    /// - Throws: `fetch.*`, and what opening the file throws.
    func place(of text: String) throws(Problem) -> FilePlace {
        let address = try WebAddress(parsing: text)
        if let fragment = WebAddress.fragment(of: text) { try verify(address, fragment) }
        return FilePlace(repository: WebFiles(origin: address.origin, client: self), path: address.path)
    }

    /// The file at an address.
    ///
    /// - Throws: `fetch.*`, `tosca.cannot-read`, `file.failed`.
    func content(at address: WebAddress, limit: Int) throws(Problem) -> any FileContent {
        if let content = fetched.withLock({ $0[address] }) { return content }
        let content = try found(address, limit: limit)
        fetched.withLock { $0[address] = content }
        return content
    }

    private func found(_ address: WebAddress, limit: Int) throws(Problem) -> any FileContent {
        if let content = try mapped(address, limit: limit) { return content }
        return try fetch(address, limit: min(limit, options.size))
    }

    /// The bytes of the file at an address as they come; nil if it has to be there as a whole first.
    ///
    /// - Throws: `fetch.*`.
    func stream(_ text: String) throws(Problem) -> (any ByteStream)? {
        let address = try WebAddress(parsing: text)
        guard WebAddress.fragment(of: text) == nil, options.map.target(of: address.text) == nil else { return nil }
        return try Download(options: options, limit: options.archives.size).stream(address)
    }

    private func verify(_ address: WebAddress, _ fragment: Substring) throws(Problem) {
        let digest = fragment.dropFirst("sha256=".count).lowercased()
        guard fragment.hasPrefix("sha256="), digest.utf8.count == 64, digest.allSatisfy(\.isHexDigit) else {
            throw Problem(
                "fetch.malformed-address", "‘#\(fragment)’ means nothing in an address of a file",
                hint: "a file's checksum is written as #sha256= with 64 hexadecimal digits")
        }
        if options.map.target(of: address.text) == nil, let content = cache.content(digest) {
            fetched.withLock { $0[address] = content }
            return
        }
        let found = try SHA256Digest.hexadecimal(of: content(at: address, limit: .max))
        guard found == digest else {
            throw Problem(
                "fetch.wrong-checksum", "‘\(address.text)’ has the SHA-256 digest \(found), not that of its address",
                hint: "find out why the file is another one; if it is the right one, put its digest into the address")
        }
    }

    /// The file to which the map leads; nil if the map says nothing of the address.
    private func mapped(_ address: WebAddress, limit: Int) throws(Problem) -> (any FileContent)? {
        guard let (base, rest) = options.map.target(of: address.text) else { return nil }
        if ["http", "https"].contains(Path.scheme(of: base)?.lowercased()) {
            return try fetch(WebAddress(parsing: base + rest), limit: min(limit, options.size))
        }
        guard let path = WebAddress.plainPath(rest.prefix { $0 != "?" }) else {
            throw Problem("fetch.malformed-address", "‘\(address.text)’ leads out of the folder that it is mapped to")
        }
        let folder = try LocalAddresses.path(of: base, in: nil) ?? base
        // Even what begins with a slash lies in the folder.
        return try LocalFiles().open(path.isEmpty ? folder : "\(folder)/\(path)", limit: limit)
    }

    private func fetch(_ address: WebAddress, limit: Int) throws(Problem) -> any FileContent {
        let known = cache.entry(address.text)
        let download = Download(options: options, limit: limit)
        guard let answer = try download.get(address, unless: known?.validators) else {
            guard let known else { throw Problem("fetch.failed", "‘\(address.text)’ is said to be what was never fetched") }
            return known.content
        }
        cache.keep(address.text, answer)
        return answer.content
    }
}
