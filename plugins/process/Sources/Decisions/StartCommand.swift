// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A start of a process, as commands that a person would type.
struct StartCommand {
    var unit: String
    var folder: String
    var user: String?
    var environment: [(name: String, value: String)]
    var arguments: [String]
    var restart: RestartPolicy
    var stopSignal: Int
    var stopGrace: Int64

    /// In a shell.
    var plain: String {
        var command = ["env", "-i"] + environment.map { "\($0.name)=\($0.value)" } + arguments
        if let user { command = ["setpriv", "--reuid=\(user)", "--init-groups", "--"] + command }
        return "cd \(shellQuoted(folder)) && \(shellCommand(command))"
    }

    /// As a transient unit of systemd.
    var systemd: String {
        var command = ["systemd-run", "--unit=\(unit)", "--working-directory=\(folder)"]
        if let user { command.append("--uid=\(user)") }
        for property in properties { command.append("--property=\(property)") }
        for variable in environment { command.append("--setenv=\(variable.name)=\(variable.value)") }
        return shellCommand(command + ["--"] + arguments)
    }

    private var properties: [String] {
        var properties = ["KillSignal=\(stopSignal)", "TimeoutStopSec=\(stopGrace)ms", "Restart=\(restartWord)"]
        if restart.mode != .never {
            properties += [
                "RestartSec=\(restart.delay)ms", "StartLimitBurst=\(restart.attempts)",
                "StartLimitIntervalSec=\(restart.window)ms",
            ]
        }
        return properties
    }

    private var restartWord: String { restart.mode == .never ? "no" : restart.mode.rawValue }
}
