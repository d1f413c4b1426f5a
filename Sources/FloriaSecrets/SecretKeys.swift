// SPDX-License-Identifier: Apache-2.0 OR MIT
import Crypto
import Glibc
import Support
import Synchronization

/// The folder of the keys that secrets are encrypted with: a file of 32 random bytes for each, named by the key's ID.
///
/// Only the account that this process runs as may reach them. A key that was made and isn't used yet has `.new` after its
/// name, so that one which was left by a crash is known.
public final class SecretKeys: Sendable {
    /// The path of the folder.
    public let folder: String
    private let known = Mutex<[String: SymmetricKey]>([:])
    private static let suffix = ".new"
    private static let size = 32

    /// Keys in a folder, which is made when the first of them is.
    public init(folder: String) { self.folder = folder }

    /// A key.
    ///
    /// - Throws: `secret.no-key` if it isn't there, `secret.exposed-key` if others may read it, `secret.unusable-keys`.
    func key(_ id: String) throws(Problem) -> SymmetricKey {
        if let key = known.withLock({ $0[id] }) { return key }
        var bytes = try read("\(folder)/\(id)")
        if bytes == nil { bytes = try read("\(folder)/\(id)\(Self.suffix)") }
        guard let bytes else {
            throw Problem(
                "secret.no-key", "the key ‘\(id)’, which secrets are encrypted with, is not in ‘\(folder)’",
                hint: "put the files of keys back that belong to this database, or name their folder with ‘agent run --keys’")
        }
        let key = SymmetricKey(data: bytes)
        known.withLock { $0[id] = key }
        return key
    }

    /// Makes a key that is not used yet.
    ///
    /// - Returns: its ID.
    func make() throws(Problem) -> String {
        if mkdir(folder, 0o700) != 0, errno != EEXIST { throw failure("the folder ‘\(folder)’ cannot be made") }
        var generator = SystemRandomNumberGenerator()
        let id = String(generator.next() | 1 << 63, radix: 16)
        let key = SymmetricKey(size: .bits256)
        let path = "\(folder)/\(id)\(Self.suffix)"
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("‘\(path)’ cannot be made") }
        defer { close(file) }
        let count = key.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        guard count == Self.size, fsync(file) == 0 else { throw failure("‘\(path)’ cannot be written") }
        try sync()
        known.withLock { $0[id] = key }
        return id
    }

    /// Gives a key that is used by now its lasting name.
    func keep(_ id: String) throws(Problem) {
        let path = "\(folder)/\(id)"
        if rename(path + Self.suffix, path) != 0, errno != ENOENT { throw failure("‘\(path)’ cannot be made") }
        try sync()
    }

    /// Removes a key that nothing uses any more. One that isn't there is no error.
    func remove(_ id: String) throws(Problem) {
        known.withLock { $0[id] = nil }
        for path in ["\(folder)/\(id)", "\(folder)/\(id)\(Self.suffix)"] where unlink(path) != 0 && errno != ENOENT {
            throw failure("‘\(path)’ cannot be removed")
        }
        if access(folder, F_OK) == 0 { try sync() }
    }

    /// The keys that were made and perhaps never used.
    var unused: [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name.hasSuffix(Self.suffix) { names.append(String(name.dropLast(Self.suffix.count))) }
        }
        return names
    }

    /// The content of a key's file; nil if there is none.
    private func read(_ path: String) throws(Problem) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if file < 0, errno == ENOENT { return nil }
        guard file >= 0 else { throw failure("‘\(path)’ cannot be read") }
        defer { close(file) }
        var info = stat()
        guard fstat(file, &info) == 0 else { throw failure("‘\(path)’ cannot be read") }
        guard info.st_mode & 0o077 == 0, info.st_uid == geteuid() else {
            throw Problem(
                "secret.exposed-key", "‘\(path)’ is another account's, or others may use it",
                hint: "‘chown’ it to the agent's account and ‘chmod 600’ it; if others may have read it, rotate the keys then")
        }
        var bytes = [UInt8](repeating: 0, count: Self.size + 1)
        guard Glibc.read(file, &bytes, bytes.count) == Self.size else {
            throw Problem("secret.unusable-keys", "‘\(path)’ is no key: a key has \(Self.size) bytes")
        }
        return Array(bytes.prefix(Self.size))
    }

    /// Makes sure that the names in the folder survive a power cut.
    private func sync() throws(Problem) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("the folder ‘\(folder)’ cannot be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("the folder ‘\(folder)’ cannot be written") }
    }

    private func failure(_ message: String) -> Problem {
        Problem("secret.unusable-keys", "\(message): \(String(cString: strerror(errno)))")
    }
}
