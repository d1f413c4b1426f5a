// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Compares what is known of arguments with the patterns of a signature. Says no only where evaluation could not succeed.
struct TypeMatch {
    /// The data types, by name.
    let schemas: [String: Schema]
    /// What the variables of the signature stand for.
    private(set) var bindings: [String: StaticType] = [:]
    /// The variables of which one occurrence isn't known.
    private var uncertain: Set<String> = []

    init(schemas: [String: Schema]) { self.schemas = schemas }

    /// Sets a variable in advance.
    mutating func bind(_ variable: String, to type: StaticType) { bindings[variable] = type }

    /// Whether a value of a type may be what a pattern says.
    mutating func fits(_ type: StaticType, _ pattern: TypePattern) -> Bool {
        let type = resolved(type)
        switch pattern {
        case .any: return true
        case .one(let kinds, _): return type.kinds.map { !$0.isDisjoint(with: kinds) } ?? true
        case .schema(let schema): return fits(type, schema)
        case .list(let entry):
            guard type.kinds.map({ $0.contains(.list) }) ?? true else { return false }
            return all(type.entries, entry)
        case .map(let key, let entry):
            guard type.kinds.map({ $0.contains(.map) }) ?? true else { return false }
            return all(type.keys, key) && all(type.entries, entry)
        case .variable(let name, let bound):
            guard fits(type, bound) else { return false }
            return bind(name, type)
        }
    }

    private mutating func all(_ types: [StaticType]?, _ pattern: TypePattern) -> Bool {
        for type in types ?? [.unknown] where !fits(type, pattern) { return false }
        return true
    }

    private mutating func bind(_ name: String, _ type: StaticType) -> Bool {
        if case .unknown = type {
            uncertain.insert(name)
            return true
        }
        guard let old = bindings[name] else {
            bindings[name] = type
            return true
        }
        guard isComparable(old, type) else { return false }
        bindings[name] = joined(old, type)
        return true
    }

    /// What a variable stands for, if every occurrence is known.
    func certain(_ name: String) -> StaticType { uncertain.contains(name) ? .unknown : bindings[name] ?? .unknown }

    /// The result of a signature.
    func result(_ pattern: TypePattern) -> StaticType {
        switch pattern {
        case .any: return .unknown
        case .one(let kinds, _): return kinds.count == 1 ? kinds.first.map(StaticType.builtIn) ?? .unknown : .unknown
        case .schema(let schema): return .known(schema)
        case .variable(let name, _): return typeOnly(certain(name))
        case .list(let entry): return .known(Schema(form: .list(schema(of: result(entry)) ?? .any), name: "list"))
        case .map: return .unknown
        }
    }

    /// What is left when the value itself isn't known any more.
    private func typeOnly(_ type: StaticType) -> StaticType { schema(of: type).map(StaticType.known) ?? .unknown }

    private func schema(of type: StaticType) -> Schema? {
        switch type {
        case .known(let schema): schema
        case .literal(let value): Self.plain(value)
        case .unknown, .list, .map: nil
        }
    }

    /// The schema of a literal that can be of one type only.
    private static func plain(_ value: Value) -> Schema? {
        switch value {
        case .integer: Schema(form: .integer, name: "integer")
        case .float: Schema(form: .float, name: "float")
        case .boolean: Schema(form: .boolean, name: "boolean")
        default: nil
        }
    }

    /// What two types of one kind have in common: what is known best, and floats where one is.
    private func joined(_ left: StaticType, _ right: StaticType) -> StaticType {
        if left.kinds == [.integer], right.kinds == [.float] { return right }
        if left.kinds == [.float] { return left }
        if case .known = left { return left }
        return right
    }

    /// Whether values of two types can be compared.
    private func isComparable(_ left: StaticType, _ right: StaticType) -> Bool {
        let (left, right) = (resolved(left), resolved(right))
        if case .known(let schema) = left, case .literal(let value) = right { return accepts(schema, value) }
        if case .literal(let value) = left, case .known(let schema) = right { return accepts(schema, value) }
        if case .known(let first) = left, case .known(let second) = right, case .scalar(let a) = first.form,
            case .scalar(let b) = second.form
        {
            return a.canonical == b.canonical
        }
        guard let kinds = left.kinds, let others = right.kinds else { return true }
        if kinds == [.nil] || others == [.nil] { return true }
        let numbers: Set<BuiltIn> = [.integer, .float]
        if kinds.isSubset(of: numbers), others.isSubset(of: numbers) { return true }
        guard !kinds.isDisjoint(with: others) else { return false }
        guard let entries = left.entries, let second = right.entries, kinds == [.list] else { return true }
        return entries.allSatisfy { entry in second.allSatisfy { isComparable(entry, $0) } }
    }

    private func accepts(_ schema: Schema, _ value: Value) -> Bool {
        if value.isNull { return true }
        if schema.form.kind == .integer, value.float != nil { return true }
        return fits(.literal(value), schema)
    }

    // MARK: Schemas

    /// The type with the schema of the data type that it refers to.
    private func resolved(_ type: StaticType) -> StaticType {
        guard case .known(let schema) = type else { return type }
        let found = resolved(schema)
        return found.form == .any ? .unknown : .known(found)
    }

    private func resolved(_ schema: Schema) -> Schema {
        guard case .reference(let name) = schema.form, let type = schemas[name] else { return schema }
        return resolved(type)
    }

    /// Whether a value of a type may fit a schema, its validation aside.
    func fits(_ type: StaticType, _ schema: Schema) -> Bool {
        let schema = resolved(schema)
        if case .any = schema.form { return true }
        switch type {
        case .unknown: return true
        case .literal(let value):
            var bare = schema
            bare.validation = []
            bare.isSecret = false
            var preparation = Preparation(types: schemas)
            _ = preparation.prepare(value, bare)
            return preparation.faults.isEmpty
        case .list(let items):
            guard case .list(let entry) = schema.form else { return false }
            return items.allSatisfy { fits($0, entry) }
        case .map(let pairs): return fits(pairs, schema)
        case .known(let given): return converts(resolved(given), schema)
        }
    }

    private func fits(_ pairs: [(key: StaticType, entry: StaticType)], _ schema: Schema) -> Bool {
        switch schema.form {
        case .map(_, let entry): return pairs.allSatisfy { fits($0.entry, entry) }
        case .complex(let fields):
            return pairs.allSatisfy { pair in
                guard case .literal(.text(let name)) = pair.key else { return true }
                return fields[name].map { fits(pair.entry, $0.schema) } ?? false
            }
        default: return false
        }
    }

    /// Whether what fits one schema may fit another one.
    private func converts(_ given: Schema, _ wanted: Schema) -> Bool {
        switch (given.form, wanted.form) {
        case (.any, _), (_, .any), (.reference, _), (_, .reference): return true
        case (.integer, .float): return true
        case (.string, .bytes), (.string, .version), (.string, .timestamp), (.string, .scalar): return true
        case (.scalar(let first), .scalar(let second)): return first.canonical == second.canonical
        case (.list(let first), .list(let second)), (.map(_, let first), .map(_, let second)):
            return first.isLazy || second.isLazy || converts(resolved(first), resolved(second))
        case (.complex(let first), .complex(let second)): return structure(first, second)
        case (.map, .complex), (.complex, .map): return true
        default: return given.form.kind != nil && given.form.kind == wanted.form.kind
        }
    }

    /// Whether a map with some fields can have those of another type.
    private func structure(_ given: [String: Schema.Field], _ wanted: [String: Schema.Field]) -> Bool {
        if given == wanted { return true }
        return given.allSatisfy { name, field in wanted[name] != nil || !field.isRequired }
            && wanted.allSatisfy { name, field in given[name] != nil || !field.isRequired || field.defaultValue != nil }
    }
}

extension Schema {
    /// Whether it refers to a data type, which may refer to itself: entries of lists are compared one level deep.
    fileprivate var isLazy: Bool { if case .reference = form { true } else { false } }
}
