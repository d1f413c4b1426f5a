// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// A document that is kept as bytes, in as many records as it needs: so it may be larger and deeper than one record.
enum PackedDocument {
    /// How many bytes are kept in one record.
    private static let partSize = 8 << 20
    /// How many records one document may take.
    private static let partLimit = 16
    private static let limits = CodecLimits(size: partLimit * partSize, depth: CodecLimits.standard.depth, count: 64 << 20)

    /// The records of a document; nil if it is too large.
    static func records(_ collection: String, _ key: String, _ document: Value) -> [Record]? {
        let bytes = CBOR.encode(document)
        guard bytes.count <= partLimit * partSize else { return nil }
        return zip(keys(collection, key), stride(from: 0, to: max(1, bytes.count), by: partSize)).map { name, start in
            Record(name.collection, name.key, .blob(Array(bytes[start..<min(bytes.count, start + partSize)])))
        }
    }

    /// The names of all records that a document can have.
    static func keys(_ collection: String, _ key: String) -> [RecordKey] {
        (0..<partLimit).map { RecordKey(collection, "\(key)/\($0 < 10 ? "0" : "")\($0)") }
    }

    /// Reads a document; nil if there is none.
    ///
    /// - Throws: `cbor.*` if it is damaged.
    static func read(_ collection: String, _ key: String, in snapshot: any Snapshot) throws(Problem) -> Value? {
        let parts = try snapshot.records(collection, prefix: "\(key)/", after: nil, limit: partLimit)
        if parts.isEmpty { return nil }
        var bytes: [UInt8] = []
        for part in parts { if case .blob(let content) = part.value { bytes += content } }
        return try CBOR.decode(bytes, limits: limits)
    }
}
