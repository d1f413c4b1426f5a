// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import Support
import Synchronization
import TOSCA

/// The texts of the files that problems are in: those of this machine, those in archives, and what came through a pipe.
final class SourceTexts: Sendable {
    private let repositories = Mutex<[any FileRepository]>([])

    /// From now on also the files of a repository are known.
    func add(_ repository: any FileRepository) { repositories.withLock { $0.append(repository) } }

    /// The text of a file, by the name that messages call it.
    func text(_ name: String) -> String? {
        for repository in repositories.withLock({ $0 }) {
            if let path = repository.path(named: name), let bytes = try? repository.open(path).bytes(limit: 64 << 20) {
                return String(decoding: bytes, as: UTF8.self)
            }
        }
        return Files.text(name)
    }
}

extension FileRepository {
    /// The path of a file by what messages call it.
    fileprivate func path(named name: String) -> String? {
        let root = self.name(of: "")
        guard name.hasPrefix(root) else { return nil }
        let path = String(name.dropFirst(root.count))
        return self.name(of: path) == name ? path : nil
    }
}
