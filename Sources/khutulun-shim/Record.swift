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

/// Writes the file `record`: which process a run is.
func writeRecord(_ specification: Specification, process: pid_t, started: Int64) -> Bool {
    var text = Text()
    addIdentity(of: specification, to: &text)
    text.line("pid", Int64(process))
    text.line("start", startTime(of: process))
    text.line("shim", Int64(getpid()))
    text.line("shim-start", startTime(of: getpid()))
    text.line("started", started)
    return text.replace("record", by: "record.new", durable: false)
}

/// Writes the file `exit`: how a run ended. It is on disk when this returns.
func writeExit(_ specification: Specification, process: pid_t, status: Int32, started: Int64, ended: Int64) {
    var text = Text()
    addIdentity(of: specification, to: &text)
    text.line("pid", Int64(process))
    if shim_is_exited(status) != 0 {
        text.line("code", Int64(shim_exit_code(status)))
    } else {
        text.line("signal", Int64(shim_signal_of(status)))
    }
    text.line("started", started)
    text.line("ended", ended)
    guard text.replace("exit", by: "exit.new", durable: true) else { return }
    let folder = shim_open(pointer("."), O_RDONLY | O_DIRECTORY, 0)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
}

private func addIdentity(of specification: Specification, to text: inout Text) {
    if let run = specification.run { text.line("run", run) }
    if let node = specification.node { text.line("node", node) }
    if let boot = specification.boot { text.line("boot", boot) }
}
