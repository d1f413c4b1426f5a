// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// An amount that can be allocated: a number, or a custom value that holds one, by itself or as `number` beside a `unit`.
///
/// Integers are exact. Where floats are added up, a billionth of a capacity is taken for rounding.
struct Quantity: Sendable, Hashable {
    private enum Number: Hashable {
        case integer(Int64)
        case float(Double)
    }

    private let number: Number
    /// The kind of the custom value and the unit; only equal ones can be compared.
    private let dimension: [String]

    /// The amount of a value; nil if it is none, or negative.
    init?(_ value: Value) {
        switch value {
        case .integer(let number) where number >= 0: self.init(number: .integer(number), dimension: [])
        case .float(let number) where number >= 0 && number.isFinite: self.init(number: .float(number), dimension: [])
        case .custom(let kind, let inner):
            guard let amount = Quantity(inner["number"] ?? inner), amount.dimension.isEmpty else { return nil }
            self.init(number: amount.number, dimension: [kind, inner["unit"]?.text ?? ""])
        default: return nil
        }
    }

    private init(number: Number, dimension: [String]) {
        self.number = number
        self.dimension = dimension
    }

    private var float: Double {
        switch number {
        case .integer(let number): Double(number)
        case .float(let number): number
        }
    }

    /// Whether both can be compared.
    func matches(_ other: Quantity) -> Bool { dimension == other.dimension }

    /// Whether so much is enough for that.
    func covers(_ other: Quantity) -> Bool {
        if case .integer(let own) = number, case .integer(let other) = other.number { return other <= own }
        return other.float <= float * (1 + 1e-9)
    }

    static func + (left: Quantity, right: Quantity) -> Quantity {
        if case .integer(let a) = left.number, case .integer(let b) = right.number {
            let (sum, isTooLarge) = a.addingReportingOverflow(b)
            if !isTooLarge { return Quantity(number: .integer(sum), dimension: left.dimension) }
        }
        return Quantity(number: .float(left.float + right.float), dimension: left.dimension)
    }

    /// What is left; nothing if there is less.
    static func - (left: Quantity, right: Quantity) -> Quantity {
        if case .integer(let a) = left.number, case .integer(let b) = right.number {
            return Quantity(number: .integer(max(0, a - b)), dimension: left.dimension)
        }
        return Quantity(number: .float(max(0, left.float - right.float)), dimension: left.dimension)
    }

    /// The amount as a value of the form of another one.
    func value(like example: Value) -> Value {
        let plain: Value =
            switch number {
            case .integer(let number): .integer(number)
            case .float(let number): .float(number)
            }
        guard case .custom(let kind, let inner) = example else { return plain }
        guard let unit = inner["unit"] else {
            return .custom(kind: kind, value: inner["number"] == nil ? plain : ["number": plain])
        }
        return .custom(kind: kind, value: ["number": plain, "unit": unit])
    }
}

extension Property {
    /// The name of the target's property that it takes its value of; nil if it is no allocation.
    var allocates: String? { metadata["allocates"]?.text }
}

/// What edges have taken of the capacities of their targets.
struct Ledger {
    private struct Entry {
        var target: ID
        var amounts: [String: Quantity]
    }

    private var entries: [ID: Entry] = [:]
    private var totals: [PropertyReference: Quantity] = [:]

    /// What an edge has taken, by the capacity's name.
    func amounts(of edge: ID) -> [String: Quantity] { entries[edge]?.amounts ?? [:] }

    /// What an edge has taken of a capacity; nil if that is nothing.
    func amount(of edge: ID, at capacity: PropertyReference) -> Quantity? {
        guard let entry = entries[edge], entry.target == capacity.entity else { return nil }
        return entry.amounts[capacity.name]
    }

    /// What is taken of a capacity, by all edges together.
    func taken(of capacity: PropertyReference) -> Quantity? { totals[capacity] }

    mutating func take(_ amounts: [String: Quantity], of target: ID, for edge: ID) {
        if amounts.isEmpty { return }
        giveBack(edge)
        entries[edge] = Entry(target: target, amounts: amounts)
        for (name, amount) in amounts {
            let capacity = PropertyReference(target, name)
            totals.add(amount, to: capacity)
        }
    }

    mutating func giveBack(_ edge: ID) {
        guard let entry = entries.removeValue(forKey: edge) else { return }
        for (name, amount) in entry.amounts {
            let capacity = PropertyReference(entry.target, name)
            totals[capacity] = totals[capacity].map { $0 - amount }
        }
    }
}

extension Dictionary where Value == Quantity {
    /// Adds an amount to what is there of a key.
    mutating func add(_ amount: Quantity, to key: Key) { self[key] = self[key].map { $0 + amount } ?? amount }
}

extension Evaluation {
    /// What is left of a capacity: the value of a property, less what the edges that lead to its vertex allocate of it. The
    /// edge that the expression stands at doesn't count, so that a filter sees what there is for it.
    ///
    /// - Throws: pending if the capacity or an allocation has no value yet; failed if the value is no amount.
    public func available(of capacity: PropertyReference) throws(EvaluationFailure) -> Value {
        let value = try value(of: capacity)
        guard let whole = Quantity(value) else {
            throw fail(
                "floria.malformed-capacity",
                "‘\(capacity)’ is of kind \(value.kindName) and no amount from 0, so that nothing can be allocated of it")
        }
        var left = whole
        for edge in graph.incoming(to: capacity.entity) where edge.header.id != site.entity {
            for (name, property) in edge.properties where property.allocates == capacity.name {
                let allocation = PropertyReference(edge.header.id, name)
                guard let amount = Quantity(try self.value(of: allocation)), amount.matches(whole) else {
                    throw fail("floria.malformed-allocation", "‘\(allocation)’ is no amount that ‘\(capacity)’ can give")
                }
                left = left - amount
            }
        }
        return left.value(like: value)
    }
}
