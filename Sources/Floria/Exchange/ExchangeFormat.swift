// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// The forms in which an export is written. They hold the same documents.
public enum ExchangeFormat: String, Sendable, Hashable, CaseIterable {
    /// A sequence of CBOR items (RFC 8742), each one document in a byte string of the tag 24.
    case cbor
    /// One JSON document on each line.
    case json
    /// A stream of YAML documents.
    case yaml

    /// The largest form of one document, in bytes: that of the largest entity, escaped.
    static let sizeLimit = 128 << 20
    static let limits = CodecLimits(size: sizeLimit, depth: 128, count: 8 << 20)
    private static let yamlLimits = YAMLLimits(size: sizeLimit, depth: 128, count: 8 << 20)

    /// What a document is written as, whose CBOR form is given.
    func encode(_ document: Value, _ encoded: [UInt8]) -> [UInt8] {
        switch self {
        case .cbor: [0xd8, 24] + CBOR.encode(.blob(encoded))
        case .json: JSON.encodeBytes(document) + [UInt8(ascii: "\n")]
        case .yaml: Array("---\n".utf8) + Array(YAML.encode(document).utf8)
        }
    }

    /// The document of a frame.
    func decode(_ frame: [UInt8]) throws(Problem) -> Value {
        switch self {
        case .cbor: return try CBOR.decode(frame, limits: Self.limits)
        case .json: return try JSON.decode(frame, limits: Self.limits, file: "the export")
        case .yaml:
            do { return try YAML.decode(frame, file: "the export", limits: Self.yamlLimits) } catch { throw error.all[0] }
        }
    }
}

/// The head of a byte string in CBOR.
enum CBORHead {
    /// The lengths of a head and of what it announces; nil if more bytes are needed to know.
    static func read(_ bytes: ArraySlice<UInt8>) throws(Problem) -> (head: Int, content: Int)? {
        guard let first = bytes.first else { return nil }
        guard first >> 5 == 2, first & 31 <= 27 else { throw ExchangeItem.malformed("a document is no byte string") }
        let kind = Int(first & 31)
        if kind < 24 { return (1, kind) }
        let length = 1 << (kind - 24)
        guard bytes.count > length else { return nil }
        var count: UInt64 = 0
        for byte in bytes.dropFirst().prefix(length) { count = count << 8 | UInt64(byte) }
        guard count <= UInt64(ExchangeFormat.sizeLimit) else { throw .tooLargeDocument }
        return (1 + length, Int(count))
    }
}

extension Problem {
    static let tooLargeDocument = Problem(
        "exchange.limit", "the export has a document of more than \(ExchangeFormat.sizeLimit >> 20) MiB")
}
