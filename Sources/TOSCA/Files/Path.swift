// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials

/// Arithmetic of paths, without looking at the file system.
public enum Path {
    /// A path as it is seen from a folder, without `.` and without `..` after a name.
    public static func join(_ folder: String, _ path: String) -> String {
        let whole = path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return (whole.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    /// The scheme with which an address begins (RFC 3986, 3.1); nil if the text is a path.
    public static func scheme(of address: String) -> Substring? {
        guard let colon = address.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = address[..<colon]
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }
        guard let first = scheme.utf8.first, isLetter(first) else { return nil }
        let isScheme = scheme.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || "+.-".utf8.contains($0) }
        return isScheme ? scheme : nil
    }

    /// Whether a text is an address, and not only a path: whether it begins with a scheme, or names an entry of an archive.
    public static func isAddress(_ text: String) -> Bool { scheme(of: text) != nil || text.utf8.contains(UInt8(ascii: "!")) }

    /// The folder of a file.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The one path that all ways to a file have in common, links followed.
    static func canonical(_ path: String) -> String {
        let full = join(FileManager.default.currentDirectoryPath, path)
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: full) else { return full }
        return join(folder(of: full), target)
    }
}
