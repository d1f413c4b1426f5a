// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import TOSCA

/// The files of one commit.
struct GitFiles: FileRepository {
    let name: String
    let clone: GitClone
    let commit: String

    func name(of path: String) -> String { "\(name)!\(Self.key(path))" }

    func identity(of path: String) -> String { "git:\(commit)!\(Self.key(path))" }

    func open(_ path: String, limit: Int) throws(Problem) -> any FileContent {
        BytesContent(try clone.read(Self.key(path), in: commit, limit: limit, name: name(of: path)))
    }

    private static func key(_ path: String) -> String { String(path.drop { $0 == "/" }) }
}
