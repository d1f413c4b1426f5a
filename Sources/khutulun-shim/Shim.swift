// SPDX-License-Identifier: Apache-2.0 OR MIT
import CLinux
import CShim

/// `khutulun-shim FOLDER` starts the program that `FOLDER/specification` describes, and stays with it.
///
/// The process that is called ends as soon as the program runs (status 0) or cannot run (a status of `shim_outcome` and
/// a line on standard error). The one that stays holds `FOLDER/lock`, and leaves `record`, `log` and `exit` there.
@main
struct Shim {
    static func main() {
        shim_close_from(3)
        guard let folder = onlyArgument() else { end(SHIM_USAGE, "usage: khutulun-shim FOLDER") }
        guard chdir(folder) == 0 else { end(SHIM_USAGE, "the folder cannot be entered: ", shim_errno()) }
        takeLock()
        guard let specification = Specification(path: pointer("specification")) else {
            end(SHIM_BAD_SPECIFICATION, "the file ‘specification’ is missing, malformed or too large")
        }
        var report: Int32 = -1
        let process = shim_daemonise(&report)
        if process < 0 { end(SHIM_SYSTEM, "no process can be made: ", shim_errno()) }
        if process > 0 { passOn(report) }
        stay(specification, report)
    }

    /// Embedded Swift has no `CommandLine`; the kernel knows the arguments too, each with a NUL at its end.
    private static func onlyArgument() -> UnsafePointer<CChar>? {
        guard let buffer = readFile(pointer("/proc/self/cmdline"), limit: 1 << 16), let start = buffer.baseAddress else {
            return nil
        }
        let program = strlen(start) + 1
        guard program < buffer.count - 1 else { return nil }
        let argument = start + program
        let count = strlen(argument)
        return count > 0 && program + count + 1 == buffer.count - 1 ? UnsafePointer(argument) : nil
    }

    /// Takes the folder for as long as this process or the one that stays lives.
    private static func takeLock() {
        let lock = shim_open(pointer("lock"), O_RDWR | O_CREAT, 0o600)
        guard lock >= 0 else { end(SHIM_SYSTEM, "the file ‘lock’ cannot be opened: ", shim_errno()) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            end(SHIM_HELD, "another shim holds this folder")
        }
    }

    private static func stay(_ specification: Specification, _ report: Int32) -> Never {
        linux_become_subreaper()
        var supervision = Supervision(specification)
        if let failure = supervision.start() {
            var text = Text()
            text.add(Int64(failure.outcome))
            text.add("\n")
            describe(failure, specification, &text)
            text.write(to: report)
            _exit(failure.outcome)
        }
        var text = Text()
        text.add("0\n")
        text.write(to: report)
        close(report)
        supervision.run()
        _exit(0)
    }

    /// Waits for the report of the process that stays, and ends with what it says.
    private static func passOn(_ report: Int32) -> Never {
        var text: [UInt8] = []
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { buffer in
            while true {
                let count = read(report, buffer.baseAddress, buffer.count)
                if count < 0, shim_errno() == EINTR { continue }
                guard count > 0 else { return }
                text.append(contentsOf: buffer[..<count])
            }
        }
        guard let line = text.firstIndex(of: UInt8(ascii: "\n")) else {
            end(SHIM_SYSTEM, "the shim ended before it had started the program")
        }
        text.withUnsafeBytes { _ = writeAll(UnsafeRawBufferPointer(rebasing: $0[(line + 1)...]), to: 2) }
        var outcome: Int32 = 0
        for digit in text[..<line] { outcome = outcome * 10 + Int32(digit) - Int32(UInt8(ascii: "0")) }
        _exit(outcome)
    }

    private static func end(_ outcome: shim_outcome, _ message: StaticString, _ error: Int32 = 0) -> Never {
        var text = Text()
        text.add(message)
        if error != 0 { text.add(UnsafePointer(strerror(error))) }
        text.add("\n")
        text.write(to: 2)
        _exit(Int32(outcome.rawValue))
    }
}
