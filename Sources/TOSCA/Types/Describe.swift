// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Values in the notation of TOSCA, for messages.
enum Describe {
    /// The longest text that is shown whole.
    private static let lengthLimit = 80

    /// A value.
    static func value(_ value: Value) -> String {
        let text = full(value, isOutermost: true)
        return text.count > lengthLimit ? text.prefix(lengthLimit) + "…" : text
    }

    /// A value in its whole length.
    static func whole(_ value: Value) -> String { full(value) }

    /// A path within a value, for example `‘restart’ → ‘delay’`.
    static func path(_ path: [Value]) -> String { path.map { value($0) }.joined(separator: " → ") }

    /// A noun with its article.
    static func article(_ noun: String) -> String {
        if noun == "bytes" { return noun }
        return ("aeiouAEIOU".contains(noun.first ?? "x") ? "an " : "a ") + noun
    }

    /// Several nouns, of which one is meant.
    static func alternatives(_ nouns: [String]) -> String {
        guard let last = nouns.last, nouns.count > 1 else { return nouns.first ?? "" }
        return "\(nouns.dropLast().joined(separator: ", ")) or \(last)"
    }

    private static func full(_ value: Value, isOutermost: Bool = false) -> String {
        switch value {
        case .null: "null"
        case .integer(let number): String(number)
        case .unsigned(let number): String(number)
        case .float(let number): String(number)
        case .boolean(let flag): String(flag)
        case .text(let text): isOutermost ? "‘\(text)’" : text
        case .blob(let bytes): "\(bytes.count) bytes"
        case .list(let items): "[\(items.map { full($0) }.joined(separator: ", "))]"
        case .map(let map): "{\(map.map { "\(full($0.key)): \(full($0.value))" }.joined(separator: ", "))}"
        case .custom(_, let inner): inner["text"]?.text ?? full(inner)
        case .call(let call): self.call(call)
        }
    }

    private static func call(_ call: Call) -> String {
        if call.function == FunctionName(plugin: TOSCAFunctions.name, name: CustomFunction.name),
            let key = call.arguments.first?.text
        {
            let name = key.split(separator: "/", maxSplits: 1).last.map(String.init) ?? key
            return self.call(Call(FunctionName(plugin: TOSCAFunctions.name, name: name), Array(call.arguments.dropFirst())))
        }
        let name = call.function.plugin == TOSCAFunctions.name ? "$\(call.function.name)" : "$\(call.function)"
        if call.arguments.isEmpty { return name }
        return "{\(name): [\(call.arguments.map { full($0) }.joined(separator: ", "))]}"
    }
}
