// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Checks all expressions of a design, when all is known that they refer to.
struct ExpressionCheck {
    let types: TypeSystem
    let surroundings: Surroundings

    /// Checks what was read.
    func check(_ log: ExpressionLog) {
        var typing = Typing(types: types, surroundings: surroundings, diagnostics: types.diagnostics)
        for entry in log.entries {
            typing.subject = entry.name
            _ = typing.typed(entry.value, entry.node, expecting: entry.expected, entry.scope)
            if entry.scope.isOfService { checkImplementations(entry.value, entry.node.location) }
        }
    }

    private func checkImplementations(_ value: Value, _ location: SourceLocation) {
        switch value {
        case .list(let items): for item in items { checkImplementations(item, location) }
        case .map(let map):
            for (key, value) in map {
                checkImplementations(key, location)
                checkImplementations(value, location)
            }
        case .call(let call):
            for argument in call.arguments { checkImplementations(argument, location) }
            guard call.function == FunctionName(plugin: TOSCAFunctions.name, name: CustomFunction.name),
                let function = call.arguments.first?.text.flatMap(types.functions.function),
                !function.signatures.contains(where: { $0.expression != nil })
            else { return }
            types.diagnostics.report(
                "tosca.no-implementation", "‘$\(function.name)’ has no implementation that can be run here", at: location,
                related: [.init("defined here", at: .source(function.location))],
                hint: "implement it by an expression or by a function of a plugin",
                severity: types.diagnostics.purpose == .compiling ? .error : .warning)
        default: break
        }
    }
}
