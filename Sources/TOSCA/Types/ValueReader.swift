// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Reads values, with function calls and escapes.
struct ValueReader {
    let diagnostics: Diagnostics
    let log: ExpressionLog
    let functions: FunctionCatalogue

    /// Reads a value. Calls in it are checked when all is known that they may refer to.
    ///
    /// - Parameters:
    ///   - expected: what the value must fit.
    ///   - name: what gets the value.
    func read(_ node: YAMLNode, _ scope: Scope, expecting expected: Schema? = nil, name: String? = nil) -> Value {
        let value = self.value(node)
        if !value.isLiteral {
            log.add(ExpressionLog.Entry(node: node, value: value, expected: expected, name: name, scope: scope))
        }
        return value
    }

    private func value(_ node: YAMLNode) -> Value {
        switch node.content {
        case .scalar(let text): scalar(node, text)
        case .sequence(let items): .list(items.map(value))
        case .mapping(let pairs): mapping(node, pairs)
        }
    }

    private func scalar(_ node: YAMLNode, _ text: String) -> Value {
        guard let value = PlainScalar(node).value else {
            diagnostics.report("tosca.unknown-tag", "the tag ‘\(node.tag ?? "")’ does not fit this value", at: node.location)
            // As after a function that isn't known, nothing is said of the value.
            return .call(Call(FunctionName(plugin: TOSCAFunctions.name, name: node.tag ?? ""), []))
        }
        guard case .text = value, text.hasPrefix("$") else { return value }
        if text.hasPrefix("$$") { return .text(String(text.dropFirst())) }
        return call(String(text.dropFirst()), [], at: node.location)
    }

    private func mapping(_ node: YAMLNode, _ pairs: [(key: YAMLNode, value: YAMLNode)]) -> Value {
        if node.isCall, let name = pairs[0].key.text {
            return call(String(name.dropFirst()), arguments(pairs[0].value), at: pairs[0].key.location)
        }
        var entries: [(Value, Value)] = []
        for pair in pairs {
            if let name = pair.key.text, name.hasPrefix("$"), !name.hasPrefix("$$") {
                guard let key = oddKey(name, at: pair.key.location) else { continue }
                entries.append((key, value(pair.value)))
            } else {
                entries.append((value(pair.key), value(pair.value)))
            }
        }
        return .map(ValueMap(entries))
    }

    /// A key that begins with `$` beside other keys: a malformed call, or else text, if no function can have such a name.
    private func oddKey(_ name: String, at location: SourceLocation) -> Value? {
        guard name.dropFirst().allSatisfy({ $0.isLetter || $0.isNumber || "_-.:$".contains($0) }) else {
            diagnostics.report(
                "tosca.odd-key", "‘\(name)’ is taken for text, because it is no call", at: location,
                hint: "write ‘$\(name)’ to say so", severity: .warning)
            return .text(name)
        }
        diagnostics.report(
            "tosca.malformed-function", "a call of ‘\(name)’ must be the only key of its map", at: location,
            hint: "write ‘$\(name)’ if it is no call")
        return nil
    }

    private func arguments(_ node: YAMLNode) -> [Value] {
        if case .sequence(let items) = node.content { return items.map(value) }
        let value = self.value(node)
        return value.isNull ? [] : [value]
    }

    private func call(_ written: String, _ arguments: [Value], at location: SourceLocation) -> Value {
        // What follows a second `$` only makes keys of one map different.
        let name = String(written.prefix { $0 != "$" })
        let language = LanguageFunction.named[name]
        if let function = functions.call(name, at: location), language == nil || function.hasImplementation {
            let name = FunctionName(plugin: TOSCAFunctions.name, name: CustomFunction.name)
            return .call(Call(name, [.text(function.key)] + arguments))
        }
        guard let language else {
            reportUnknown(name, at: location)
            return .call(Call(FunctionName(plugin: TOSCAFunctions.name, name: name), arguments))
        }
        do throws(Problem) { try PureFunction.check(arguments.count, language.signatures, name) } catch {
            diagnostics.report(
                error.code, error.message, at: location, hint: "write \(language.usage.joined(separator: ", or "))")
        }
        return .call(Call(FunctionName(plugin: TOSCAFunctions.name, name: name), arguments))
    }

    private func reportUnknown(_ name: String, at location: SourceLocation) {
        let names = LanguageFunction.all.map(\.name) + functions.names(at: location)
        diagnostics.report(
            "tosca.unknown-function", "there is no function ‘$\(name)’", at: location,
            hint: LanguageFunction.removed[name] ?? Suggestion.nearest(to: name, among: names).map { "did you mean ‘$\($0)’?" }
                ?? "write ‘$$\(name)’ if it is no call")
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
