// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import TOSCA

/// The files of a web server. Paths begin at its root.
struct WebFiles: FileRepository {
    let origin: String
    let client: WebClient

    var isRemote: Bool { true }

    func name(of path: String) -> String { WebAddress(origin: origin, path: path).text }

    func identity(of path: String) -> String { name(of: path) }

    func open(_ path: String, limit: Int) throws(Problem) -> any FileContent {
        try client.content(at: WebAddress(origin: origin, path: path), limit: limit)
    }
}
