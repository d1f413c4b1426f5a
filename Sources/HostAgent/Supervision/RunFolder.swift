// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support

/// What the shim and the supervisor keep of a node's process: files beside the folder that the node has for itself.
struct RunFolder: Sendable, Hashable {
    /// The folder of what is kept of the node.
    let path: String
    /// The folder that the node has for itself.
    var home: String { path + "/home" }
    /// The file that takes the process's output. There is none before the first of it.
    var log: String { path + "/log" }

    /// The folder of a node below the folder of all nodes.
    init(_ node: ID, in nodes: String) {
        let names = (node.directory.names + [node.name]).map(Self.fileName)
        path = nodes + "/" + names.joined(separator: "/")
    }

    private init(path: String) { self.path = path }

    /// A name of the graph as the name of a file, which must not climb out of its folder.
    private static func fileName(_ name: String) -> String { name.hasPrefix(".") ? "%2E" + name.dropFirst() : name }

    /// All run folders below the folder of all nodes. What others' processes make is not looked into.
    static func all(in nodes: String, depth: Int = 8) -> [RunFolder] {
        guard Owner(of: nodes)?.user == geteuid() else { return [] }
        let names = Files.names(in: nodes)
        if names.contains(where: { $0 == "record" || isExit($0) }) { return [RunFolder(path: nodes)] }
        guard depth > 0 else { return [] }
        return names.sorted().flatMap { all(in: nodes + "/" + $0, depth: depth - 1) }
    }

    /// Which process the last run is.
    func record() -> RunRecord? { Files.text(path + "/record").flatMap(RunRecord.init) }

    /// How a run ended, if it has.
    func exit(of run: String) -> ProcessExit? {
        guard let exit = Files.text(path + "/exit").flatMap(ProcessExit.init(file:)), exit.run == run else { return nil }
        return exit
    }

    /// The ends that nobody has acknowledged, of the last run and of those before.
    func unacknowledged() -> [ProcessExit] {
        let acknowledged = Files.text(path + "/acknowledged")
        return Files.names(in: path).filter(Self.isExit).sorted()
            .compactMap { Files.text(path + "/" + $0).flatMap(ProcessExit.init(file:)) }.filter { $0.run != acknowledged }
    }

    /// Notes that an exit need not be told again.
    ///
    /// - Throws: `file.write`.
    func acknowledge(_ exit: ProcessExit) throws(Problem) {
        let kept = keptExit(exit)
        if Files.exists(kept) {
            unlink(kept)
        } else if self.exit(of: exit.run) != nil {
            try Files.replace(path + "/acknowledged", by: Array(exit.run.utf8))
        }
    }

    /// Puts an exit that nobody has acknowledged where the next run doesn't replace it.
    func keepExit() {
        guard let exit = Files.text(path + "/exit").flatMap(ProcessExit.init(file:)),
            Files.text(path + "/acknowledged") != exit.run
        else { return }
        rename(path + "/exit", keptExit(exit))
    }

    private func keptExit(_ exit: ProcessExit) -> String { "\(path)/exit-\(exit.started)-\(exit.pid)" }

    private static func isExit(_ name: String) -> Bool { name == "exit" || name.hasPrefix("exit-") }

    /// Writes the exit that a shim couldn't write.
    ///
    /// - Throws: `file.write`.
    func writeExit(_ record: RunRecord, unseen reason: ProcessEnding.Reason, ended: Int64) throws(Problem) {
        try Files.replace(path + "/exit", by: Array(ProcessExit.fileText(record, unseen: reason, ended: ended).utf8))
    }

    /// Removes what is kept of the process.
    ///
    /// - Throws: `file.remove`.
    func remove() throws(Problem) {
        // The record goes last: while it is there the rest is found and can be removed again.
        for name in Files.names(in: path) where Self.isOwn(name) && name != "record" { unlink(path + "/" + name) }
        guard unlink(path + "/record") == 0 || errno == ENOENT else {
            throw Files.failure("file.remove", "the file ‘\(path)/record’ cannot be removed", errno)
        }
    }

    /// Whether a file is the supervisor's or the shim's, by what its name begins with.
    private static func isOwn(_ name: String) -> Bool {
        ["record", "log", "exit", "acknowledged"].contains(name.prefix { $0 != "." && $0 != "-" })
    }
}
