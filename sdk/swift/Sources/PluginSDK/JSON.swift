// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A value of the plugin interface: what arguments, results, properties and documents are made of.
///
/// It is JSON as `docs/plugin-interface.md` describes it. What JSON lacks (bytes, calls, custom values) stands in objects
/// of one reserved key, for which there are constructors and accessors.
public indirect enum JSON: Equatable, Sendable {
    case null
    case boolean(Bool)
    /// An integer.
    case integer(Int64)
    /// An integer above `Int64.max`.
    case unsigned(UInt64)
    case float(Double)
    case text(String)
    case list([JSON])
    case object(JSONObject)

    /// An integer.
    public static func integer(_ number: Int) -> JSON { .integer(Int64(number)) }

    /// A list of texts.
    public static func texts(_ texts: [String]) -> JSON { .list(texts.map { .text($0) }) }
}

/// The members of a JSON object, in the order in which they were written.
public struct JSONObject: Equatable, Sendable, Sequence {
    /// One member.
    public struct Member: Equatable, Sendable {
        /// The name.
        public let key: String
        /// The value.
        public var value: JSON

        /// Makes a member.
        public init(key: String, value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// The members. No two have one key.
    public private(set) var members: [Member]

    /// An empty object.
    public init() { members = [] }

    init(unchecked members: [Member]) { self.members = members }

    /// The number of members.
    public var count: Int { members.count }
    /// Whether there is none.
    public var isEmpty: Bool { members.isEmpty }
    /// The keys, in order.
    public var keys: [String] { members.map { $0.key } }

    /// The value of a key; setting nil removes the member.
    public subscript(key: String) -> JSON? {
        get { index(key).map { members[$0].value } }
        set {
            switch (index(key), newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Iterates over the members.
    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }

    /// Whether both have the same members, in any order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    private func index(_ key: String) -> Int? { members.firstIndex { $0.key == key } }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
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
    public init(arrayLiteral items: JSON...) { self = .list(items) }
    /// An object; the last of several members with one key wins.
    public init(dictionaryLiteral members: (String, JSON)...) {
        var object = JSONObject()
        for (key, value) in members { object[key] = value }
        self = .object(object)
    }
}
