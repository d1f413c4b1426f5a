// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Finds the places where a crash matters, and those of them at which tests cannot make the agent crash.
enum Failpoints {
    /// A place in a function where something is written, called or started.
    struct Place {
        var finding: Finding
        /// Whether the function has a failpoint.
        var isCovered: Bool
    }

    /// What is written for good, done by a plugin or a host, or started.
    private static let crossings = [
        "store.commit(", "client.commit(", "runner.run(", "runner.clear(", "component.dispatch(", "supervisor.start(",
        "supervisor.acknowledge(", "perform(function",
    ]

    /// What plugins ask a host for passes one gate, which has the failpoints of all of it.
    private static let gated = "Sources/HostAgent/Grants"
    private static let gate = "perform(function"

    /// What an agent runs. Of Floria it is only what happens to events: an import is made without an agent.
    private static let targets: Set<String> = ["FloriaSecrets", "Orchestration", "EventBus", "HostAgent", "Control"]

    /// The places of a file.
    static func places(_ file: Repository.File) -> [Place] {
        guard file.isSwift, targets.contains(file.target ?? "") || file.isWithin("Sources/Floria/Events") else { return [] }
        let functions = FunctionScanner.functions(of: file.code)
        return file.code.enumerated().flatMap { index, line in
            crossings.filter { isCrossing($0, line, file) }.map { crossing in
                let row = index + 1
                let around = functions.filter { $0.row <= row && row < $0.row + $0.length }.min { $0.length < $1.length }
                let body = around.map { file.code[($0.row - 1)..<($0.row - 1 + $0.length)] } ?? []
                return Place(
                    finding: Finding(path: file.path, row: row, message: "\(crossing)…) in \(around?.name ?? "no function")"),
                    isCovered: body.contains { $0.contains(".reach(") })
            }
        }
    }

    private static func isCrossing(_ crossing: String, _ line: String, _ file: Repository.File) -> Bool {
        guard line.contains(crossing), !line.contains("func ") else { return false }
        return crossing == gate || !file.isWithin(gated)
    }
}
