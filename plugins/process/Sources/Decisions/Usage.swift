// SPDX-License-Identifier: Apache-2.0 OR MIT

/// What processes use.
struct Usage: Equatable {
    var threads = 0
    /// Resident memory in bytes.
    var memory: Int64 = 0
    /// Time on a processor in milliseconds.
    var processorTime: Int64 = 0

    init() {}

    /// Reads the text of `/proc/PID/stat`; nil if it isn't one.
    init?(stat: String) {
        let bytes = Array(stat.utf8)
        // The program's name stands in parentheses and may hold any character.
        guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = parts(String(decoding: bytes[(end + 1)...], as: UTF8.self), of: UInt8(ascii: " "))
        guard fields.count > 21, let user = Int64(fields[11]), let system = Int64(fields[12]), let threads = Int(fields[17]),
            let pages = Int64(fields[21])
        else { return nil }
        self.threads = threads
        memory = pages * 4_096
        processorTime = (user + system) * 10
    }

    mutating func add(_ other: Usage) {
        threads += other.threads
        memory += other.memory
        processorTime += other.processorTime
    }
}
