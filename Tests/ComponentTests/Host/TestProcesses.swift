// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Foundation
import Support
import Synchronization

/// Real processes, each the leader of a group of its own, so that its tree can be ended. No limit of memory is enforced.
final class TestProcesses: Sendable {
    private struct Entry {
        var run: String
        var pid: pid_t
        var log: String
        var request: Value
        var ending: (key: String, value: Int)?
    }

    private let entries = Mutex<[String: Entry]>([:])

    func run(_ request: Value) throws(Problem) -> Value {
        let process = Process()
        let (output, error) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = (request["arguments"]?.list ?? []).compactMap(\.text)
        if let environment = request["environment"]?.map {
            process.environment = Dictionary(uniqueKeysWithValues: environment.map { ($0.key.text ?? "", $0.value.text ?? "") })
        }
        if let directory = request["directory"]?.text { process.currentDirectoryURL = URL(filePath: directory) }
        process.standardOutput = output
        process.standardError = error
        do { try process.run() } catch { throw Problem("command.failed", "\(error)") }
        let outputText = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let errorText = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return ["status": .integer(Int(process.terminationStatus)), "output": .text(outputText), "error": .text(errorText)]
    }

    func spawn(_ request: Value, folder: String) throws(Problem) -> Value {
        let node = request["node"]?.text ?? ""
        if let entry = entries.withLock({ $0[node] }), entry.run == request["run"]?.text { return status(request) }
        let environment = (request["environment"]?.map ?? ValueMap()).map { "\($0.key.text ?? "")=\($0.value.text ?? "")" }
        let log = "\(folder)/log"
        let command = (request["arguments"]?.list ?? []).compactMap(\.text)
        let shell = ["sh", "-c", "cd \"$0\" && exec \"$@\"", request["directory"]?.text ?? "/"] + command
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var arguments = shell.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid: pid_t = 0
        guard posix_spawn(&pid, "/bin/sh", &actions, &attributes, &arguments, &variables) == 0 else {
            throw Problem("process.not-found", "there is no program ‘\(command.first ?? "")’")
        }
        entries.withLock { $0[node] = Entry(run: request["run"]?.text ?? "", pid: pid, log: log, request: request) }
        return status(request)
    }

    func status(_ request: Value) -> Value {
        entries.withLock { entries in
            guard var entry = entries[request["node"]?.text ?? ""] else { return ["state": "absent"] }
            var status: Int32 = 0
            if entry.ending == nil, waitpid(entry.pid, &status, WNOHANG) == entry.pid {
                entry.ending = status & 0x7f == 0 ? ("code", Int(status >> 8 & 0xff)) : ("signal", Int(status & 0x7f))
                entries[request["node"]?.text ?? ""] = entry
            }
            var document: Value = [
                "state": entry.ending == nil ? "running" : "exited", "run": .text(entry.run), "pid": .integer(Int(entry.pid)),
                "log": .text(entry.log),
            ]
            if entry.request["limits"]?["memory"] != nil { document["warnings"] = ["the limit of memory is not enforced"] }
            if let ending = entry.ending { document[ending.key] = .integer(ending.value) }
            return document
        }
    }

    /// What the last start of a node's process was asked for with.
    func request(of node: ID) -> Value? { entries.withLock { $0[node.documentText]?.request } }

    func signal(_ request: Value) -> Value {
        guard let pid = entries.withLock({ $0[request["node"]?.text ?? ""]?.pid }) else { return .null }
        kill(request["tree"]?.boolean == true ? -pid : pid, Int32(request["signal"]?.integer ?? 0))
        return .null
    }

    func wait(_ request: Value) async -> Value {
        let end = ContinuousClock.now + .milliseconds(request["timeout"]?.integer ?? 0)
        while status(request)["state"] == "running", ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(5))
        }
        return status(request)
    }

    func forget(_ request: Value) -> Value {
        entries.withLock { $0[request["node"]?.text ?? ""] = nil }
        return .null
    }

    func endAll() {
        for entry in entries.withLock({ $0.values }) where entry.ending == nil { kill(-entry.pid, SIGKILL) }
    }
}
