// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// How a path with its query is written in a request of HTTP.
enum APIPath {
    /// Reads a target such as `/v1/nodes/shop/web-0?follow=true`.
    ///
    /// - Throws: `api.invalid-path`, and `api.not-found` for another version.
    static func decode(_ target: String) throws(Problem) -> (path: [String], query: [String: String]) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var path: [String] = []
        for segment in parts[0].split(separator: "/") { path.append(try decode(segment, isQuery: false)) }
        guard path.first == Router.version else {
            throw Problem("api.not-found", "the API has no ‘\(parts[0])’", hint: "its paths begin with ‘/\(Router.version)/’")
        }
        var query: [String: String] = [:]
        for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[try decode(sides[0], isQuery: true)] = sides.count > 1 ? try decode(sides[1], isQuery: true) : ""
        }
        return (Array(path.dropFirst()), query)
    }

    /// Writes the target of a request.
    static func encode(_ path: [String], query: [String: String]) -> String {
        let base = ([Router.version] + path).map { "/" + encode($0) }.joined()
        if query.isEmpty { return base }
        let pairs = query.sorted { $0.key < $1.key }.map { "\(encode($0.key))=\(encode($0.value))" }
        return "\(base)?\(pairs.joined(separator: "&"))"
    }

    /// Writes a text so that it can stand anywhere in an address.
    static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), hexadecimal(byte >> 4), hexadecimal(byte & 15)]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func decode(_ text: Substring, isQuery: Bool) throws(Problem) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    throw malformed(text)
                }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(isQuery && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw malformed(text) }
        return text
    }

    private static func malformed(_ text: Substring) -> Problem {
        Problem("api.invalid-path", "‘\(text)’ in the path or the query is not percent-encoded UTF-8")
    }

    private static func hexadecimal(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
