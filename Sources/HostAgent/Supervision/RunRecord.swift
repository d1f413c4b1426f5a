// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Which process a run is: the shim's file `record`.
struct RunRecord: Sendable, Hashable {
    var node: ID
    var run: String
    /// The boot that the process belongs to.
    var boot: String
    var process: ProcessIdentity
    var shim: ProcessIdentity
    /// Milliseconds since 1970.
    var started: Int64
    /// The cgroups of the process, and what of its limits can't be enforced.
    var places: Cgroups.Places
    /// Whether what is left of its tree is killed when the process ends.
    var killsTree: Bool

    /// The record that the shim of a start has written.
    init(_ specification: ProcessSpecification, _ places: Cgroups.Places, _ report: StartReport) {
        node = specification.node
        run = specification.run
        boot = Boot.id
        process = report.process
        shim = report.shim
        started = report.started
        self.places = places
        killsTree = specification.killsTree
    }

    /// Reads the file's text; nil if it isn't whole.
    init?(_ text: String) {
        let fields = RunFields(text)
        guard let node = fields["node"].flatMap({ try? ID(.vertex, parsing: $0) }), let run = fields["run"],
            let boot = fields["boot"], let pid = fields.number("pid"), let start = fields.number("start"),
            let shim = fields.number("shim"), let shimStart = fields.number("shim-start"),
            let started = fields.number("started")
        else { return nil }
        self.node = node
        self.run = run
        self.boot = boot
        process = ProcessIdentity(pid: Int32(truncatingIfNeeded: pid), start: start)
        self.shim = ProcessIdentity(pid: Int32(truncatingIfNeeded: shim), start: shimStart)
        self.started = started
        places = Cgroups.Places(
            birth: fields["birth-cgroup"], entered: fields.all("cgroup"), warnings: fields.all("warning"))
        killsTree = fields["tree"] != "leave"
    }
}

extension ProcessExit {
    /// Reads the text of a file `exit`; nil if it isn't whole.
    init?(file text: String) {
        let fields = RunFields(text)
        guard let node = fields["node"].flatMap({ try? ID(.vertex, parsing: $0) }), let run = fields["run"],
            let pid = fields.number("pid"), let started = fields.number("started"), let ended = fields.number("ended")
        else { return nil }
        let ending: ProcessEnding
        if let code = fields.number("code") {
            ending = .code(Int32(truncatingIfNeeded: code))
        } else if let signal = fields.number("signal") {
            ending = .signal(Int32(truncatingIfNeeded: signal))
        } else if let reason = fields["unseen"].flatMap(ProcessEnding.Reason.init(rawValue:)) {
            ending = .unseen(reason)
        } else {
            return nil
        }
        self.init(node: node, run: run, pid: Int32(truncatingIfNeeded: pid), ending: ending, started: started, ended: ended)
    }

    /// The text of the file `exit` of a process whose end nobody saw.
    static func fileText(_ record: RunRecord, unseen reason: ProcessEnding.Reason, ended: Int64) -> String {
        """
        run=\(record.run)
        node=\(record.node)
        boot=\(record.boot)
        pid=\(record.process.pid)
        unseen=\(reason.rawValue)
        started=\(record.started)
        ended=\(ended)

        """
    }
}

/// The lines `key=value` of the shim's files.
private struct RunFields {
    private var values: [Substring: [String]] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            values[line[..<equals], default: []].append(String(line[line.index(after: equals)...]))
        }
    }

    subscript(key: String) -> String? { all(key).first }

    /// The values of a key that may be there several times.
    func all(_ key: String) -> [String] { values[key[...]] ?? [] }

    func number(_ key: String) -> Int64? { self[key].flatMap { Int64($0) } }
}
