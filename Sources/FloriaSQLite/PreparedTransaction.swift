// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// A transaction that is checked by itself and whose contents are encoded, so that the writer has less to do.
struct PreparedTransaction: Sendable {
    let transaction: Transaction
    let check: TransactionCheck
    /// What is put, with what the store adds to what isn't there yet except for the version, and encoded.
    let entities: [(entity: Entity, stored: StoredEntity)]
    let baseline: [StoredEntity]
    let records: [[UInt8]]
    let events: [[UInt8]]
    let time: Int64

    init(_ transaction: Transaction, time: Int64, _ patterns: PatternTable) throws(Problem) {
        self.init(try TransactionCheck(transaction), time: time, patterns)
    }

    /// Prepares what is checked by itself already.
    init(_ check: TransactionCheck, time: Int64, _ patterns: PatternTable) {
        let transaction = check.transaction
        self.transaction = transaction
        self.check = check
        self.time = time
        entities = transaction.puts.map { entity in
            var entity = entity
            entity.header.stamp(time: time, transaction)
            return (entity, StoredEntity(entity, patterns))
        }
        baseline = transaction.baseline.map { StoredEntity($0, patterns) }
        records = transaction.records.map { CBOR.encode($0.value) }
        events = transaction.events.map { CBOR.encode($0.document) }
    }
}
