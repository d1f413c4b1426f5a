// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Carries out one deployment from wherever it stands to its end.
///
/// Everything that it does is in the ledger before it happens; after a crash another conductor goes on from there.
/// Each commit expects the service's record as this conductor left it: one that lost the service can write nothing.
struct Conductor: Sendable {
    let store: any Store
    let runner: any OperationRunner
    let effects: OutcomeEffects
    let gates: NodeGates
    let failpoint: Failpoint

    /// Goes on until nothing is left to do, or what was begun has ended after a cancellation by a person. If it is its
    /// task that is cancelled, because the agent ends, the ledger stays as it is, for the next agent.
    ///
    /// - Parameter started: the operations that the ledger says were just started; they are given to their hosts.
    func conduct(_ deployment: Deployment, started: [OperationRecord], queue: OutcomeQueue) async throws(Problem) {
        let result = await withTaskGroup(of: Void.self) { group -> Result<Void, Problem> in
            var deployment = deployment
            var next = started
            repeat {
                for row in next.dropFirst() { group.addTask { await run(row, queue) } }
                // One of them is begun by this thread, which has nothing else to do.
                if let row = next.first { group.addImmediateTask { await run(row, queue) } }
                var outcomes: [Outcome] = []
                if deployment.isUnderWay {
                    let taken = await queue.take(knowsOfCancellation: deployment.isCancelled)
                    if Task.isCancelled { return .success(()) }
                    outcomes = taken.outcomes
                    if taken.isCancelled && !deployment.isCancelled {
                        deployment.cancel()
                        group.cancelAll()
                    }
                }
                for outcome in outcomes { deployment.note(outcome) }
                next = deployment.startReady()
                if !deployment.isUnderWay {
                    await clear(&deployment)
                    deployment.finish()
                }
                defer { for node in outcomes.compactMap(\.closed) { gates.open(node) } }
                do throws(Problem) { try await write(&deployment) } catch {
                    group.cancelAll()
                    return .failure(error)
                }
            } while deployment.isUnderWay
            return .success(())
        }
        try result.get()
    }

    private func run(_ row: OperationRecord, _ queue: OutcomeQueue) async {
        let result: Result<ValueMap, Problem>
        var closed: ID?
        do {
            failpoint.reach("operation.before-run")
            let order = try await effects.order(for: row)
            if order.endsNode {
                try await gates.close(row.subject)
                closed = row.subject
            }
            result = .success(try await effects.sealing.seal(try await runner.run(order, on: row.host), of: row))
            failpoint.reach("operation.after-run")
        } catch {
            result = .failure(error)
        }
        queue.add(Outcome(operation: row.id, result: result, closed: closed))
    }

    /// Lets the hosts remove what they keep of vertexes that will be no more.
    private func clear(_ deployment: inout Deployment) async {
        let leftovers = deployment.leftovers
        guard !leftovers.vertexes.isEmpty else { return }
        for host in leftovers.hosts {
            do {
                failpoint.reach("clear.before-run")
                try await runner.clear(leftovers.vertexes, on: host)
                failpoint.reach("clear.after-run")
            } catch { return deployment.note(obstacle: error) }
        }
    }

    /// Writes what changed. A conflict over the graph is tried again with the graph as it then is.
    private func write(_ deployment: inout Deployment) async throws(Problem) {
        let rows = deployment.takeChanged()
        for _ in 0..<OutcomeEffects.attemptLimit {
            let transaction = try await effects.transaction(for: rows, of: deployment)
            failpoint.reach("ledger.before-commit")
            do {
                let commit = try await store.commit(transaction)
                failpoint.reach("ledger.after-commit")
                deployment.committed(at: commit.position)
                return
            } catch {
                guard error.code == "store.conflict" else { throw error }
                try await effects.checkOwnership(of: deployment)
            }
        }
        throw Problem(
            "service.contended", "the graph of ‘\(deployment.service.name)’ changes too often for it to be written",
            hint: "‘khutulun operation retry’ goes on once the changes have ended")
    }
}
