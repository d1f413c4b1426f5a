// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What a value must look like. A literal, so that it can travel with the properties that it is for.
struct Schema: Sendable, Hashable {
    /// The forms of values.
    indirect enum Form: Sendable, Hashable {
        case string, integer, float, boolean, bytes, `nil`, timestamp, version, any
        case scalar(ScalarForm)
        case list(Schema)
        case map(key: Schema?, entry: Schema)
        case complex([String: Field])
        /// The schema of a data type, by the name it has in the table of types.
        case reference(String)
    }

    /// A property of a complex data type.
    struct Field: Sendable, Hashable {
        var schema: Schema
        var isRequired: Bool
        var defaultValue: Value?
    }

    /// The form.
    var form: Form
    /// The name of the type, for messages.
    var name: String
    /// The expressions that must be true; `tosca:value()` stands for the value.
    var validation: [Value] = []
    /// Whether a value must be a secret, which is checked by its other parts when it is made.
    var isSecret = false

    /// The schema of what nothing is known of.
    static let any = Schema(form: .any, name: "any")
    static let boolean = Schema(form: .boolean, name: "boolean")
    static let integer = Schema(form: .integer, name: "integer")
}

/// What numbers with a unit look like.
struct ScalarForm: Sendable, Hashable {
    /// The factors of all units, prefixes included, by which a number becomes one of the canonical unit.
    var units: [String: Double]
    /// The unit that values are kept in.
    var canonical: String
    /// Whether a value, in the canonical unit, must be a whole number.
    var isInteger: Bool

    /// Parses `number unit`.
    func parse(_ text: String) -> Scalar? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
        var number = String(digits)
        var rest = text.dropFirst(digits.count)
        if let first = rest.first, first == "e" || first == "E", units[Self.trim(rest)] == nil {
            let exponent = rest.dropFirst().prefix { $0.isASCII && ($0.isNumber || "+-".contains($0)) }
            number += "e" + exponent
            rest = rest.dropFirst(exponent.count + 1)
        }
        guard let value = Double(number), value.isFinite, let factor = units[Self.trim(rest)] else { return nil }
        guard isInteger else {
            let product = value * factor
            return product.isFinite ? Scalar(number: .float(product), unit: canonical, text: text) : nil
        }
        // Doubles hold no more than 53 bits of what may have 63.
        guard let whole = Int64(number), let factor = Int64(exactly: factor) else { return nil }
        let (product, isTooLarge) = whole.multipliedReportingOverflow(by: factor)
        return isTooLarge ? nil : Scalar(number: .integer(product), unit: canonical, text: text)
    }

    private static func trim(_ text: Substring) -> String { String(text.drop { $0 == " " }) }
}

/// A number with its unit.
struct Scalar: Sendable, Hashable {
    static let kind = "tosca:scalar"

    /// The number, in the canonical unit.
    var number: Value
    /// The canonical unit.
    var unit: String
    /// How it was written.
    var text: String

    init(number: Value, unit: String, text: String) {
        self.number = number
        self.unit = unit
        self.text = text
    }

    /// The scalar of a custom value; nil if it is none.
    init?(_ value: Value) {
        guard case .custom(let kind, let inner) = value, kind == Self.kind, let number = inner["number"],
            let unit = inner["unit"]?.text
        else { return nil }
        self.init(number: number, unit: unit, text: inner["text"]?.text ?? "")
    }

    /// A scalar that was computed.
    init(_ number: Value, unit: String) {
        self.init(number: number, unit: unit, text: "\(Describe.value(number)) \(unit)")
    }

    /// As a value.
    var value: Value { .custom(kind: Self.kind, value: ["number": number, "unit": .text(unit), "text": .text(text)]) }
}
