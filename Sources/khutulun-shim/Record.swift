// SPDX-License-Identifier: Apache-2.0 OR MIT
import CShim

/// When a process was started, in clock ticks since the boot: with its ID and the boot it names the process for ever.
func startTime(of process: pid_t) -> Int64 {
    var path = Text()
    path.add("/proc/")
    path.add(Int64(process))
    path.add("/stat")
    guard let buffer = readFile(path.terminated, limit: 4096), let start = buffer.baseAddress else { return 0 }
    defer { free(start) }
    // The second field is the program's name in parentheses and may hold anything; the 22nd is the start time.
    guard var field = strrchr(start, Int32(UInt8(ascii: ")"))) else { return 0 }
    for _ in 2..<22 {
        guard let next = strchr(field, Int32(UInt8(ascii: " "))) else { return 0 }
        field = next + 1
    }
    return Int64(strtoll(field, nil, 10))
}

/// Writes the file `record`: which process a run is, in lines `key=value`. The keys are `run`, `node`, `boot`, `pid` and `start` of
/// the program, `shim` and `shim-start`, `started` in milliseconds since 1970, then the specification's notes.
func writeRecord(_ specification: Specification, _ identity: shim_report) -> Bool {
    var text = Text()
    addIdentity(of: specification, to: &text)
    text.line("pid", Int64(identity.process))
    text.line("start", identity.process_start)
    text.line("shim", identity.shim)
    text.line("shim-start", identity.shim_start)
    text.line("started", identity.started)
    for note in specification.notes {
        text.add(note)
        text.add("\n")
    }
    return text.replace("record", by: "record.new", durable: false)
}

/// Writes the file `exit`: how a run ended, with `code` or `signal`. It is on disk when this returns.
func writeExit(_ specification: Specification, _ identity: shim_report, status: Int32, ended: Int64, folder: Int32) {
    var text = Text()
    addIdentity(of: specification, to: &text)
    text.line("pid", Int64(identity.process))
    if shim_is_exited(status) != 0 {
        text.line("code", Int64(shim_exit_code(status)))
    } else {
        text.line("signal", Int64(shim_signal_of(status)))
    }
    text.line("started", identity.started)
    text.line("ended", ended)
    if text.replace("exit", by: "exit.new", durable: true) { fsync(folder) }
}

private func addIdentity(of specification: Specification, to text: inout Text) {
    if let run = specification.run { text.line("run", run) }
    if let node = specification.node { text.line("node", node) }
    if let boot = specification.boot { text.line("boot", boot) }
}
