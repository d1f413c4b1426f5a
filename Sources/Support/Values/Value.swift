// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A datum of Floria: what properties, metadata, calls, events and documents are made of.
///
/// A value that contains a ``call(_:)`` is an *expression*; one that contains none is *literal*.
/// Equality is structural and kind-strict: integer `1` is not float `1.0`. There is only one integer 1, however it was made:
/// ``integer(_:)`` and ``unsigned(_:)`` are one kind in two ranges, and an unsigned that would fit the other equals it.
public enum Value: Sendable, Hashable {
    /// The null value, which is a value: it is not the absence of one.
    case null
    /// A signed integer.
    case integer(Int64)
    /// An integer above `Int64.max`. Decoders give smaller ones as ``integer(_:)``, and so does ``number(_:)``, which makes both.
    case unsigned(UInt64)
    /// A floating-point number. All not-a-number values are equal to each other.
    case float(Double)
    /// A truth value.
    case boolean(Bool)
    /// Unicode text.
    case text(String)
    /// Raw bytes.
    case blob([UInt8])
    /// An ordered list.
    case list([Value])
    /// A map with keys of any kind, sorted by key.
    case map(ValueMap)
    /// A value tagged with a namespaced kind, for example `tosca:scalar`.
    indirect case custom(kind: String, value: Value)
    /// A call of a function, to be evaluated.
    indirect case call(Call)

    /// The value for an unsigned integer, in its normal form.
    public static func number(_ number: UInt64) -> Value {
        number > UInt64(Int64.max) ? .unsigned(number) : .integer(Int64(number))
    }

    /// The value for an integer.
    public static func integer(_ number: Int) -> Value { .integer(Int64(number)) }

    /// A map made from text keys.
    public static func object(_ entries: [String: Value]) -> Value {
        .map(ValueMap(entries.map { (.text($0.key), $0.value) }))
    }

    /// Whether no call stands anywhere in it. O(size).
    public var isLiteral: Bool {
        switch self {
        case .call: false
        case .list(let items): items.allSatisfy(\.isLiteral)
        case .map(let map): map.allSatisfy { $0.key.isLiteral && $0.value.isLiteral }
        case .custom(_, let inner): inner.isLiteral
        default: true
        }
    }

    /// Whether lists, maps, custom values and calls stand in each other more than so many levels deep. O(size).
    public func isDeeper(than levels: Int) -> Bool {
        switch self {
        case .list(let items): levels < 1 || items.contains { $0.isDeeper(than: levels - 1) }
        case .map(let map):
            levels < 1 || map.contains { $0.key.isDeeper(than: levels - 1) || $0.value.isDeeper(than: levels - 1) }
        case .custom(_, let inner): levels < 1 || inner.isDeeper(than: levels - 1)
        case .call(let call): levels < 1 || call.arguments.contains { $0.isDeeper(than: levels - 1) }
        default: false
        }
    }

    /// The name of the value's kind, as messages show it.
    public var kindName: String {
        switch self {
        case .null: "null"
        case .integer, .unsigned: "integer"
        case .float: "float"
        case .boolean: "boolean"
        case .text: "text"
        case .blob: "blob"
        case .list: "list"
        case .map: "map"
        case .custom(let kind, _): kind
        case .call: "call"
        }
    }
}

/// A function to be called with arguments.
public struct Call: Sendable, Hashable {
    /// How an evaluator treats the call and its arguments.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// Arguments are evaluated first, then the function is dispatched.
        case normal
        /// The function is dispatched with its arguments as they stand and decides about them itself.
        case eager
        /// The call is kept as it is: passed on as a value.
        case lazy
    }

    /// The function.
    public var function: FunctionName
    /// The arguments, in order.
    public var arguments: [Value]
    /// The mode.
    public var mode: Mode

    /// Makes a call.
    public init(_ function: FunctionName, _ arguments: [Value] = [], mode: Mode = .normal) {
        self.function = function
        self.arguments = arguments
        self.mode = mode
    }
}

/// The name of a function: a plugin, or a built-in library such as `tosca`, and a name within it.
public struct FunctionName: Sendable, Hashable, CustomStringConvertible {
    /// The plugin or library. Holds no `:`.
    public var plugin: String
    /// The function's name within the plugin.
    public var name: String

    /// Makes a function name.
    public init(plugin: String, name: String) {
        self.plugin = plugin
        self.name = name
    }

    /// Parses `plugin:name`; nil if there is no `:` or a part is empty.
    public init?(_ text: String) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        self.init(plugin: String(text[..<colon]), name: String(text[text.utf8.index(after: colon)...]))
        if plugin.isEmpty || name.isEmpty { return nil }
    }

    /// `plugin:name`.
    public var description: String { "\(plugin):\(name)" }
}
