// SPDX-License-Identifier: Apache-2.0 OR MIT
import Dispatch
import Floria
import Glibc
import Support

/// Supervises with one shim for each process.
///
/// What is known of a process lies in its run folder and in the kernel; what this actor holds is only who waits for what.
/// So a new one takes over with ``adopt()``, whatever happened to the old one.
actor ShimSupervisor: Supervisor {
    nonisolated let exits: AsyncStream<ProcessExit>
    let nodes: String
    let host: String
    let cgroups: Cgroups
    private let tell: AsyncStream<ProcessExit>.Continuation
    private let shim: String
    private let defaultAccount: Account?
    private let executor = QueueExecutor("khutulun.supervisor")
    private var starting: [ID: Start] = [:]
    private var watches: [ID: Watch] = [:]
    private var nursery: Nursery?
    private var told: Set<Told> = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes a supervisor. It knows nothing of earlier ones until ``adopt()`` is called.
    ///
    /// - Parameters:
    ///   - nodes: The folder of all nodes' folders, an absolute path.
    ///   - shim: The path of the program `khutulun-shim`.
    ///   - host: The host's name, for messages.
    ///   - defaultAccount: Who runs processes without `user` if this process is root's; nil is root.
    init(nodes: String, shim: String, host: String, defaultAccount: Account? = nil) {
        self.nodes = nodes
        self.host = host
        self.defaultAccount = defaultAccount
        cgroups = Cgroups(tag: Self.tag(nodes))
        self.shim = shim
        (exits, tell) = AsyncStream.makeStream()
    }

    deinit {
        tell.finish()
        for watch in watches.values { watch.end() }
    }

    /// A short name for a folder.
    private static func tag(_ path: String) -> String { String(StableHash(path.utf8).value, radix: 16) }

    // MARK: Starting

    func start(_ specification: ProcessSpecification) async throws(Problem) -> ProcessStatus {
        try specification.check()
        let node = specification.node
        if let start = starting[node] {
            guard start.run == specification.run else {
                throw Problem("process.running", "another run of ‘\(node)’ is being started", hint: "try again when it runs")
            }
            return try await withCheckedContinuation { starting[node]?.waiters.append($0) }.get()
        }
        starting[node] = Start(run: specification.run)
        let result: Result<ProcessStatus, Problem>
        do {
            result = .success(try await startAlone(specification))
        } catch {
            result = .failure(error)
        }
        for waiter in starting.removeValue(forKey: node)?.waiters ?? [] { waiter.resume(returning: result) }
        return try result.get()
    }

    private func startAlone(_ specification: ProcessSpecification) async throws(Problem) -> ProcessStatus {
        let folder = RunFolder(specification.node, in: nodes)
        if let status = try present(specification, folder) { return status }
        let preparation = RunPreparation(
            specification: specification, folder: folder, cgroups: cgroups, defaultAccount: defaultAccount)
        let (places, content) = try preparation.make()
        let report: StartReport
        do throws(Problem) {
            report = try await launch(content)
            if let problem = report.problem(for: specification, host: host) { throw problem }
        } catch {
            // An agent that was killed may have started this very run a moment ago, or a nursery that was.
            let mayRun = ["process.running", "process.shim-lost"].contains(error.code)
            if mayRun, let status = try await awaitRecord(specification, folder) { return status }
            _ = Cgroups.remove(places.folders)
            throw error
        }
        let record = RunRecord(specification, places, report)
        guard watch(record) else { return status(in: folder) }
        return runningStatus(of: record, in: folder)
    }

    /// Has a shim made, by a new nursery if there is none any more.
    private func launch(_ specification: [UInt8]) async throws(Problem) -> StartReport {
        for _ in 0..<2 {
            let nursery = try presentNursery()
            if let report = try await nursery.start(specification) { return report }
            if self.nursery === nursery { self.nursery = nil }
        }
        return .lost
    }

    private func presentNursery() throws(Problem) -> Nursery {
        if let nursery { return nursery }
        let nursery = try Nursery(program: shim, nodes: nodes, queue: executor.queue)
        self.nursery = nursery
        return nursery
    }

    /// The status of the run, if it was started before.
    private func present(_ specification: ProcessSpecification, _ folder: RunFolder) throws(Problem) -> ProcessStatus? {
        guard let record = folder.record() else { return nil }
        let status = status(of: record, in: folder)
        if record.run == specification.run, status.state != .absent {
            if watches[record.node] == nil { watch(record) }
            return status
        }
        guard status.state != .running else {
            throw Problem(
                "process.running", "‘\(record.node)’ still runs as process \(record.process.pid)",
                hint: "stop it before it is started anew")
        }
        settle(record)
        return nil
    }

    private func awaitRecord(_ specification: ProcessSpecification, _ folder: RunFolder) async throws(Problem) -> ProcessStatus?
    {
        for _ in 0..<50 {
            if let record = folder.record(), record.run == specification.run {
                watch(record)
                return status(in: folder)
            }
            do { try await Task.sleep(for: .milliseconds(10)) } catch { return nil }
        }
        return nil
    }

    // MARK: Asking

    nonisolated func status(_ node: ID) async throws(Problem) -> ProcessStatus { status(in: RunFolder(node, in: nodes)) }

    private nonisolated func status(in folder: RunFolder) -> ProcessStatus {
        folder.record().map { status(of: $0, in: folder) } ?? ProcessStatus(state: .absent, log: folder.log)
    }

    private nonisolated func status(of record: RunRecord, in folder: RunFolder) -> ProcessStatus {
        var status = runningStatus(of: record, in: folder)
        if record.boot == Boot.id, record.shim.isAlive { return status }
        // The shim's last act is the exit, so this order never takes an end for a loss.
        guard let exit = folder.exit(of: record.run) else {
            if record.boot == Boot.id, record.process.isAlive { return status }
            status.state = .exited
            status.ending = .unseen(record.boot == Boot.id ? .shimLost : .hostRestarted)
            return status
        }
        status.state = .exited
        status.ending = exit.ending
        status.ended = exit.ended
        status.isOutOfMemory = Cgroups.isOutOfMemory(record.places.folders)
        return status
    }

    private nonisolated func runningStatus(of record: RunRecord, in folder: RunFolder) -> ProcessStatus {
        ProcessStatus(
            state: .running, run: record.run, pid: record.process.pid, started: record.started, log: folder.log,
            warnings: record.places.warnings)
    }

    func wait(_ node: ID, milliseconds: UInt64) async throws(Problem) -> ProcessStatus {
        let folder = RunFolder(node, in: nodes)
        guard let record = folder.record() else { return status(in: folder) }
        let status = status(of: record, in: folder)
        guard status.state == .running else { return status }
        if watches[node] == nil { watch(record) }
        guard let watch = watches[node] else { return self.status(in: folder) }
        await watch.ended(within: milliseconds, on: executor.queue)
        return self.status(in: folder)
    }

    // MARK: Acting

    func signal(_ node: ID, _ signal: Int32, tree: Bool) async throws(Problem) {
        guard signal > 0, signal <= 64 else { throw Problem("process.signal", "there is no signal \(signal)") }
        let folder = RunFolder(node, in: nodes)
        guard let record = folder.record(), record.boot == Boot.id else { return }
        if tree {
            if signal == SIGKILL, let cgroup = record.places.birth { Cgroups.kill(cgroup) }
            let root = record.shim.isAlive ? record.shim : record.process
            for process in root.descendants where process != record.process { process.send(signal) }
        }
        if !record.process.send(signal), record.process.isAlive {
            throw Problem(
                "process.not-permitted", "process \(record.process.pid) of ‘\(node)’ may not be signalled",
                hint: "it belongs to another user")
        }
    }

    func forget(_ node: ID) async throws(Problem) {
        let folder = RunFolder(node, in: nodes)
        let record = folder.record()
        let isRunning = record.map { status(of: $0, in: folder).state == .running } ?? false
        guard starting[node] == nil, !isRunning else {
            throw Problem("process.running", "‘\(node)’ still runs", hint: "stop it first")
        }
        let places = record?.places ?? cgroups.places(of: node)
        if record?.killsTree != false, let cgroup = places.birth { Cgroups.kill(cgroup) }
        let folders = places.folders
        for _ in 0..<100 where !Cgroups.remove(folders) {
            do { try await Task.sleep(for: .milliseconds(10)) } catch { break }
        }
        guard Cgroups.remove(folders) else {
            throw Problem(
                "process.running", "processes that ‘\(node)’ left behind still run",
                hint: folders.map { "see \($0)/cgroup.procs" }.joined(separator: ", "))
        }
        watches.removeValue(forKey: node)?.end()
        try folder.remove()
    }

    // MARK: Ends

    func acknowledge(_ exit: ProcessExit) async throws(Problem) {
        try RunFolder(exit.node, in: nodes).acknowledge(exit)
        told.remove(Told(node: exit.node, run: exit.run))
    }

    func adopt() async throws(Problem) {
        for folder in RunFolder.all(in: nodes) {
            let record = folder.record()
            if let record { watch(record) }
            for exit in folder.unacknowledged() { report(exit, record) }
        }
    }

    /// Waits for the end of a process: for its shim's, which comes after the exit is recorded, or if that is lost for its own.
    ///
    /// - Returns: Whether there is an end to wait for; false if it has come.
    @discardableResult
    private func watch(_ record: RunRecord) -> Bool {
        let node = record.node
        if let watch = watches[node] {
            if watch.run == record.run { return true }
            watch.end()
        }
        let isOfThisBoot = record.boot == Boot.id
        let descriptor = isOfThisBoot ? record.shim.descriptor() ?? record.process.descriptor() : nil
        guard let descriptor else {
            settle(record)
            return false
        }
        watches[node] = Watch(run: record.run, descriptor: descriptor, queue: executor.queue) { [weak self] in
            self?.assumeIsolated { $0.hasEnded(record) }
        }
        return true
    }

    private func hasEnded(_ record: RunRecord) {
        guard watches[record.node]?.run == record.run else { return }
        let folder = RunFolder(record.node, in: nodes)
        if folder.exit(of: record.run) == nil, let descriptor = record.process.descriptor() {
            // The shim was killed: its process is watched from here on, for the same waiters.
            watches[record.node]?.replace(descriptor)
            return
        }
        settle(record)
    }

    /// Reports a run that has ended, seen or unseen.
    private func settle(_ record: RunRecord) {
        let folder = RunFolder(record.node, in: nodes)
        if folder.exit(of: record.run) == nil {
            let reason: ProcessEnding.Reason = record.boot == Boot.id ? .shimLost : .hostRestarted
            do {
                try folder.writeExit(record, unseen: reason, ended: WallClock.now)
            } catch {
                report(
                    ProcessExit(
                        node: record.node, run: record.run, pid: record.process.pid, ending: .unseen(reason),
                        started: record.started, ended: WallClock.now), record)
            }
        }
        for exit in folder.unacknowledged() { report(exit, record) }
        if watches[record.node]?.run == record.run { watches.removeValue(forKey: record.node)?.end() }
    }

    private func report(_ exit: ProcessExit, _ record: RunRecord?) {
        guard told.insert(Told(node: exit.node, run: exit.run)).inserted else { return }
        var exit = exit
        exit.isOutOfMemory = Cgroups.isOutOfMemory(record?.places.folders ?? [])
        tell.yield(exit)
    }
}

/// An exit that was told and not yet acknowledged.
private struct Told: Hashable {
    var node: ID
    var run: String
}

/// A start under way, and who else wants it.
private struct Start {
    var run: String
    var waiters: [CheckedContinuation<Result<ProcessStatus, Problem>, Never>] = []
}
