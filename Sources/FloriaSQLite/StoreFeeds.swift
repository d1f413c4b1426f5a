// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Tells how far a store has come.
struct StoreFeeds: Sendable {
    let positions: PositionFeed
    let sequences: PositionFeed

    init(_ snapshot: SQLiteSnapshot) {
        positions = PositionFeed(snapshot.position)
        sequences = PositionFeed(snapshot.sequence)
    }
}
