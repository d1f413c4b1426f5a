// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// An export that is written document by document, as `docs/exchange-format.md` describes it.
struct HandWritten {
    private(set) var bytes: [UInt8] = []
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    private var count = 0

    /// Begins the export of a service.
    init(service: String) { add(["floria-export": 1, "time": 5, "service": .text(service)]) }

    /// Adds a document.
    mutating func add(_ document: Value) {
        for byte in CBOR.encode(document) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        count += 1
        bytes += JSON.encodeBytes(document) + [UInt8(ascii: "\n")]
    }

    /// Adds an entity.
    mutating func add(_ entity: Entity) { add(["entity": entity.document]) }

    /// Takes what was written so far.
    mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// Writes the end; a wrong one makes it a damaged export.
    mutating func finish(isWrong: Bool = false) {
        let digits = String(isWrong ? hash ^ 1 : hash, radix: 16)
        let checksum = String(repeating: "0", count: 16 - digits.count) + digits
        bytes += JSON.encodeBytes(["end": ["count": .integer(count), "checksum": .text(checksum)]])
    }
}
