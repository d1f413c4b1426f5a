// SPDX-License-Identifier: Apache-2.0 OR MIT
import CLinux
import Glibc

/// A process of this boot, told apart from any other that gets its number later.
struct ProcessIdentity: Sendable, Hashable {
    var pid: Int32
    /// Clock ticks from the boot to its start.
    var start: Int64

    /// Whether the process is there and hasn't ended. One that nobody has reaped yet counts as ended.
    var isAlive: Bool {
        guard let (state, start) = Self.look(pid) else { return false }
        return start == self.start && state != UInt8(ascii: "Z") && state != UInt8(ascii: "X")
    }

    /// A descriptor of exactly this process, to be closed by the caller; nil if it has ended.
    func descriptor() -> Int32? {
        let descriptor = linux_pidfd_open(pid)
        guard descriptor >= 0 else { return nil }
        // The number may have passed to another process before the descriptor was made, not after.
        if isAlive { return descriptor }
        close(descriptor)
        return nil
    }

    /// Sends a signal to exactly this process.
    ///
    /// - Returns: Whether it was sent; false if the process has ended or may not be signalled.
    @discardableResult
    func send(_ signal: Int32) -> Bool {
        guard let descriptor = descriptor() else { return false }
        defer { close(descriptor) }
        return linux_pidfd_send_signal(descriptor, signal) == 0
    }

    /// The process that has a number now.
    init?(_ pid: Int32) {
        guard let (_, start) = Self.look(pid) else { return nil }
        self.init(pid: pid, start: start)
    }

    init(pid: Int32, start: Int64) {
        self.pid = pid
        self.start = start
    }

    /// The processes below this one, parents before children. The tree may change while it is read.
    var descendants: [ProcessIdentity] {
        var found: [ProcessIdentity] = []
        var parents = [pid]
        while let parent = parents.popLast() {
            for task in Files.names(in: "/proc/\(parent)/task") {
                let children = (Files.text("/proc/\(parent)/task/\(task)/children") ?? "").split(separator: " ")
                for child in children.compactMap({ Int32($0) }) {
                    guard let identity = ProcessIdentity(child) else { continue }
                    found.append(identity)
                    parents.append(child)
                }
            }
        }
        return found
    }

    /// State and start time from `/proc/PID/stat`: the third field and the 22nd. The second, the program's name in
    /// parentheses, may hold anything.
    private static func look(_ pid: Int32) -> (state: UInt8, start: Int64)? {
        guard let bytes = Files.read("/proc/\(pid)/stat"), let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 20)
        guard fields.count > 19, let state = fields[0].first else { return nil }
        return Int64(String(decoding: fields[19], as: UTF8.self)).map { (state, $0) }
    }
}

/// The host's present boot.
enum Boot {
    /// A name that no other boot of any host has.
    static let id = (Files.text("/proc/sys/kernel/random/boot_id") ?? "").filter { !$0.isWhitespace }
}
