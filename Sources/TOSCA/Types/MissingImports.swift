// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension SourceFile {
    /// Whether a name may be one of a file that could not be imported, so that nothing can be said about it.
    func mayBeMissing(_ name: String) -> Bool {
        var visited: Set<Int> = []
        return mayBeMissing(name, &visited)
    }

    private func mayBeMissing(_ name: String, _ visited: inout Set<Int>) -> Bool {
        guard visited.insert(index).inserted else { return false }
        for namespace in missingNamespaces where namespace.isEmpty || name.hasPrefix(namespace + ":") { return true }
        for item in imports {
            guard let namespace = item.namespace else {
                if item.file.mayBeMissing(name, &visited) { return true }
                continue
            }
            guard name.hasPrefix(namespace + ":") else { continue }
            var inner: Set<Int> = []
            if item.file.mayBeMissing(String(name.dropFirst(namespace.count + 1)), &inner) { return true }
        }
        return false
    }

    /// The namespaces of the imports that came to nothing; empty is the file's own.
    private var missingNamespaces: [String] {
        let items = root["imports"]?.items ?? []
        guard items.count > imports.count else { return [] }
        let found = Set(imports.map(\.location))
        return items.filter { !found.contains(($0["profile"] ?? $0["url"] ?? $0).location) }.map { $0["namespace"]?.text ?? "" }
    }
}
