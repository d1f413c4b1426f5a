// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// An executable artifact that implements an operation or handles an event.
struct Script: Sendable {
    /// Where the file is on this host.
    var path: String
    /// Its name in the design.
    var name: String
    /// The node's folder, in which it runs.
    var folder: String
    /// To whom that folder belongs, and so who runs it.
    var owner: Owner
    var site: CallSite
    var host: String
    /// Which execution of an operation it is: `{"operation": ID, "attempt": N}`; null if it handles an event.
    var execution: Value

    /// Runs it: the inputs as a JSON object on standard input and as environment variables. What it prints must be
    /// nothing, or a JSON object: the outputs.
    ///
    /// - Throws: `script.failed` with what it wrote to standard error, `script.timeout`, `script.malformed-outputs`.
    func run(_ inputs: Value, timeLimit: Duration) async throws(Problem) -> Value {
        try Files.makeExecutable(path)
        let command = ShortCommand(
            arguments: [path], environment: environment(inputs), directory: folder,
            user: owner.isAnother ? owner.account : nil, input: Array(JSON.encode(inputs).utf8),
            milliseconds: UInt64(max(0, timeLimit / .milliseconds(1))))
        let result: ShortCommand.Outcome
        do { result = try await command.run(host: host) } catch  where error.code == "command.timeout" {
            throw Problem(
                "script.timeout", "the script ‘\(name)’ took longer than \(command.milliseconds) ms and was killed",
                at: .command([name], host: host), hint: "‘timeout’ of the operation's implementation gives it more time")
        }
        let output = String(decoding: result.output, as: UTF8.self)
        guard result.status == 0 else {
            let message = String(decoding: result.error, as: UTF8.self).split(separator: "\n").suffix(5).joined(separator: "\n")
            throw Problem(
                "script.failed", "the script ‘\(name)’ ended with status \(result.status)",
                at: .command([name], host: host), causes: message.isEmpty ? [] : [Problem("script.error-output", message)])
        }
        guard output.contains(where: { !$0.isWhitespace }) else { return [:] }
        let outputs = try? JSON.decode(output)
        guard let outputs, outputs.map != nil else {
            throw Problem(
                "script.malformed-outputs", "the script ‘\(name)’ printed something that is no JSON object",
                at: .command([name], host: host),
                hint: "print outputs as one JSON object, and everything else to standard error")
        }
        return outputs
    }

    private func environment(_ inputs: Value) -> [String: String] {
        var environment = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "KHUTULUN_NODE": site.entity.description,
            "KHUTULUN_SERVICE": site.entity.directory.names.first ?? "", "KHUTULUN_HOST": host,
        ]
        for key in ["operation", "attempt"] {
            if let value = execution[key] { environment["KHUTULUN_\(key.uppercased())"] = value.text ?? JSON.encode(value) }
        }
        for (key, value) in inputs.map ?? ValueMap() {
            guard let key = key.text, !key.contains("="), !key.contains("\0") else { continue }
            environment[key] = value.text ?? JSON.encode(value)
        }
        return environment
    }
}
