// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// A transaction that is checked by itself and whose contents are encoded, so that the writer has less to do.
final class PreparedTransaction: Sendable {
    let transaction: Transaction
    let check: TransactionCheck
    /// The positions of what is put, in order of ID, each with its content.
    let puts: [(position: Int, stored: StoredEntity)]
    /// The positions of what a design made, likewise.
    let baseline: [(position: Int, stored: StoredEntity)]
    let records: [[UInt8]]
    let events: [[UInt8]]
    let time: Int64

    /// Whether it changes more pages than are held otherwise.
    var isLarge: Bool { puts.count + baseline.count > 2000 }

    convenience init(_ transaction: Transaction, time: Int64, _ patterns: PatternTable) throws(Problem) {
        self.init(try TransactionCheck(transaction), time: time, patterns)
    }

    /// Prepares what is checked by itself already.
    init(_ check: TransactionCheck, time: Int64, _ patterns: PatternTable) {
        let transaction = check.transaction
        self.transaction = transaction
        self.check = check
        self.time = time
        puts = transaction.puts.order.mapInParts { positions in
            patterns.encode { encoder in
                positions.map { position in
                    let entity = transaction.puts[position]
                    return (position, encoder.stored(entity, entity.header.stamped(time: time, transaction)))
                }
            }
        }
        baseline = transaction.baseline.order.mapInParts { positions in
            patterns.encode { encoder in
                positions.map { ($0, encoder.stored(transaction.baseline[$0], transaction.baseline[$0].header)) }
            }
        }
        records = transaction.records.map { CBOR.encode($0.value) }
        events = transaction.events.map { CBOR.encode($0.document) }
    }
}

extension EntityHeader {
    /// The header of what is put, with what the store adds to one that isn't there yet except for the version.
    func stamped(time: Int64, _ transaction: Transaction) -> EntityHeader {
        var header = self
        header.stamp(time: time, transaction)
        return header
    }
}

extension [Entity] {
    /// The positions in order of ID: that is the order of the tables, in which rows are written with the fewest pages.
    fileprivate var order: [Int] {
        if count < 2 { return Array<Int>(indices) }
        let ids = map { $0.id }
        return indices.sorted { ids[$0] < ids[$1] }
    }
}
