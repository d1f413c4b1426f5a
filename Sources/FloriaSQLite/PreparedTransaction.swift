// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// A transaction that is checked by itself and whose contents are encoded, so that the writer has less to do.
struct PreparedTransaction: Sendable {
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

    init(_ transaction: Transaction, time: Int64, _ patterns: PatternTable) throws(Problem) {
        self.init(try TransactionCheck(transaction), time: time, patterns)
    }

    /// Prepares what is checked by itself already.
    init(_ check: TransactionCheck, time: Int64, _ patterns: PatternTable) {
        let transaction = check.transaction
        self.transaction = transaction
        self.check = check
        self.time = time
        puts = transaction.puts.order.mapInParts { positions in
            var encoder = EntityEncoder(patterns)
            return positions.map { ($0, encoder.stored(transaction.stamped($0, time: time))) }
        }
        baseline = transaction.baseline.order.mapInParts { positions in
            var encoder = EntityEncoder(patterns)
            return positions.map { ($0, encoder.stored(transaction.baseline[$0])) }
        }
        records = transaction.records.map { CBOR.encode($0.value) }
        events = transaction.events.map { CBOR.encode($0.document) }
    }
}

extension Transaction {
    /// An entity that is put, with what the store adds to one that isn't there yet except for the version.
    func stamped(_ position: Int, time: Int64) -> Entity {
        var entity = puts[position]
        entity.header.stamp(time: time, self)
        return entity
    }
}

extension [Entity] {
    /// The positions in order of ID: that is the order of the tables, in which rows are written with the fewest pages.
    fileprivate var order: [Int] {
        let ids = map(\.id)
        return indices.sorted { ids[$0] < ids[$1] }
    }
}
