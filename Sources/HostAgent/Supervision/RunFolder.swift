// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support

/// The folder `run` of a node, where its shim and the supervisor keep what they know of its process.
struct RunFolder: Sendable, Hashable {
    /// What is kept of the node.
    let nodeFolder: String
    /// The folder that the node has for itself.
    var home: String { nodeFolder + "/home" }
    /// The folder itself.
    var path: String { nodeFolder + "/run" }
    /// The file that takes the process's output.
    var log: String { path + "/log" }
    /// What the shim reads.
    var specification: String { path + "/specification" }

    /// The folder of a node below the folder of all nodes.
    init(_ node: ID, in nodes: String) {
        let names = (node.directory.names + [node.name]).map(Self.fileName)
        nodeFolder = nodes + "/" + names.joined(separator: "/")
    }

    private init(nodeFolder: String) { self.nodeFolder = nodeFolder }

    /// A name of the graph as the name of a file, which must not climb out of its folder.
    private static func fileName(_ name: String) -> String { name.hasPrefix(".") ? "%2E" + name.dropFirst() : name }

    /// All run folders below the folder of all nodes. What others' processes make is not looked into.
    static func all(in nodes: String, depth: Int = 8) -> [RunFolder] {
        guard Owner(of: nodes)?.user == geteuid() else { return [] }
        if Files.exists(nodes + "/run/specification") { return [RunFolder(nodeFolder: nodes)] }
        guard depth > 0 else { return [] }
        return Files.names(in: nodes).sorted().flatMap { all(in: nodes + "/" + $0, depth: depth - 1) }
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
        return Files.names(in: path).filter { $0 == "exit" || Self.isKeptExit($0) }.sorted()
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

    private static func isKeptExit(_ name: String) -> Bool { name.hasPrefix("exit-") }

    /// Writes the exit that a shim couldn't write.
    ///
    /// - Throws: `file.write`.
    func writeExit(_ record: RunRecord, unseen reason: ProcessEnding.Reason, ended: Int64) throws(Problem) {
        try Files.replace(path + "/exit", by: Array(ProcessExit.fileText(record, unseen: reason, ended: ended).utf8))
    }

    /// The values of a key in the specification that was written last.
    func specified(_ key: String) -> [String] {
        (Files.read(specification) ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            .filter { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
    }

    /// The folders of the cgroups that were made for the process.
    var cgroups: [String] { specified("birth-cgroup") + specified("cgroup") }

    /// Removes the folder and what is in it.
    ///
    /// - Throws: `file.remove`.
    func remove() throws(Problem) {
        // The specification goes last: while it is there the folder is found and can be removed again.
        for name in Files.names(in: path) where name != "specification" { unlink(path + "/" + name) }
        unlink(specification)
        guard rmdir(path) == 0 || errno == ENOENT else {
            throw Files.failure("file.remove", "the folder ‘\(path)’ cannot be removed", errno)
        }
    }
}
