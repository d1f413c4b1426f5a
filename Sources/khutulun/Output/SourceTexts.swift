// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import Support
import Synchronization
import TOSCA

/// The texts of the files that problems are in: those of this machine, those in archives, and what came through a pipe.
final class SourceTexts: Sendable {
    private let repositories = Mutex<[any FileRepository]>([])
    private let resolver = Mutex<(any AddressResolver)?>(nil)

    /// From now on also the files of a repository are known.
    func add(_ repository: any FileRepository) { repositories.withLock { $0.append(repository) } }

    /// From now on also files are known that are named by their addresses. They were fetched before.
    func add(_ addresses: any AddressResolver) { resolver.withLock { $0 = addresses } }

    /// The text of a file, by the name that messages call it.
    func text(_ name: String) -> String? {
        for repository in repositories.withLock({ $0 }) {
            if let path = repository.path(named: name), let text = Self.text(FilePlace(repository: repository, path: path)) {
                return text
            }
        }
        if Path.isAddress(name), let place = try? resolver.withLock({ $0 })?.place(of: name, in: nil) {
            return Self.text(place)
        }
        return Files.text(name)
    }

    private static func text(_ place: FilePlace) -> String? {
        let bytes = try? place.repository.open(place.path).bytes(limit: 64 << 20)
        return bytes.map { String(decoding: $0, as: UTF8.self) }
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
