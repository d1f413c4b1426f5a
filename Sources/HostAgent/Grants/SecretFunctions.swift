// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Plugins
import Support

/// Secrets, as plugins get them, and as they go into what plugins start and write without the plugins seeing them.
extension GrantedHost {
    /// The content of a secret that the plugin was granted: `{"secret": NAME or REFERENCE}` gives `{"value"}`.
    func secret(_ request: Value) async throws(Problem) -> Value {
        guard let asked = request["secret"] else { throw malformed(.secret, "secret") }
        let reference = asked.text == nil ? asked : Value.custom(kind: SecretReference.kind, value: asked)
        guard SecretReference(reference) != nil else { throw malformed(.secret, "secret") }
        for case .stored(let name, _) in try reference.storedSecrets() {
            try require(grants.allows(secret: name.description), "the secret ‘\(name)’")
        }
        return ["value": try await opened(reference).value]
    }

    /// A request whose environment and input are opened. What was a secret in the environment is a text then.
    func openingSecrets(in request: Value) async throws(Problem) -> (request: Value, secrets: OpenedSecrets) {
        if request["arguments"]?.holdsSecret == true {
            throw .secretInArgument(request["arguments"]?.list?.first?.text ?? "", invocation.site.entity)
        }
        var parts: Value = [:]
        for key in ["environment", "input"] where request[key]?.holdsSecret == true { parts[key] = request[key] }
        let secrets = try await opened(parts)
        guard secrets.isSensitive else { return (request, secrets) }
        var request = request
        if let environment = secrets.value["environment"]?.map {
            let given = request["environment"]?.map ?? ValueMap()
            request["environment"] = .map(
                ValueMap(
                    environment.map { name, value in
                        (name, given[name]?.holdsSecret == true ? .text(OpenedSecrets.text(value)) : value)
                    }))
        }
        if let input = secrets.value["input"] {
            request["input"] = input.blob == nil ? .text(OpenedSecrets.text(input)) : input
        }
        return (request, secrets)
    }
}

/// Does something with secrets; what goes wrong tells none of them.
func masking<Result>(
    _ secrets: OpenedSecrets, _ body: () async throws(Problem) -> Result
) async throws(Problem) -> Result {
    do { return try await body() } catch { throw error.masked(by: secrets) }
}
