// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import EventBus
import Floria
import FloriaSQLite
import Glibc
import Orchestration
import Support
import Synchronization
import Testing

/// Events on their way from the graph to their handlers and back, with stores on disk.
@Suite struct EventDeliveryTests {
    @Test(
        arguments: [
            "event.before-commit", "timer.before-add", "timer.before-fire", "outbox.before-send", "outbox.before-commit",
            "spool.before-take", "spool.after-take", "handler.before", "graph.before-commit", "graph.after-commit",
            "handler.after",
            "spool.before-write", "spool.after-write",
        ], [1, 4])
    func `what handlers do to the graph happens once, wherever the program is killed`(place: String, reached: Int) async throws
    {
        let folder = try TemporaryFolder()
        try await DeliveryRun.prepare(folder.path)
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [folder = folder.path as String, place = place as String, reached = reached as Int] in
            try await DeliveryRun(folder, kill: place, at: reached).go()
        }
        let run = try DeliveryRun(folder.path)
        try await run.go()
        let log = try await run.log()
        #expect(log.filter { !$0.hasPrefix("timer:") } == DeliveryRun.events)
        #expect(log.filter { $0.hasPrefix("timer:") }.sorted() == DeliveryRun.timers.map { "timer:vertex:shop/web:\($0):1" })
        run.close()
    }
}

/// All that an event passes, but for plugins: the only handler adds the event's ID to a property of the graph.
private final class DeliveryRun: Sendable {
    static let events = (0..<24).map { "e\($0)" }
    static let timers = (0..<4).map { "t\($0)" }

    private static let web = ID.vertex(Directory(["shop"]), "web")
    private let graph: SQLiteStore
    private let spool: SQLiteStore
    private let failpoint: Failpoint

    /// Makes the graph.
    static func prepare(_ folder: String) async throws {
        let store = try SQLiteStore(path: "\(folder)/graph.db")
        var vertex = Vertex(EntityHeader(web))
        vertex.properties["log"] = Property(value: [])
        var transaction = Transaction()
        transaction.puts = [.vertex(vertex)]
        try await store.commit(transaction)
        store.close()
    }

    init(_ folder: String, kill: String? = nil, at count: Int = 0) throws {
        graph = try SQLiteStore(path: "\(folder)/graph.db")
        spool = try SQLiteStore(path: "\(folder)/spool.db")
        failpoint = try FailpointFlags(kill: kill.map { "\($0):\(count)" }, log: nil).failpoint()
    }

    func close() {
        graph.close()
        spool.close()
    }

    /// The IDs of the events that the handler has had, in order.
    func log() async throws -> [String] {
        let entity = try await graph.read { snapshot throws(Problem) in try snapshot.entity(Self.web) }
        return entity?.properties["log"]?.value?.list?.compactMap(\.text) ?? []
    }

    /// Makes all events, as far as they aren't there yet, until all have been handled.
    func go() async throws {
        let bus = InProcessBus()
        let timers = Timers(store: graph, failpoint: failpoint)
        let backend = StoreBackend(store: graph, functions: Functions([:]), timers: timers, failpoint: failpoint)
        let processor = EventProcessor(spool: Spool(store: spool, failpoint: failpoint), report: { Issue.record($0) })
        let outbox = Outbox(store: graph, bus: bus, failpoint: failpoint, host: { "here" })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addImmediateTask {
                await bus.serve("here") { message throws(Problem) in
                    var events: [Event] = []
                    for document in message.body.list ?? [] { events.append(try Event(document: document)) }
                    try await processor.take(events)
                    return .null
                }
            }
            group.addTask { await outbox.run { Issue.record($0) } }
            group.addTask { await timers.run { Issue.record($0) } }
            group.addTask { try await processor.run { event, _ in await self.handle(event, backend) } }
            try await makeEvents(backend)
            group.cancelAll()
        }
    }

    /// Some one by one, some together.
    private func makeEvents(_ backend: StoreBackend) async throws {
        for (index, id) in Self.events.enumerated() {
            _ = try await backend.emit(EmitRequest(entity: Self.web, type: "t", id: id), for: .agent)
            if index % 8 < 4 { try await wait(for: [id]) }
        }
        for name in Self.timers {
            do {
                _ = try await backend.addTimer(
                    TimerRequest(target: .entity(Self.web), type: "t", when: .at(1), name: name), for: .agent)
            } catch { #expect(error.all[0].code == "timer.exists") }
            try await wait(for: ["timer:vertex:shop/web:\(name):1"])
        }
        try await wait(for: Self.events)
        // The last write is not yet what the test waits for, but what it may be killed at.
        try await Task.sleep(for: .milliseconds(50))
    }

    private func wait(for ids: [String]) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try await !Set(log()).isSuperset(of: ids) {
            try #require(ContinuousClock.now < deadline, "\(ids) have not been handled")
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Does what a plugin does, without a look at what it did before: that is for the commit to see.
    private func handle(_ event: Event, _ backend: StoreBackend) async -> Delivery.Outcome {
        failpoint.reach("handler.before")
        do {
            guard case .vertex(let vertex)? = try await backend.entity(Self.web) else { return .init() }
            let log = vertex.properties["log"]?.value?.list ?? []
            var changes = GraphChanges(provenance: Provenance(.plugin, "test", event: event.id, time: 1))
            changes.set = [PropertyReference(Self.web, "log"): .value(.list(log + [.text(event.id)]))]
            changes.effect = EventEffect(event: event.id, handler: "h")
            _ = try await backend.commit(changes)
        } catch { return .init(failures: ["h": error.all[0]]) }
        failpoint.reach("handler.after")
        return .init()
    }
}
