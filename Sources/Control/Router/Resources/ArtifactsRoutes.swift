// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Route {
    /// The files that designs bring, by digest.
    static func artifacts(_ backend: ControlBackend) -> [Route] {
        [
            Route(.put, "artifacts/{digest}", body: .bytes) { context throws(Problems) in
                let digest = try context.name("digest")
                guard case .bytes(let bytes, let length) = context.request.body else {
                    throw RequestContext.invalid("the body", "the bytes of an artifact")
                }
                let size = try await backend.requireArtifacts().put(digest, bytes, length: length)
                return APIResponse(status: 201, .value(["digest": .text(digest), "size": .integer(size)]))
            },
            Route(.head, "artifacts/{digest}") { context throws(Problems) in
                let size = try await backend.requireArtifacts().size(context.name("digest"))
                return APIResponse(status: size == nil ? 404 : 200, .none)
            },
            Route(.get, "artifacts/{digest}") { context throws(Problems) in
                let (bytes, size) = try await backend.requireArtifacts().get(context.name("digest"))
                return APIResponse(.bytes(bytes, length: size))
            },
        ]
    }
}
