// SPDX-License-Identifier: Apache-2.0 OR MIT

extension Value {
    /// The text, if it is one.
    public var text: String? { if case .text(let text) = self { text } else { nil } }
    /// The integer, if it is one that fits.
    public var integer: Int? { if case .integer(let number) = self { Int(number) } else { nil } }
    /// The number as a float, if it is an integer or a float.
    public var float: Double? {
        switch self {
        case .float(let number): number
        case .integer(let number): Double(number)
        case .unsigned(let number): Double(number)
        default: nil
        }
    }
    /// The truth value, if it is one.
    public var boolean: Bool? { if case .boolean(let flag) = self { flag } else { nil } }
    /// The bytes, if it is a blob.
    public var blob: [UInt8]? { if case .blob(let bytes) = self { bytes } else { nil } }
    /// The items, if it is a list.
    public var list: [Value]? { if case .list(let items) = self { items } else { nil } }
    /// The map, if it is one.
    public var map: ValueMap? { if case .map(let map) = self { map } else { nil } }
    /// Whether it is null.
    public var isNull: Bool { self == .null }

    /// The value of a text key, if this is a map that has it. Setting it makes a map of whatever this was.
    public subscript(key: String) -> Value? {
        get { map?[key] }
        set {
            var map = self.map ?? ValueMap()
            map[key] = newValue
            self = .map(map)
        }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A text.
    public init(stringLiteral text: String) { self = .text(text) }
    /// An integer.
    public init(integerLiteral number: Int64) { self = .integer(number) }
    /// A float.
    public init(floatLiteral number: Double) { self = .float(number) }
    /// A truth value.
    public init(booleanLiteral flag: Bool) { self = .boolean(flag) }
    /// A list.
    public init(arrayLiteral items: Value...) { self = .list(items) }
    /// A map.
    public init(dictionaryLiteral entries: (Value, Value)...) { self = .map(ValueMap(entries)) }
}
