// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials
import Support

/// Finds profiles by name in folders: files with the key `profile`, at any depth. The folders are gone through when the first
/// profile is asked for.
final class ProfileFinder {
    /// How deep folders in folders are looked into.
    private static let depthLimit = 8

    private let folders: [String]
    private lazy var paths = Self.search(folders)

    init(folders: [String]) { self.folders = folders }

    /// The names of all profiles.
    var names: [String] { paths.keys.sorted() }

    /// The file of a profile: of the one that is called so or, if there is none, of the newest that can stand in for it.
    func path(of name: String) -> String? {
        if let path = paths[name] { return path }
        guard let wanted = ProfileName(name) else { return nil }
        let others = paths.keys.compactMap(ProfileName.init).filter { $0.canStandIn(for: wanted) }
        return others.max { $0.isOlder(than: $1) }.flatMap { paths[$0.text] }
    }

    /// Of two profiles of one name the first found counts: in the first folder, and there the one that is the least deep.
    private static func search(_ folders: [String]) -> [String: String] {
        var paths: [String: String] = [:]
        for folder in folders {
            var level = [folder]
            for _ in 0...depthLimit {
                let entries = level.flatMap { folder in
                    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().map { "\(folder)/\($0)" }
                }
                for path in entries where path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
                    if let profile = profile(at: path), paths[profile] == nil { paths[profile] = path }
                }
                level = entries.filter(isFolder)
            }
        }
        return paths
    }

    private static func isFolder(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.type] as? FileAttributeType == .typeDirectory
    }

    /// The profile that a file defines. The key begins a line, as all keys of a file do.
    private static func profile(at path: String) -> String? {
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= Loader.sizeLimit else { return nil }
        let key = Array("profile:".utf8)
        guard let line = bytes.split(separator: UInt8(ascii: "\n")).first(where: { $0.starts(with: key) }) else { return nil }
        let root = try? YAML.parse(Array(line), file: path).first
        return root?["profile"]?.text
    }
}

/// The name of a profile that ends in a version: `org.example:2.1`, `org.example:v2`.
///
/// The standard leaves open which versions can stand in for each other (6.7.3). Here it is those of the same first number that are
/// not older.
struct ProfileName {
    let text: String
    private let base: Substring
    private let numbers: [Int]

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        self.text = text
        base = text[..<colon]
        let version = text[text.index(after: colon)...]
        let parts = version.drop { $0 == "v" }.split(separator: ".", omittingEmptySubsequences: false)
        numbers = parts.compactMap { Int($0) }
        guard version.count - version.drop(while: { $0 == "v" }).count <= 1, numbers.count == parts.count else { return nil }
    }

    /// Whether a profile of this name does for one that asks for another.
    func canStandIn(for other: ProfileName) -> Bool {
        base == other.base && numbers.first == other.numbers.first && !isOlder(than: other)
    }

    /// Whether its version comes before that of another. What isn't told counts as zero.
    func isOlder(than other: ProfileName) -> Bool {
        let count = max(numbers.count, other.numbers.count)
        func padded(_ numbers: [Int]) -> [Int] { numbers + Array(repeating: 0, count: count - numbers.count) }
        return padded(numbers).lexicographicallyPrecedes(padded(other.numbers))
    }
}
