// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What stands in the graph in the place of a secret's content, as a value of the custom kind `floria:secret`.
///
/// The content itself never comes into the graph, so nothing that reads or computes values can tell it. It is put in the
/// place of the reference where a value leaves for its use.
public enum SecretReference: Sendable, Hashable, CustomStringConvertible {
    /// The custom kind of its values.
    public static let kind = "floria:secret"

    /// A stored secret: one version of it or, without one, the newest when it is used. As a value: its name, or
    /// `{"name", "version"}`.
    case stored(SecretName, version: UInt64?)
    /// What a function makes of arguments among which are secrets; it is called where they are opened. As a value:
    /// `{"function", "arguments"}`.
    case computed(FunctionName, [Value])

    /// The reference that a value is; nil if it is none.
    public init?(_ value: Value) {
        guard case .custom(Self.kind, let inner) = value else { return nil }
        if let name = inner.text.flatMap({ try? SecretName(parsing: $0) }) {
            self = .stored(name, version: nil)
        } else if let name = inner["name"]?.text.flatMap({ try? SecretName(parsing: $0) }),
            let version = inner["version"]?.integer, version > 0
        {
            self = .stored(name, version: UInt64(version))
        } else if let function = inner["function"]?.text.flatMap(FunctionName.init), let arguments = inner["arguments"]?.list {
            self = .computed(function, arguments)
        } else {
            return nil
        }
    }

    /// The reference as a value.
    public var value: Value {
        switch self {
        case .stored(let name, nil): .custom(kind: Self.kind, value: .text(name.description))
        case .stored(let name, let version?):
            .custom(kind: Self.kind, value: ["name": .text(name.description), "version": .number(version)])
        case .computed(let function, let arguments):
            .custom(kind: Self.kind, value: ["function": .text(function.description), "arguments": .list(arguments)])
        }
    }

    /// The reference for people.
    public var description: String {
        switch self {
        case .stored(let name, nil): "secret \(name)"
        case .stored(let name, let version?): "secret \(name), version \(version)"
        case .computed(let function, _): "secret made by \(function)"
        }
    }
}

extension Value {
    /// Whether a secret stands anywhere in it. O(size).
    public var holdsSecret: Bool {
        switch self {
        case .custom(let kind, let inner): kind == SecretReference.kind || inner.holdsSecret
        case .list(let items): items.contains(where: \.holdsSecret)
        case .map(let map): map.contains { $0.key.holdsSecret || $0.value.holdsSecret }
        case .call(let call): call.arguments.contains(where: \.holdsSecret)
        default: false
        }
    }

    /// The stored secrets that it takes to open every reference in it, those within computed ones included.
    ///
    /// - Throws: `secret.malformed-reference`.
    public func storedSecrets() throws(Problem) -> Set<SecretReference> {
        var found: Set<SecretReference> = []
        try collect(into: &found)
        return found
    }

    private func collect(into found: inout Set<SecretReference>) throws(Problem) {
        switch self {
        case .custom(SecretReference.kind, _):
            switch SecretReference(self) {
            case .stored(let name, let version): found.insert(.stored(name, version: version))
            case .computed(_, let arguments): for argument in arguments { try argument.collect(into: &found) }
            case nil: throw .malformedReference
            }
        case .custom(_, let inner): try inner.collect(into: &found)
        case .list(let items): for item in items { try item.collect(into: &found) }
        case .map(let map):
            for (key, value) in map {
                try key.collect(into: &found)
                try value.collect(into: &found)
            }
        case .call(let call): for argument in call.arguments { try argument.collect(into: &found) }
        default: break
        }
    }

    /// The value with the contents of secrets in the place of references to them; computed ones are computed.
    ///
    /// - Parameters:
    ///   - contents: the contents of everything that ``storedSecrets()`` names.
    ///   - compute: calls a function.
    /// - Throws: `secret.malformed-reference`, `secret.unknown`, and what `compute` throws.
    public func openingSecrets(
        _ contents: [SecretReference: Value], compute: (FunctionName, [Value]) async throws(Problem) -> Value
    ) async throws(Problem) -> Value {
        switch self {
        case .custom(SecretReference.kind, _):
            guard let reference = SecretReference(self) else { throw .malformedReference }
            if case .computed(let function, let arguments) = reference {
                let opened = try await Self.opening(arguments, contents, compute)
                return try await compute(function, opened)
            }
            guard let content = contents[reference] else {
                throw Problem("secret.unknown", "the content of ‘\(reference)’ is not there")
            }
            return content
        case .custom(let kind, let inner):
            return .custom(kind: kind, value: try await inner.openingSecrets(contents, compute: compute))
        case .list(let items): return .list(try await Self.opening(items, contents, compute))
        case .map(let map):
            let keys = try await Self.opening(map.map(\.key), contents, compute)
            let values = try await Self.opening(map.map(\.value), contents, compute)
            return .map(ValueMap(zip(keys, values).map { ($0, $1) }))
        default: return self
        }
    }

    private static func opening(
        _ items: [Value], _ contents: [SecretReference: Value],
        _ compute: (FunctionName, [Value]) async throws(Problem) -> Value
    ) async throws(Problem) -> [Value] {
        var opened: [Value] = []
        opened.reserveCapacity(items.count)
        for item in items { opened.append(item.holdsSecret ? try await item.openingSecrets(contents, compute: compute) : item) }
        return opened
    }
}

extension Problem {
    fileprivate static var malformedReference: Problem {
        Problem(
            "secret.malformed-reference", "a value of the kind ‘\(SecretReference.kind)’ is no reference to a secret",
            hint: "it holds the secret's name, or a map of ‘name’ and ‘version’")
    }
}

extension Property {
    /// Whether only secrets may be its value.
    public var isSensitive: Bool { sensitivePreparer != nil }

    /// The call that lets only secrets become a property's value.
    ///
    /// - Parameter content: the preparer that a secret's content has to pass when the secret is made.
    public static func sensitivePreparer(for content: Value?) -> Value {
        .call(Call(FloriaFunctions.secret, content.map { [$0] } ?? [], mode: .eager))
    }

    /// What prepares the content of a secret that is made for the property; nil if the property isn't sensitive, or takes any.
    public var contentPreparer: Value? { sensitivePreparer?.arguments.first }

    private var sensitivePreparer: Call? {
        guard case .call(let call)? = preparer, call.function == FloriaFunctions.secret else { return nil }
        return call
    }
}
