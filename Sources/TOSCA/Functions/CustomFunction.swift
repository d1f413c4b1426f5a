// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// A function that a design defines, with the refinement that a service template may have of it.
final class CustomFunction {
    /// The function of our library that calls it; the key is its first argument.
    static let name = "custom"

    /// One way to call it.
    struct Variant {
        var signature: Signature
        /// What is written of its implementation.
        var implementation: Implementation?
        /// What gives the result, `$argument` in it; nil if it cannot be run here.
        var expression: Value?
        var location: SourceLocation
    }

    /// What it is known by in the graph.
    let key: String
    /// Its name, as it is defined.
    let name: String
    let file: SourceFile
    let node: YAMLNode
    let location: SourceLocation
    /// How the service template refines it.
    var refinement: (node: YAMLNode, file: SourceFile)?
    /// How it can be called, tested in this order.
    var signatures: [Variant] = []

    init(key: String, name: String, file: SourceFile, node: YAMLNode, location: SourceLocation) {
        self.key = key
        self.name = name
        self.file = file
        self.node = node
        self.location = location
    }

    var description: String? { (refinement?.node["description"] ?? node["description"])?.text }

    /// Whether something is said of how to run it.
    var hasImplementation: Bool {
        let nodes = (node["signatures"]?.items ?? []) + (refinement?.node["signatures"]?.items ?? [])
        return nodes.contains { $0["implementation"] != nil }
    }
}

/// All functions that files define, and what their names mean where.
final class FunctionCatalogue {
    private(set) var functions: [CustomFunction] = []
    /// The functions that are called.
    private(set) var called: Set<String> = []
    private var byKey: [String: CustomFunction] = [:]
    private var local: [Int: [String: CustomFunction]] = [:]
    private var files: [String: SourceFile] = [:]

    init(files: [SourceFile], diagnostics: Diagnostics) {
        for file in files {
            self.files[file.path] = file
            for entry in file.root["functions"]?.entries ?? [] { add(entry, file) }
        }
        for file in files {
            reportAmbiguities(in: file, diagnostics)
            for entry in file.root["service_template"]?["functions"]?.entries ?? [] {
                if let known = find(entry.name, in: file) {
                    known.refinement = (entry.value, file)
                } else {
                    add(entry, file)
                }
            }
        }
    }

    private func add(_ entry: YAMLNode.Entry, _ file: SourceFile) {
        let profile = (file.profile ?? "local").prefix { $0 != ":" }
        let base = "\(profile)/\(entry.name)"
        var (key, number) = (base, 2)
        while byKey[key] != nil {
            key = "\(base).\(number)"
            number += 1
        }
        let function = CustomFunction(
            key: key, name: entry.name, file: file, node: entry.value, location: entry.key.location)
        functions.append(function)
        byKey[key] = function
        local[file.index, default: [:]][entry.name] = function
    }

    private func reportAmbiguities(in file: SourceFile, _ diagnostics: Diagnostics) {
        var seen = local[file.index] ?? [:]
        for item in file.imports where item.namespace == nil {
            for function in functions where function.file === item.file {
                if let first = seen[function.name], first !== function {
                    diagnostics.report(
                        "tosca.ambiguous-function", "the function ‘$\(function.name)’ is defined twice here", at: item.location,
                        related: [
                            .init("one", at: .source(first.location)), .init("the other", at: .source(function.location)),
                        ],
                        hint: "import it into a namespace")
                } else {
                    seen[function.name] = function
                }
            }
        }
    }

    /// A function by its key.
    func function(_ key: String) -> CustomFunction? { byKey[key] }

    /// The function that a name means at a place, which is taken for a call of it.
    func call(_ name: String, at location: SourceLocation) -> CustomFunction? {
        guard let file = files[location.file], let function = find(name, in: file) else { return nil }
        called.insert(function.key)
        return function
    }

    /// The names of functions that can be called at a place, apart from those of the language.
    func names(at location: SourceLocation) -> [String] {
        guard let file = files[location.file] else { return [] }
        var names = Array((local[file.index] ?? [:]).keys)
        for item in file.imports {
            let prefix = item.namespace.map { "\($0):" } ?? ""
            names += (local[item.file.index] ?? [:]).keys.map { prefix + $0 }
        }
        return names
    }

    /// The function that a name means in a file.
    func find(_ name: String, in file: SourceFile) -> CustomFunction? {
        var visited: Set<Int> = []
        return search(name, in: file, &visited)
    }

    private func search(_ name: String, in file: SourceFile, _ visited: inout Set<Int>) -> CustomFunction? {
        if let function = local[file.index]?[name] { return function }
        guard visited.insert(file.index).inserted else { return nil }
        for item in file.imports {
            if let namespace = item.namespace {
                guard name.hasPrefix(namespace + ":") else { continue }
                var inner: Set<Int> = []
                if let found = search(String(name.dropFirst(namespace.count + 1)), in: item.file, &inner) { return found }
            } else if let found = search(name, in: item.file, &visited) {
                return found
            }
        }
        return nil
    }
}
