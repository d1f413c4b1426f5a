// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// What a short command gave.
struct CommandResult {
    var status: Int
    var output: String
    var error: String
}

/// Runs a short command to its end, whatever its status is.
func run(
    _ arguments: [String], environment: JSONObject = JSONObject(), directory: String? = nil, user: String? = nil,
    timeout: Int64 = 60_000
) throws(PluginError) -> CommandResult {
    var request: JSON = ["arguments": .texts(arguments), "timeout": .integer(timeout)]
    if !environment.isEmpty { request["environment"] = .object(environment) }
    if let directory { request["directory"] = .text(directory) }
    if let user { request["user"] = .text(user) }
    let result = try Host.run(request)
    return CommandResult(
        status: result["status"]?.integer ?? -1, output: result["output"]?.text ?? "", error: result["error"]?.text ?? "")
}

/// Runs a short command that has to succeed, and gives its output.
@discardableResult
func runChecked(
    _ arguments: [String], environment: JSONObject = JSONObject(), user: String? = nil, timeout: Int64 = 60_000,
    code: String, failed what: String, hint: String? = nil
) throws(PluginError) -> String {
    let result = try run(arguments, environment: environment, user: user, timeout: timeout)
    if result.status != 0 { throw problem(of: result, arguments, code, what, hint: hint) }
    return result.output
}

/// The problem of a command that failed: what it was for, and what it said.
func problem(of result: CommandResult, _ arguments: [String], _ code: String, _ what: String, hint: String? = nil)
    -> PluginError
{
    let said = joined(lastLines(result.error.isEmpty ? result.output : result.error, count: 5), "\n")
    let cause = PluginError(
        "process.command-failed", "‘\(shellCommand(arguments))’ ended with status \(result.status): \(said)")
    return PluginError(code, what, hint: hint, because: cause)
}
