// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Plugins
import Support

/// Supervised processes and short commands, as plugins reach them.
extension GrantedHost {
    func run(_ request: Value) async throws(Problem) -> Value {
        let (request, secrets) = try await openingSecrets(in: request)
        let command = try ShortCommand(document: request)
        try require(grants.allows(program: command.arguments), "running ‘\(command.arguments.joined(separator: " "))’")
        return try await masking(secrets) { () throws(Problem) in
            var answer = try await command.run(host: environment.name).document
            for key in ["output", "error"] where secrets.isSensitive {
                answer[key] = .text(secrets.masked(answer[key]?.text ?? ""))
            }
            return answer
        }
    }

    func spawn(_ request: Value) async throws(Problem) -> Value {
        _ = try node(request, .spawn)
        let (request, secrets) = try await openingSecrets(in: request)
        let specification = try ProcessSpecification(document: request)
        return try await masking(secrets) { () throws(Problem) in
            try await environment.supervisor.start(specification).document
        }
    }

    func status(_ request: Value) async throws(Problem) -> Value {
        try await environment.supervisor.status(try node(request, .status)).document
    }

    func signal(_ request: Value) async throws(Problem) -> Value {
        guard let signal = request["signal"]?.integer else { throw malformed(.signal, "signal") }
        try await environment.supervisor.signal(
            try node(request, .signal), Int32(truncatingIfNeeded: signal), tree: request["tree"]?.boolean ?? false)
        return .null
    }

    func wait(_ request: Value) async throws(Problem) -> Value {
        let timeout = UInt64(max(0, request["timeout"]?.integer ?? 0))
        return try await environment.supervisor.wait(try node(request, .wait), milliseconds: timeout).document
    }

    func forget(_ request: Value) async throws(Problem) -> Value {
        try await environment.supervisor.forget(try node(request, .forget))
        return .null
    }

    func listeners() async throws(Problem) -> Value {
        try require(grants.listeners, "the list of listening sockets")
        return .list(Listeners.read().map(\.document))
    }

    /// The node that a request names, which must be the one that the call is made for or one of its service.
    private func node(_ request: Value, _ function: HostFunction) throws(Problem) -> ID {
        guard let text = request["node"]?.text else { throw malformed(function, "node") }
        let node = try ID(documentText: text)
        try require(grants.processes && grants.allowsWriting(node.directory), "the processes of ‘\(node)’")
        return node
    }
}
