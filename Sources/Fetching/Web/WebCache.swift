// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support
import TOSCA

/// What was fetched from the web, kept for the next time: contents by their digest, and for each address which one it had. It is
/// only there to save time: what is missing, damaged or can't be written is fetched again.
struct WebCache: Sendable {
    /// What is known of an address.
    struct Entry {
        let validators: Validators
        let content: any FileContent
    }

    private let folder: String?

    init(folder: String?) { self.folder = folder }

    /// What is known of an address; nil if nothing is, or it's of no use.
    func entry(_ address: String) -> Entry? {
        guard let path = path(of: address), let bytes = Self.read(path), let map = try? JSON.decode(bytes, file: path).map,
            let digest = map["digest"]?.text, let content = content(digest)
        else { return nil }
        return Entry(validators: Validators(tag: map["tag"]?.text, date: map["date"]?.text), content: content)
    }

    /// The content with a digest; nil if it isn't there, or damaged.
    func content(_ digest: String) -> (any FileContent)? {
        guard let folder, let content = try? LocalFiles().open("\(folder)/content/\(digest)", limit: .max) else { return nil }
        return (try? SHA256Digest.hexadecimal(of: content)) == digest ? content : nil
    }

    /// Keeps what was fetched.
    func keep(_ address: String, _ answer: Download.Answer) {
        guard let folder, let path = path(of: address) else { return }
        do throws(Problem) {
            let digest = try SHA256Digest.hexadecimal(of: answer.content)
            Self.makeFolders("\(folder)/content")
            Self.makeFolders("\(folder)/address")
            try Self.write("\(folder)/content/\(digest)", answer.content)
            var entry: Value = ["address": .text(address), "digest": .text(digest)]
            if let tag = answer.validators.tag { entry["tag"] = .text(tag) }
            if let date = answer.validators.date { entry["date"] = .text(date) }
            try Self.write(path, BytesContent(Array(JSON.encode(entry).utf8)))
        } catch {
            // The file itself is there: not to keep it is no failure.
            return
        }
    }

    private func path(of address: String) -> String? {
        folder.map { "\($0)/address/\(SHA256Digest.hexadecimal(of: address))" }
    }

    private static func read(_ path: String) -> [UInt8]? {
        try? LocalFiles().open(path, limit: CodecLimits.standard.size).bytes(limit: 64 << 10)
    }

    /// Writes a file under another name first, so that nobody ever sees a half one.
    private static func write(_ path: String, _ content: any FileContent) throws(Problem) {
        let fresh = "\(path).\(getpid())"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        do throws(Problem) {
            try content.forEachPiece { piece throws(Problem) in
                guard Glibc.write(descriptor, piece, piece.count) == piece.count else { throw failure(path) }
            }
        } catch {
            unlink(fresh)
            throw error
        }
        guard rename(fresh, path) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> Problem { Problem("file.failed", "‘\(path)’ cannot be written") }
}

extension WebCache {
    /// Makes a folder, and those above it, for this user only. That it failed shows when something is written there.
    static func makeFolders(_ path: String) {
        guard mkdir(path, 0o700) != 0, errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            return
        }
        makeFolders(String(path[..<slash]))
        mkdir(path, 0o700)
    }
}
