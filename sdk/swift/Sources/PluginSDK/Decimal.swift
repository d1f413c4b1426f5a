// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A number as it is written, which becomes the nearest float. (The standard library's own conversion needs a C library.)
struct Decimal {
    private enum Part { case start, whole, point, fraction, exponent, exponentSign, exponentDigits }

    /// More digits can't move the value over the middle of two floats in any text that people or programs write.
    private static let digitLimit = 800

    private var part = Part.start
    private var isNegative = false
    private var digits: [UInt8] = []
    /// The position of the decimal point relative to the first digit.
    private var point = 0
    private var exponent = 0
    private var isExponentNegative = false

    /// Whether the byte continues the number; `isFloat` becomes true at a point or an exponent.
    mutating func accepts(_ byte: UInt8, isFloat: inout Bool) -> Bool {
        switch (byte, part) {
        case (UInt8(ascii: "-"), .start) where !isNegative: isNegative = true
        case (UInt8(ascii: "0")...UInt8(ascii: "9"), _): add(byte - UInt8(ascii: "0"))
        case (UInt8(ascii: "."), .whole):
            part = .point
            isFloat = true
        case (UInt8(ascii: "e"), .whole), (UInt8(ascii: "E"), .whole), (UInt8(ascii: "e"), .fraction),
            (UInt8(ascii: "E"), .fraction):
            part = .exponent
            isFloat = true
        case (UInt8(ascii: "+"), .exponent): part = .exponentSign
        case (UInt8(ascii: "-"), .exponent):
            part = .exponentSign
            isExponentNegative = true
        default: return false
        }
        return true
    }

    private mutating func add(_ digit: UInt8) {
        switch part {
        case .start, .whole:
            part = .whole
            if digit != 0 || !digits.isEmpty {
                append(digit)
                point += 1
            }
        case .point, .fraction:
            part = .fraction
            if digit == 0 && digits.isEmpty { point -= 1 } else { append(digit) }
        case .exponent, .exponentSign, .exponentDigits:
            part = .exponentDigits
            exponent = min(exponent * 10 + Int(digit), 100_000)
        }
    }

    private mutating func append(_ digit: UInt8) {
        if digits.count < Self.digitLimit { digits.append(digit) }
    }

    private var isComplete: Bool {
        switch part {
        case .whole, .fraction, .exponentDigits: true
        default: false
        }
    }

    /// The integer, if it is complete and fits; nil for a negative zero, which is a float.
    var integer: JSON? {
        guard part == .whole, digits.count <= 20 else { return nil }
        var number: UInt64 = 0
        for digit in digits {
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if overflow || carry { return nil }
            number = sum
        }
        if !isNegative { return number > UInt64(Int64.max) ? .unsigned(number) : .integer(Int64(number)) }
        guard number <= UInt64(Int64.max) + 1 else { return nil }
        return .integer(Int64(truncatingIfNeeded: 0 &- number))
    }

    /// The nearest float; nil if the text isn't complete.
    var float: Double? {
        guard isComplete else { return nil }
        let scale = point + (isExponentNegative ? -exponent : exponent)
        let magnitude = Self.exact(digits, scale) ?? Self.nearest(digits, scale)
        return isNegative ? -magnitude : magnitude
    }

    /// A quotient or product of two integers that are floats themselves is rounded once, and therefore right.
    private static func exact(_ digits: [UInt8], _ scale: Int) -> Double? {
        let power = scale - digits.count
        guard digits.count <= 15, abs(power) <= 22 else { return nil }
        var number = 0.0
        for digit in digits { number = number * 10 + Double(digit) }
        var factor = 1.0
        for _ in 0..<abs(power) { factor *= 10 }
        return power < 0 ? number / factor : number * factor
    }

    /// Doubles or halves the decimal number until its whole part is a float's 53 bits, and rounds that.
    private static func nearest(_ digits: [UInt8], _ scale: Int) -> Double {
        if digits.isEmpty || scale < -330 { return 0 }
        if scale > 310 { return .infinity }
        var number = ScaledDigits(digits: digits, point: scale)
        var power = 0
        while number.point > 16 || (number.point == 16 && number.whole >= 1 << 53) {
            number.halve()
            power += 1
        }
        while power > -1074, number.point <= 16, number.whole < 1 << 52 {
            number.double()
            power -= 1
        }
        return Double(sign: .plus, exponent: power, significand: Double(number.rounded))
    }
}

/// A decimal number that can be doubled and halved exactly.
private struct ScaledDigits {
    var digits: [UInt8]
    var point: Int

    mutating func halve() {
        var remainder: UInt8 = 0
        for index in digits.indices {
            let digit = remainder * 10 + digits[index]
            digits[index] = digit / 2
            remainder = digit % 2
        }
        if remainder > 0 { digits.append(5) }
        if digits.first == 0 {
            digits.removeFirst()
            point -= 1
        }
    }

    mutating func double() {
        var carry: UInt8 = 0
        for index in digits.indices.reversed() {
            let digit = digits[index] * 2 + carry
            digits[index] = digit % 10
            carry = digit / 10
        }
        if carry > 0 {
            digits.insert(carry, at: 0)
            point += 1
        }
        while digits.last == 0 { digits.removeLast() }
    }

    /// The part before the decimal point, which has at most 16 digits.
    var whole: UInt64 {
        var number: UInt64 = 0
        for index in 0..<max(point, 0) { number = number * 10 + UInt64(index < digits.count ? digits[index] : 0) }
        return number
    }

    /// The nearest integer, the even one of two that are equally near.
    var rounded: UInt64 {
        guard point >= 0, point < digits.count else { return whole }
        let isHalf = digits[point] == 5 && digits.count == point + 1
        let isUp = isHalf ? whole % 2 == 1 : digits[point] >= 5
        return isUp ? whole + 1 : whole
    }
}
