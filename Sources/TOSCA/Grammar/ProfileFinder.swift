// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials

/// Finds profiles by name: each is a folder with a file `profile.yaml`, in one of several folders.
struct ProfileFinder {
    private let paths: [String: String]

    /// Looks through folders; of two profiles of one name the first found counts.
    init(folders: [String]) {
        var paths: [String: String] = [:]
        for folder in folders {
            for name in ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() {
                let path = "\(folder)/\(name)/profile.yaml"
                if let profile = Self.profile(at: path), paths[profile] == nil { paths[profile] = path }
            }
        }
        self.paths = paths
    }

    /// The names of all profiles.
    var names: [String] { paths.keys.sorted() }

    /// The file of a profile.
    func path(of name: String) -> String? { paths[name] }

    private static func profile(at path: String) -> String? {
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("profile:") }) else { return nil }
        let name = line.dropFirst("profile:".count).drop { $0 == " " }
        return String(name.prefix { $0 != " " && $0 != "\r" }.filter { $0 != "'" && $0 != "\"" })
    }
}
