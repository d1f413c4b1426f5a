// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Route {
    /// The store as a whole.
    static func archive(_ backend: ControlBackend) -> [Route] {
        [
            Route(.get, "store/backup", role: .admin) { _ throws(Problems) in
                let (bytes, size) = try await backend.requireArchive().backUp()
                return APIResponse(.bytes(bytes, length: size))
            },
            Route(.get, "store/check", role: .admin) { _ throws(Problems) in
                let problems = try await backend.requireArchive().check()
                return APIResponse(["problems": .list(problems.map(\.value))])
            },
            Route(.get, "store/export", role: .admin) { context throws(Problems) in
                let (scope, form) = (try context.scope, try context.form)
                let (bytes, size) = try await backend.requireArchive().export(scope, as: form)
                return APIResponse(.bytes(bytes, length: size))
            },
            Route(.post, "store/import", body: .bytes, role: .admin) { context throws(Problems) in
                guard case .bytes(let bytes, let length) = context.request.body else {
                    throw RequestContext.invalid("the body", "the bytes of an export")
                }
                let summary = try await backend.requireArchive().put(
                    bytes, length: length, replaces: context.flag("replace"), for: context.caller)
                return APIResponse(summary.document)
            },
            Route(.post, "store/restore", role: .admin) { _ throws(Problems) in
                throw Problems([
                    Problem(
                        "store.busy", "the store cannot be restored while an agent runs: it works with it",
                        hint: "end the agent, use ‘khutulun store restore’, and start it again")
                ])
            },
        ]
    }
}

extension RequestContext {
    /// What is to be exported.
    fileprivate var scope: ExchangeScope {
        get throws(Problems) {
            let (service, directory) = (request.query["service"], request.query["directory"])
            if service != nil, directory != nil {
                throw RequestContext.invalid("‘service’ of the query", "alone, without ‘directory’")
            }
            if let service {
                let id = try RequestContext.vertex(service)
                guard id.directory == .root else { throw RequestContext.invalid("‘service’ of the query", "a service's name") }
                return .service(id.name)
            }
            return try directory.map { text throws(Problems) in .directory(try RequestContext.directory(text)) } ?? .everything
        }
    }

    fileprivate var form: ExchangeFormat {
        get throws(Problems) {
            guard let text = request.query["form"] else { return .json }
            guard let form = ExchangeFormat(rawValue: text) else {
                throw RequestContext.invalid("‘form’ of the query", "‘cbor’, ‘json’ or ‘yaml’")
            }
            return form
        }
    }
}
