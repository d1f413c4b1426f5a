// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A range of port numbers, both ends included.
struct PortRange: Equatable {
    /// What is chosen from if neither the design nor the plugin's caller says anything.
    static let standard = PortRange(first: 20_000, last: 29_999)

    var first: Int
    var last: Int

    /// Makes a range of ports that exist; nil if it isn't one.
    init?(checking first: Int, _ last: Int) {
        guard first >= 1, last <= 65_535, first <= last else { return nil }
        self.init(first: first, last: last)
    }

    private init(first: Int, last: Int) {
        self.first = first
        self.last = last
    }

    var count: Int { last - first + 1 }

    func contains(_ port: Int) -> Bool { first <= port && port <= last }

    /// How many ports are in both.
    func overlap(with other: PortRange) -> Int { max(0, min(last, other.last) - max(first, other.first) + 1) }

    /// Reads the text of `/proc/sys/net/ipv4/ip_local_port_range`: two numbers with white space around them.
    static func parse(_ text: String) -> PortRange? {
        var numbers: [Int] = []
        var number: Int?
        for byte in text.utf8 {
            if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                number = min((number ?? 0) * 10 + Int(byte - UInt8(ascii: "0")), 1_000_000)
            } else if let ended = number {
                numbers.append(ended)
                number = nil
            }
        }
        if let number { numbers.append(number) }
        return numbers.count == 2 ? PortRange(checking: numbers[0], numbers[1]) : nil
    }
}

/// The parent in the text of `/proc/PID/stat`; nil if it isn't one.
func parentProcess(_ stat: String) -> Int? {
    let bytes = Array(stat.utf8)
    // The program's name stands in parentheses and may hold any character.
    guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
    return fields.count > 1 ? Int(String(decoding: fields[1], as: UTF8.self)) : nil
}
