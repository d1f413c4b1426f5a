// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Support
import Synchronization

/// Stands in for the conductor, and keeps what it was asked.
final class RecordingConductor: ConductorBackend {
    private let asked = Mutex<[String]>([])

    /// What it was asked, in order.
    var requests: [String] { asked.withLock { $0 } }

    private func note(_ text: String) { asked.withLock { $0.append(text) } }

    func plan(_ request: PlanRequest, of service: String, for caller: Caller) async throws(Problems) -> Value {
        switch request {
        case .design(let design, let inputs, let take):
            let taken = take == Resolution() ? "" : " taking \(JSON.encode(take.document))"
            note("plan \(service) \(JSON.encode(design)) \(JSON.encode(.object(inputs))) \(caller.uid)\(taken)")
            if design["broken"] == true {
                throw Problems([Problem("plan.broken", "one"), Problem("plan.broken", "two", hint: "mend it")])
            }
        case .deletion: note("plan \(service) deletion")
        case .undo: note("plan \(service) undo")
        }
        return ["id": "p1", "service": .text(service)]
    }

    func deploy(plan: String, of service: String, for caller: Caller) async throws(Problems) -> String {
        note("deploy \(service) \(plan)")
        if plan == "old" { throw Problems([Problem("plan.outdated", "the graph has changed since")]) }
        return "d7"
    }

    func drop(plan: String, for caller: Caller) async throws(Problems) { note("drop \(plan)") }

    func cancel(_ service: String, for caller: Caller) async throws(Problems) -> String {
        note("cancel \(service)")
        return "cancelled"
    }

    func delete(_ service: String, for caller: Caller) async throws(Problems) -> String {
        note("delete \(service)")
        return "d8"
    }

    func run(_ command: RunRequest, for caller: Caller) async throws(Problems) -> RunResult {
        note(
            "run \(command.arguments) \(JSON.encode(.object(command.environment))) \(command.ports) \(command.directory ?? "-")"
        )
        return RunResult(service: command.name ?? "run-1", deployment: "d9")
    }

    func restart(_ node: ID, for caller: Caller) async throws(Problems) -> String {
        note("restart \(node)")
        return "shop/9"
    }

    func call(
        _ operation: String, of node: ID, inputs: [String: Value], key: String?, for caller: Caller
    ) async throws(Problems) -> CallResult {
        note("call \(operation) \(node) \(JSON.encode(.object(inputs))) \(key ?? "-")")
        return CallResult(operation: "shop/10", outputs: ["file": "dump"])
    }

    func retry(_ operation: String, for caller: Caller) async throws(Problems) -> Value {
        note("retry \(operation)")
        return ["id": "2", "state": "planned"]
    }
}

/// Stands in for the workloads.
struct CannedWorkloads: WorkloadsBackend {
    func logs(of node: ID, _ request: LogRequest) async throws(Problems) -> APIStream<Value> {
        let first = Int(request.after ?? 0)
        return APIStream((0..<(request.lines ?? 3)).map { ["position": .integer(first + $0), "line": .text("line \($0)")] })
    }

    func exec(_ arguments: [String], on node: ID, for caller: Caller) async throws(Problems) -> APIStream<Value> {
        APIStream([["output": .text(arguments.joined(separator: " "))], ["error": ""], ["status": 0]])
    }

    func explain(_ node: ID) async throws(Problems) -> [Value] {
        [["comment": "starts it", "command": "setsid web"]]
    }
}
