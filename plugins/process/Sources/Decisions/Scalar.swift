// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A number with a unit, `500 ms`, in the canonical unit; nil if it isn't one.
func scalar(_ text: String, units: [(name: String, factor: Double)]) -> Double? {
    let bytes = Array(text.utf8)
    let end = bytes.firstIndex { !isDigit($0) && $0 != UInt8(ascii: ".") } ?? bytes.endIndex
    let unit = String(decoding: bytes[end...].filter { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    guard let number = decimal(bytes[..<end]), let factor = units.first(where: { $0.name == unit })?.factor else { return nil }
    return number * factor
}

/// The units of time, in seconds.
let timeUnits: [(name: String, factor: Double)] = [
    ("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3), ("s", 1), ("min", 60), ("h", 3_600), ("d", 86_400), ("", 1),
]

/// The units of amounts of data, in bytes.
let sizeUnits: [(name: String, factor: Double)] = [
    ("B", 1), ("kB", 1e3), ("KiB", 1_024), ("MB", 1e6), ("MiB", 1_048_576), ("GB", 1e9), ("GiB", 1_073_741_824), ("TB", 1e12),
    ("TiB", 1_099_511_627_776), ("", 1),
]

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

private func decimal(_ bytes: ArraySlice<UInt8>) -> Double? {
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard let whole = parts.first, parts.count <= 2, !(whole.isEmpty && parts.count == 1) else { return nil }
    var number = 0.0
    for digit in whole { number = number * 10 + Double(digit - UInt8(ascii: "0")) }
    var place = 0.1
    for digit in parts.count == 2 ? parts[1] : [] {
        number += Double(digit - UInt8(ascii: "0")) * place
        place /= 10
    }
    return number
}
