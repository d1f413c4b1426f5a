// SPDX-License-Identifier: Apache-2.0 OR MIT
import CShim

/// What the agent wants to have started: a file in memory that comes with its request, entries of `key=value` that each end with
/// a NUL.
///
/// | key | value |
/// |---|---|
/// | `folder` | the run folder, an absolute path; required |
/// | `run` | the name of this start; required |
/// | `node` | the node's identifier |
/// | `boot` | the boot that the start belongs to |
/// | `argument` | the program, then its arguments, in order; required |
/// | `environment` | `NAME=VALUE`, each variable of the environment |
/// | `search` | the folders where a program without `/` is looked for, joined with `:` |
/// | `directory` | the working directory; required |
/// | `user`, `group`, `groups` | numbers; `groups` once for each supplementary group |
/// | `files`, `core` | limits of open files and of a core file's bytes |
/// | `birth-cgroup` | a cgroup v2 folder that the process is born in |
/// | `cgroup` | a further cgroup folder that the process enters, as often as needed |
/// | `log-size`, `log-files` | bytes after which the log is rotated, and how many rotated ones are kept |
/// | `tree` | `kill`: what is left of the tree when the program ends is killed; `leave`: it is left alone |
/// | `warning` | a note of the agent's own |
///
/// The entries `birth-cgroup`, `cgroup`, `tree` and `warning` are lines of the file `record` too, for whoever reads it. Keys that
/// aren't known are skipped.
struct Specification {
    /// The longest file.
    static let limit = 4 << 20

    private(set) var folder: UnsafeMutablePointer<CChar>?
    private(set) var run: UnsafeMutablePointer<CChar>?
    private(set) var node: UnsafeMutablePointer<CChar>?
    private(set) var boot: UnsafeMutablePointer<CChar>?
    private(set) var arguments: [UnsafeMutablePointer<CChar>?] = []
    private(set) var environment: [UnsafeMutablePointer<CChar>?] = []
    private var searched: UnsafeMutablePointer<CChar>?
    private(set) var directory: UnsafeMutablePointer<CChar>?
    private(set) var user: Int64 = -1
    private(set) var group: Int64 = -1
    private(set) var groups: [gid_t] = []
    private(set) var files: Int64 = -1
    private(set) var core: Int64 = -1
    private(set) var birthCgroup: UnsafeMutablePointer<CChar>?
    private(set) var cgroups: [UnsafeMutablePointer<CChar>] = []
    private(set) var logSize: Int64 = 10 << 20
    private(set) var logFiles: Int64 = 3
    private var tree: UnsafeMutablePointer<CChar>?
    /// The entries that the record has too.
    private(set) var notes: [UnsafeMutablePointer<CChar>] = []

    /// Reads the file that is open; nil if it cannot be read or lacks what is required.
    init?(descriptor: Int32) {
        guard let buffer = readFile(descriptor, limit: Self.limit), let start = buffer.baseAddress else { return nil }
        var entry = start
        let end = start + (buffer.count - 1)
        while entry < end {
            take(entry)
            entry += strlen(entry) + 1
        }
        guard folder != nil, run != nil, directory != nil, !arguments.isEmpty, (user < 0) == (group < 0) else { return nil }
        arguments.append(nil)
        environment.append(nil)
    }

    /// Where a program without `/` is looked for.
    var search: UnsafePointer<CChar> {
        searched.map { UnsafePointer($0) } ?? pointer("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
    }

    /// Whether what is left of the tree is killed when the program ends.
    var killsTree: Bool { tree.map { strcmp($0, "leave") != 0 } ?? true }

    /// Takes the environment, which may hold secrets, out of memory. It is of no use once the program runs.
    func wipeEnvironment() {
        for variable in environment { if let variable { shim_wipe(variable) } }
    }

    private mutating func take(_ entry: UnsafeMutablePointer<CChar>) {
        if isNote(entry) { notes.append(entry) }
        if let value = value(entry, "argument=") { return arguments.append(value) }
        if let value = value(entry, "environment=") { return environment.append(value) }
        if let value = value(entry, "cgroup=") { return cgroups.append(value) }
        if let value = value(entry, "groups=") { return groups.append(gid_t(truncatingIfNeeded: number(value))) }
        _ =
            assign(entry, "folder=", &folder) || assign(entry, "run=", &run) || assign(entry, "node=", &node)
            || assign(entry, "boot=", &boot)
            || assign(entry, "search=", &searched) || assign(entry, "directory=", &directory)
            || assign(entry, "birth-cgroup=", &birthCgroup) || assign(entry, "tree=", &tree)
            || assign(entry, "user=", &user) || assign(entry, "group=", &group) || assign(entry, "files=", &files)
            || assign(entry, "core=", &core) || assign(entry, "log-size=", &logSize)
            || assign(entry, "log-files=", &logFiles)
    }
}

private func isNote(_ entry: UnsafeMutablePointer<CChar>) -> Bool {
    value(entry, "birth-cgroup=") != nil || value(entry, "cgroup=") != nil || value(entry, "tree=") != nil
        || value(entry, "warning=") != nil
}

private func assign(
    _ entry: UnsafeMutablePointer<CChar>, _ key: StaticString, _ text: inout UnsafeMutablePointer<CChar>?
) -> Bool {
    guard let found = value(entry, key) else { return false }
    text = found
    return true
}

private func assign(_ entry: UnsafeMutablePointer<CChar>, _ key: StaticString, _ number: inout Int64) -> Bool {
    guard let found = value(entry, key) else { return false }
    number = Int64(strtoll(found, nil, 10))
    return true
}

private func value(_ entry: UnsafeMutablePointer<CChar>, _ key: StaticString) -> UnsafeMutablePointer<CChar>? {
    let length = key.utf8CodeUnitCount
    return strncmp(entry, pointer(key), length) == 0 ? entry + length : nil
}

private func number(_ text: UnsafePointer<CChar>) -> Int64 { Int64(strtoll(text, nil, 10)) }
