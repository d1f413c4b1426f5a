// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// A consumer of events with a place in the store: it does something with all of them, in their order, and goes on after a
/// restart where it was.
public struct EventFollower: Sendable {
    /// What it does with a batch. It gives the transaction that has the consumer's position as part; nil where what was done may
    /// well be done again, so that keeping the position isn't worth a commit yet.
    public typealias Work = @Sendable (Subscription.Batch) async throws(Problem) -> Transaction?

    /// After how many events the position is kept in any case.
    private static let portion: UInt64 = 256

    /// Where it keeps how far it is.
    public let place: SubscriptionPosition
    private let store: any Store
    private let filter: EventFilter
    private let failpoint: Failpoint

    /// Makes a follower.
    public init(
        _ place: SubscriptionPosition, of store: any Store, filter: EventFilter = EventFilter(), failpoint: Failpoint = .none
    ) {
        self.place = place
        self.store = store
        self.filter = filter
        self.failpoint = failpoint
    }

    /// Follows until the task is cancelled. It sleeps until an event is stored; what fails is tried again, ever less often.
    ///
    /// - Parameter report: is told of failures.
    public func run(report: @Sendable (Problem) -> Void, _ work: Work) async {
        var failures = 0
        while !Task.isCancelled {
            do throws(Problem) {
                var kept = try await store.read { [place] snapshot throws(Problem) in try place.position(in: snapshot) }
                var batches = Subscription(to: store, after: kept, filter: filter, limit: Int(Self.portion)).makeAsyncIterator()
                while let batch = try await batches.next(isolation: nil) {
                    let result = try await work(batch)
                    failures = 0
                    guard result != nil || batch.position - kept >= Self.portion else { continue }
                    var transaction = result ?? Transaction()
                    transaction.records.append(place.record(batch.position))
                    failpoint.reach("\(place.name).before-commit")
                    try await store.commit(transaction)
                    kept = batch.position
                }
            } catch {
                report(error)
                failures += 1
                try? await Task.sleep(for: .milliseconds(500 << min(failures, 7)))
            }
        }
    }
}
