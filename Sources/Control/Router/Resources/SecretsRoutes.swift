// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSecrets
import Support

extension Route {
    /// Secrets. Contents come in as bytes, which nothing reads as a document and so nothing quotes.
    static func secrets(_ backend: ControlBackend) -> [Route] {
        [
            Route(.get, "secrets") { context throws(Problems) in
                let directory = try RequestContext.directory(context.request.query["directory"] ?? "")
                return APIResponse(.list(try await backend.requireSecrets().secrets(within: directory)))
            },
            Route(.get, "secrets/{secret}") { context throws(Problems) in
                APIResponse(try await backend.requireSecrets().secret(context.secretName))
            },
            Route(.put, "secrets/{secret}", body: .bytes) { context throws(Problems) in
                let name = try context.secretName
                let content = try await context.secretContent()
                let version = try await backend.requireSecrets().setSecret(name, to: content, for: context.caller)
                return APIResponse(status: 201, .value(["name": .text(name.description), "version": .number(version)]))
            },
            Route(.delete, "secrets/{secret}") { context throws(Problems) in
                let name = try context.secretName
                try await backend.requireSecrets().removeSecret(name, isForced: context.flag("force"), for: context.caller)
                return APIResponse(["name": .text(name.description)])
            },
            Route(.post, "secrets/rotate", role: .admin) { _ throws(Problems) in
                let result = try await backend.requireSecrets().rotateSecrets()
                return APIResponse(["key": .text(result.key), "secrets": .integer(result.secrets)])
            },
            Route(.post, "secrets/open", body: .value, role: .host) { context throws(Problems) in
                let entity = try RequestContext.entity(context.text("entity"))
                let references = try context.document["references"] ?? []
                let stored = try lifting { () throws(Problem) in try references.storedSecrets() }
                let contents = try await backend.requireSecrets().open(stored, for: entity)
                return APIResponse(.list(contents.map { [$0.key.value, $0.value] }))
            },
        ]
    }
}

extension RequestContext {
    fileprivate var secretName: SecretName {
        get throws(Problems) {
            let text = try name("secret")
            return try lifting { () throws(Problem) in try SecretName(parsing: text) }
        }
    }

    /// The body: a text if it is one.
    fileprivate func secretContent() async throws(Problems) -> Value {
        guard case .bytes(let pieces, _) = request.body else {
            throw RequestContext.invalid("the body", "the content of a secret")
        }
        let bytes = try await lifting { () async throws(Problem) in
            var bytes: [UInt8] = []
            for try await piece in pieces {
                bytes += piece
                guard bytes.count <= Secrets.sizeLimit else {
                    throw Problem("secret.too-large", "a secret has at most \(Secrets.sizeLimit) bytes")
                }
            }
            return bytes
        }
        return String(validating: bytes, as: UTF8.self).map(Value.text) ?? .blob(bytes)
    }
}
