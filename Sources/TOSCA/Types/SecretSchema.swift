// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Schema {
    /// Whether a value must be a secret.
    func isSecret(in types: [String: Schema]) -> Bool {
        guard !isSecret, case .reference(let name) = form else { return isSecret }
        return types[name]?.isSecret(in: types) ?? false
    }

    /// What the content of a secret must look like.
    func content(in types: [String: Schema]) -> Schema {
        var schema = self
        if case .reference(let name) = form, let type = types[name] {
            schema = type.content(in: types)
            schema.name = self.name
            schema.validation += validation
        }
        schema.isSecret = false
        return schema
    }
}

extension Problem {
    /// The problem of a secret's content, which is not told, and neither is what is wrong with it.
    static func rejectedSecret(_ name: String, _ type: String, at location: SourceLocation) -> Problem {
        Problem(
            "tosca.rejected-secret", "the value of ‘\(name)’ is not what the type \(type) and its validation ask for",
            at: .source(location), hint: "it is a secret, so neither the value nor what is wrong with it is shown")
    }
}
