// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support
import Synchronization

/// Keeps the end of a node apart from what runs for it: the end waits for all that has entered, and nobody enters meanwhile.
public final class NodeGates: Sendable {
    fileprivate struct Gate {
        var entered = 0
        var isClosed = false
        var closing: CheckedContinuation<Void, Never>?
    }

    private let gates = Mutex<[ID: Gate]>([:])

    /// Makes gates that are all open.
    public init() {}

    /// Enters the gate of a node, until ``leave(_:)``.
    ///
    /// - Throws: `node.ending` if it is closed.
    public func enter(_ node: ID) throws(Problem) {
        let isClosed = gates.withLock { gates in
            if gates[node]?.isClosed == true { return true }
            gates[node, default: Gate()].entered += 1
            return false
        }
        if isClosed { throw .ending(node) }
    }

    /// Leaves a gate that was entered.
    public func leave(_ node: ID) {
        let closing = gates.withLock { gates -> CheckedContinuation<Void, Never>? in
            gates[node]?.entered -= 1
            guard gates[node]?.entered == 0 else { return nil }
            guard gates[node]?.isClosed == true else {
                gates[node] = nil
                return nil
            }
            return gates[node]?.takeClosing()
        }
        closing?.resume()
    }

    /// Closes the gate of a node, and waits until all have left, each of whom has a time limit of its own. It stays closed until
    /// ``open(_:)``.
    ///
    /// - Throws: `node.ending` if it is closed already, `operation.interrupted` if the task is cancelled; it is then open again.
    public func close(_ node: ID) async throws(Problem) {
        let wasClosed = gates.withLock { gates in
            defer { gates[node, default: Gate()].isClosed = true }
            return gates[node]?.isClosed == true
        }
        if wasClosed { throw .ending(node) }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAlone = gates.withLock { gates in
                    if gates[node]?.entered == 0 || Task.isCancelled { return true }
                    gates[node]?.closing = continuation
                    return false
                }
                if isAlone { continuation.resume() }
            }
        } onCancel: {
            gates.withLock { $0[node]?.takeClosing() }?.resume()
        }
        guard gates.withLock({ $0[node]?.entered }) == 0 else {
            open(node)
            throw Problem("operation.interrupted", "‘\(node)’ was not ended: what runs for it went on")
        }
    }

    /// Opens the gate of a node, if it is closed.
    public func open(_ node: ID) {
        gates.withLock { gates in
            gates[node]?.isClosed = false
            if gates[node]?.entered == 0 { gates[node] = nil }
        }
    }
}

extension NodeGates.Gate {
    fileprivate mutating func takeClosing() -> CheckedContinuation<Void, Never>? {
        defer { closing = nil }
        return closing
    }
}

extension Problem {
    fileprivate static func ending(_ node: ID) -> Problem {
        Problem(
            "node.ending", "‘\(node)’ is being deleted", at: .entity(node.description, property: nil),
            hint: "if its end fails, ‘khutulun service show \(node.directory.names.first ?? "")’ tells it")
    }
}
