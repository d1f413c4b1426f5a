// SPDX-License-Identifier: Apache-2.0 OR MIT
import EventBus
import Floria
import Support

/// Makes events of the ends of supervised processes.
struct ExitReporter: Sendable {
    let environment: HostEnvironment
    let processor: EventProcessor

    /// Reports until the task is cancelled. An exit is acknowledged once its event is on disk, so that none is lost,
    /// and the event's ID is made of the run's, so that none is reported twice.
    func run(report: @Sendable (Problem) -> Void) async {
        for await exit in environment.supervisor.exits {
            let event = Event(
                id: "exited:\(exit.node):\(exit.run)", type: "exited", entity: exit.node, payload: exit.payload,
                host: environment.name, time: environment.now())
            do {
                environment.failpoint.reach("exit.before-event")
                try await processor.take([event])
                environment.failpoint.reach("exit.after-event")
                try await environment.supervisor.acknowledge(exit)
            } catch { report(error) }
        }
    }
}
