// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension TypeSystem {
    /// A validation clause, in which literals are of the type of the value that they are compared with.
    func validationClause(_ node: YAMLNode, _ schema: Schema, _ scope: Scope = .type) -> Value {
        let scope = scope.validating(schema)
        let clause = reader.read(node, scope, expecting: .boolean, name: "validation")
        guard case .call = clause else {
            diagnostics.report(
                "tosca.malformed-validation", "a validation is a call of a function that gives true or false", at: node.location
            )
            return true
        }
        return Typing(types: self, surroundings: nil, diagnostics: nil).typed(clause, nil, expecting: nil, scope).value
    }
}
