// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// A process that shall run for a node.
struct ProcessSpecification: Sendable, Hashable {
    /// Where programs are looked for if the environment doesn't say.
    static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// The node that the process implements.
    var node: ID
    /// The name of this start: starting the same run again has no further effect.
    var run: String
    /// The program, a path or a name that is looked for in the environment's `PATH`, and its arguments.
    var arguments: [String]
    /// The whole environment, except that `PATH`, and with a user `HOME`, `USER` and `LOGNAME`, have defaults.
    var environment: [String: String] = [:]
    /// The absolute path of the working directory; nil is the folder that the node has for itself.
    var directory: String?
    /// A name or number, with `:GROUP` if the group isn't the user's own; nil is the supervisor's choice.
    var user: String?
    /// What the process may use.
    var limits = Limits()
    /// How its output is kept.
    var log = LogLimits()
    /// Whether what is left of its tree is killed when the process ends.
    var killsTree = true

    /// What a process and its tree may use; nil is unlimited, or for descriptors and core files what is inherited.
    struct Limits: Sendable, Hashable {
        /// Bytes of memory.
        var memory: Int64?
        /// Processes and threads.
        var processes: Int64?
        /// Processor cores.
        var cpu: Double?
        /// Open files of each process.
        var files: Int64?
        /// Bytes of a core file.
        var core: Int64?
    }

    /// When the log is rotated.
    struct LogLimits: Sendable, Hashable {
        /// Bytes after which it is.
        var size: Int64 = 10 << 20
        /// How many rotated files are kept beside the current one.
        var files: Int64 = 3
    }

    /// Fails if it can't be passed to a process.
    ///
    /// - Throws: `process.invalid`.
    func check() throws(Problem) {
        try Self.require(node.kind == .vertex, "a process belongs to a vertex, not to ‘\(node.documentText)’")
        let isRunName = !run.isEmpty && run.utf8.count <= 512 && run.unicodeScalars.allSatisfy { $0.value >= 0x20 }
        try Self.require(isRunName, "the name of a run has 1 to 512 bytes and no control characters")
        try Self.require(arguments.first?.isEmpty == false, "there is no program to run")
        let texts = arguments + environment.flatMap { [$0.key, $0.value] } + [directory ?? "", user ?? ""]
        try Self.require(!texts.contains { $0.utf8.contains(0) }, "arguments, environment and directory hold no NUL")
        let isEnvironment = environment.keys.allSatisfy { !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: "=")) }
        try Self.require(isEnvironment, "a variable of the environment has a name without ‘=’")
        try Self.require(directory?.hasPrefix("/") != false, "the working directory is no absolute path")
        let numbers = [limits.memory, limits.processes, limits.files, limits.core, log.size, log.files]
        try Self.require(numbers.allSatisfy { $0 ?? 0 >= 0 } && limits.cpu ?? 1 > 0, "a limit is below zero")
    }

    private static func require(_ condition: Bool, _ message: String) throws(Problem) {
        guard condition else { throw Problem("process.invalid", message) }
    }
}

extension ProcessSpecification {
    /// Reads the document that `spawn` takes.
    ///
    /// - Throws: `process.invalid`, `floria.malformed-id`.
    init(document: Value) throws(Problem) {
        guard let node = document["node"]?.text, let run = document["run"]?.text, let arguments = document["arguments"]?.list
        else {
            throw Problem("process.invalid", "a process has a ‘node’, a ‘run’ and ‘arguments’")
        }
        self.node = try ID(documentText: node)
        self.run = run
        self.arguments = try Self.texts(arguments, "arguments")
        for (name, value) in document["environment"]?.map ?? ValueMap() {
            guard let name = name.text, let value = value.text else {
                throw Problem("process.invalid", "the environment maps texts to texts")
            }
            environment[name] = value
        }
        directory = document["directory"]?.text
        user = document["user"]?.text
        let limits = document["limits"]
        self.limits = Limits(
            memory: try Self.number(limits, "memory"), processes: try Self.number(limits, "processes"),
            cpu: limits?["cpu"]?.float, files: try Self.number(limits, "files"), core: try Self.number(limits, "core"))
        log.size = try Self.number(document["log"], "size") ?? log.size
        log.files = try Self.number(document["log"], "files") ?? log.files
        try check()
    }

    private static func texts(_ list: [Value], _ name: String) throws(Problem) -> [String] {
        let texts = list.compactMap(\.text)
        guard texts.count == list.count else { throw Problem("process.invalid", "‘\(name)’ is a list of texts") }
        return texts
    }

    private static func number(_ map: Value?, _ name: String) throws(Problem) -> Int64? {
        guard let value = map?[name], !value.isNull else { return nil }
        guard let number = value.integer else { throw Problem("process.invalid", "‘\(name)’ is an integer") }
        return Int64(number)
    }
}
