// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Support

/// Adds what happened on this host to the history that the control role keeps, in the order in which it happened.
///
/// What a plugin sets itself for later, a health check for example, is no news: it would drive what is out of the history.
struct EventForwarder: Sendable {
    static let place = SubscriptionPosition("forwarded")

    let spool: any Store
    let client: APIClient
    let failpoint: Failpoint

    /// Forwards until the task is cancelled. It sleeps until something has happened.
    func run(report: @escaping @Sendable (Problem) -> Void) async {
        await EventFollower(Self.place, of: spool, failpoint: failpoint).run(report: report) { batch async throws(Problem) in
            let events = batch.events.map(\.event).filter { $0.host != nil && $0.due == nil }
            guard !events.isEmpty else { return nil }
            failpoint.reach("forwarded.before-record")
            do throws(Problems) { try await client.record(events) } catch { throw error.first }
            return nil
        }
    }
}
