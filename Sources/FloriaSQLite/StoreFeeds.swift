// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Tells how far a store has come.
struct StoreFeeds: Sendable {
    let positions: PositionFeed
    let sequences: PositionFeed

    /// - Parameter connection: Within a transaction.
    init(_ connection: Connection) throws(Problem) {
        let state = try connection.row("SELECT position, sequence FROM state", []) { row throws(Problem) in
            (try row.number(0), try row.number(1))
        }
        positions = PositionFeed(state?.0 ?? 0)
        sequences = PositionFeed(state?.1 ?? 0)
    }
}
