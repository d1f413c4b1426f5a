// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import TOSCA

/// The address of a file on the web (RFC 3986), in the one form that all ways of writing it have in common.
struct WebAddress: Hashable {
    /// The scheme, the host and, if it is told, the port: `https://example.org:8443`.
    let origin: String
    /// The path and what follows a `?`, which has no `/`. It begins with `/`, and never leads above the root.
    let path: String

    /// The address of a path at an origin.
    init(origin: String, path: String) {
        self.origin = origin
        let (file, query) = Self.split(Substring(path), at: "?")
        let whole = Path.join("/", String(file)).drop { $0 == "/" || $0 == "." && file.isEmpty }
        var parts = whole.split(separator: "/")
        while parts.first == ".." { parts.removeFirst() }
        let normal = "/" + parts.joined(separator: "/") + (file.hasSuffix("/") && !parts.isEmpty ? "/" : "")
        self.path = Self.encoded(normal) + (query.map { "?" + Self.encoded(String($0)).replacing("/", with: "%2F") } ?? "")
    }

    /// Reads an address that begins with `http://` or `https://`; what follows a `#` is left out.
    ///
    /// - Throws: `fetch.malformed-address`, `fetch.credentials-in-address`.
    init(parsing text: String) throws(Problem) {
        let (location, _) = Self.split(Substring(text), at: "#")
        let scheme = Path.scheme(of: text).map { $0.lowercased() } ?? ""
        let rest = location.dropFirst(scheme.count + 1)
        guard ["http", "https"].contains(scheme), rest.hasPrefix("//") else { throw Self.malformed(text, "it has no host") }
        let authority = rest.dropFirst(2).prefix { !"/?".contains($0) }
        guard !authority.contains("@") else {
            throw Problem(
                "fetch.credentials-in-address", "a name and a password in an address can be read by everybody",
                hint: "leave them out, and put them into a file that ‘--netrc’ names")
        }
        let host = authority.lowercased()
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !"<>\"\\^`{|}%".utf8.contains($0) }) else {
            throw Self.malformed(text, "it has no host")
        }
        let usual = scheme == "https" ? ":443" : ":80"
        let origin = host.hasSuffix(usual) && !host.hasSuffix("]") ? String(host.dropLast(usual.count)) : host
        self.init(origin: "\(scheme)://\(origin)", path: String(rest.dropFirst(2 + authority.count)))
    }

    /// The whole address.
    var text: String { origin + path }

    /// Whether what goes there and comes from there can't be read or changed on its way.
    var isEncrypted: Bool { origin.hasPrefix("https:") }

    /// The host's name, without the port.
    var host: String {
        let authority = origin.split(separator: "/").last ?? ""
        guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else { return String(authority) }
        return String(authority[..<colon])
    }

    /// The address that a reference means which stands in what lies here.
    ///
    /// - Throws: `fetch.malformed-address`, `fetch.credentials-in-address`.
    func resolving(_ reference: String) throws(Problem) -> WebAddress {
        if Path.scheme(of: reference) != nil { return try WebAddress(parsing: reference) }
        let scheme = origin.prefix { $0 != ":" }
        if reference.hasPrefix("//") { return try WebAddress(parsing: "\(scheme):\(reference)") }
        let (relative, _) = Self.split(Substring(reference), at: "#")
        let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        return WebAddress(origin: origin, path: relative.hasPrefix("/") ? String(relative) : "\(folder)\(relative)")
    }

    /// What an address says after its first `#`; nil if it has none.
    static func fragment(of text: String) -> Substring? { split(Substring(text), at: "#").1 }

    private static func split(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
        guard let index = text.firstIndex(of: mark) else { return (text, nil) }
        return (text[..<index], text[text.index(after: index)...])
    }

    private static func malformed(_ text: String, _ why: String) -> Problem {
        Problem("fetch.malformed-address", "‘\(text)’ is no address of the web: \(why)")
    }

    /// The text with everything escaped that may not stand in an address. What is escaped already stays so.
    private static func encoded(_ text: String) -> String {
        let plain = Set("-._~!$&'()*+,;=:@/?%".utf8)
        return text.utf8.reduce(into: "") { result, byte in
            let isLetter = (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
            if isLetter || plain.contains(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
    }

    /// The path without escapes, as it is on a disk; nil if that would lead elsewhere than the address does.
    static func plainPath(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) else { return nil }
            guard value != 0, value != UInt8(ascii: "/") else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        let path = String(decoding: bytes, as: UTF8.self)
        return path.split(separator: "/").contains("..") ? nil : path
    }
}
