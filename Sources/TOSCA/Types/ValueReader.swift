// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What the calls in a value may refer to.
struct Scope {
    /// What `SELF` means.
    enum Subject {
        /// Nothing is known of it: the value stands in a type.
        case open
        /// The service itself, which has no `SELF`.
        case service
        /// A node made from the template of this name.
        case node(String)
        /// A relationship that leaves a node made from the template, by the requirement of this name.
        case relationship(String, String)
    }

    var subject: Subject
    /// The inputs that there are beside those of the service: those of a workflow.
    var inputs: [String: PropertyDefinition] = [:]
    /// Whether `$value` means something.
    var hasValue = false

    /// The scope of values in types.
    static var type: Scope { Scope(subject: .open) }
    /// The scope of validation clauses.
    static var validation: Scope { Scope(subject: .open, hasValue: true) }
}

/// Remembers the calls that refer to other parts of the design, to be checked when all is known.
final class CallLog {
    /// One call.
    struct Entry {
        let function: String
        let arguments: [Value]
        let location: SourceLocation
        let scope: Scope
    }

    private(set) var entries: [Entry] = []

    /// Takes note of a call.
    func add(_ entry: Entry) { entries.append(entry) }
}

/// Reads values, with function calls and escapes.
struct ValueReader {
    let diagnostics: Diagnostics
    let calls: CallLog

    /// The functions that look at the graph or at the value that is validated.
    static let graphFunctions: [String: ClosedRange<Int>] = [
        "get_input": PureFunction.atLeast(1), "get_property": PureFunction.atLeast(2), "get_attribute": PureFunction.atLeast(2),
        "get_artifact": PureFunction.atLeast(2), "value": 0...Int.max, "node_index": 0...0, "relationship_index": 0...0,
    ]

    /// Reads a value.
    func read(_ node: YAMLNode, _ scope: Scope) -> Value {
        switch node.content {
        case .scalar(let text): scalar(node, text, scope)
        case .sequence(let items): .list(items.map { read($0, scope) })
        case .mapping(let pairs): mapping(node, pairs, scope)
        }
    }

    private func scalar(_ node: YAMLNode, _ text: String, _ scope: Scope) -> Value {
        guard let value = PlainScalar(node).value else {
            diagnostics.report("tosca.unknown-tag", "the tag ‘\(node.tag ?? "")’ does not fit this value", at: node.location)
            return .null
        }
        guard case .text = value, text.hasPrefix("$") else { return value }
        if text.hasPrefix("$$") { return .text(String(text.dropFirst())) }
        return call(String(text.dropFirst()), [], at: node.location, scope)
    }

    private func mapping(_ node: YAMLNode, _ pairs: [(key: YAMLNode, value: YAMLNode)], _ scope: Scope) -> Value {
        if node.isCall, let name = pairs[0].key.text {
            return call(String(name.dropFirst()), arguments(pairs[0].value, scope), at: pairs[0].key.location, scope)
        }
        var entries: [(Value, Value)] = []
        for pair in pairs {
            if let name = pair.key.text, name.hasPrefix("$"), !name.hasPrefix("$$") {
                diagnostics.report(
                    "tosca.malformed-function", "a call of ‘\(name)’ must be the only key of its map", at: pair.key.location,
                    hint: "write ‘$\(name)’ if it is no call")
                continue
            }
            entries.append((read(pair.key, scope), read(pair.value, scope)))
        }
        return .map(ValueMap(entries))
    }

    private func arguments(_ node: YAMLNode, _ scope: Scope) -> [Value] {
        if case .sequence(let items) = node.content { return items.map { read($0, scope) } }
        let value = read(node, scope)
        return value.isNull ? [] : [value]
    }

    private func call(_ written: String, _ arguments: [Value], at location: SourceLocation, _ scope: Scope) -> Value {
        let name = String(written.prefix { $0 != "$" })
        let value = Value.call(Call(FunctionName(plugin: TOSCAFunctions.name, name: name), arguments))
        guard let arity = Self.graphFunctions[name] ?? PureFunction.all[name]?.arity else {
            if name == "available_allocation" {
                diagnostics.report("tosca.not-supported", "‘$available_allocation’ is not supported yet", at: location)
            } else {
                let names = Array(Self.graphFunctions.keys) + Array(PureFunction.all.keys)
                diagnostics.report(
                    "tosca.unknown-function", "there is no function ‘$\(name)’", at: location,
                    hint: Suggestion.nearest(to: name, among: names).map { "did you mean ‘$\($0)’?" }
                        ?? "write ‘$$\(name)’ if it is no call")
            }
            return value
        }
        do throws(Problem) {
            try PureFunction.check(arguments.count, arity, name)
            calls.add(CallLog.Entry(function: name, arguments: arguments, location: location, scope: scope))
        } catch {
            diagnostics.report(error.code, error.message, at: location)
        }
        return value
    }
}

extension YAMLNode {
    /// Where the part of a value is that a path leads to; the nearest place around it if it isn't written.
    func location(of path: [Value]) -> SourceLocation {
        var node = self
        for step in path {
            if let index = step.integer, node.items.indices.contains(index) {
                node = node.items[index]
            } else if let name = step.text, let inner = node.entries.first(where: { $0.name == name }) {
                node = inner.value
            } else {
                break
            }
        }
        return node.location
    }
}
