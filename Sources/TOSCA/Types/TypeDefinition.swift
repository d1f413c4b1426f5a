// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// The kinds of types.
enum TypeKind: String, CaseIterable {
    case artifact, data, capability, interface, relationship, node, group, policy

    /// The keyname of the section of a file that defines them.
    var section: String { "\(rawValue)_types" }

    /// The kind in messages.
    var noun: String { "\(rawValue) type" }
}

/// A type that a file defines, with what it derives from.
final class TypeDefinition {
    let kind: TypeKind
    let name: String
    let file: SourceFile
    /// The map that defines it.
    let node: YAMLNode
    /// Where its name stands.
    let location: SourceLocation
    /// The type that it derives from.
    fileprivate(set) var parent: TypeDefinition?
    /// Whether `derived_from` is there but leads nowhere. What it lacks is not reported then.
    fileprivate(set) var isBroken = false
    /// The class of its instances.
    let id: ID

    init(kind: TypeKind, name: String, file: SourceFile, node: YAMLNode, location: SourceLocation, id: ID) {
        self.kind = kind
        self.name = name
        self.file = file
        self.node = node
        self.location = location
        self.id = id
    }

    /// The type itself and what it derives from, nearest first.
    var lineage: [TypeDefinition] {
        var lineage = [self]
        while let parent = lineage[lineage.count - 1].parent { lineage.append(parent) }
        return lineage
    }

    /// Whether it is another type or derives from it.
    func isA(_ other: TypeDefinition) -> Bool { lineage.contains { $0 === other } }

    /// Whether it is a type of ours, which has a meaning beyond its text, or derives from it.
    func isA(_ wellKnown: WellKnownType) -> Bool {
        lineage.contains { $0.file.profile == WellKnownType.profile && $0.name == wellKnown.rawValue }
    }

    /// Whether something that it derives from is missing.
    var hasBrokenLineage: Bool { lineage.contains(where: \.isBroken) }
}

/// The types of our own core profile that this processor knows by name.
enum WellKnownType: String {
    static let profile = "khutulun.core:1.0"

    /// The data type that accepts every value.
    case any = "Any"
    /// The data type of texts that nobody is to read.
    case secret = "Secret"
    /// The artifact type of names that are no files.
    case reference = "Reference"
    /// The artifact type of components that come with a design.
    case component = "Component"
    /// The artifact type of functions of plugins.
    case function = "Function"
}

/// All types of all files, and what their names mean where.
final class TypeCatalogue {
    let diagnostics: Diagnostics
    /// All types in the order of files and of rows.
    private(set) var types: [TypeDefinition] = []
    /// The data types by the text of their IDs.
    private(set) var dataTypes: [String: TypeDefinition] = [:]
    private var local: [Key: TypeDefinition] = [:]
    private var found: [Key: TypeDefinition?] = [:]

    private struct Key: Hashable {
        let file: Int
        let kind: TypeKind
        let name: String
    }

    init(files: [SourceFile], diagnostics: Diagnostics) {
        self.diagnostics = diagnostics
        var identifiers: Set<ID> = []
        for file in files {
            for kind in TypeKind.allCases {
                for entry in file.root[kind.section]?.entries ?? [] where entry.value.isMapping {
                    let type = TypeDefinition(
                        kind: kind, name: entry.name, file: file, node: entry.value, location: entry.key.location,
                        id: Self.identifier(entry.name, kind, file, &identifiers))
                    add(type, Key(file: file.index, kind: kind, name: entry.name))
                }
            }
        }
        reportShadows(files)
        for type in types { derive(type) }
        breakCycles()
    }

    private func add(_ type: TypeDefinition, _ key: Key) {
        if type.kind == .data, BuiltIn(rawValue: type.name) != nil {
            diagnostics.report(
                "tosca.reserved-name", "‘\(type.name)’ is a type of the language and cannot be defined", at: type.location)
        }
        if type.name.contains(":") {
            diagnostics.report(
                "tosca.malformed-name", "the name of a type cannot contain ‘:’, which separates namespaces", at: type.location)
        }
        types.append(type)
        if type.kind == .data { dataTypes[type.id.description] = type }
        local[key] = type
    }

    /// The class of a type: its profile, without the version, is the directory. Kinds share it, so that a second one of a name says its kind.
    private static func identifier(_ name: String, _ kind: TypeKind, _ file: SourceFile, _ taken: inout Set<ID>) -> ID {
        let name = name.replacing("/", with: "_")
        // A profile's classes keep their names from version to version, so that plugins find them.
        let profile = (file.profile ?? "local").replacing("/", with: "_").prefix { $0 != ":" }
        let directory = Directory(["types", profile.isEmpty ? "local" : String(profile)])
        var candidate = ID(.class, directory, name)
        if taken.contains(candidate) { candidate = ID(.class, directory, "\(candidate.name).\(kind.rawValue)") }
        let base = candidate.name
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = ID(.class, directory, "\(base).\(number)")
            number += 1
        }
        return candidate
    }

    /// The type that a name means in a file, reported if there is none.
    func require(_ kind: TypeKind, _ name: YAMLNode?, in file: SourceFile) -> TypeDefinition? {
        guard let name, let text = name.text, !text.isEmpty else { return nil }
        if let type = find(kind, text, in: file) { return type }
        if file.mayBeMissing(text) { return nil }
        let builtIn = kind == .data ? BuiltIn.allCases.map(\.rawValue) : []
        let names = Set(types.filter { $0.kind == kind }.map(\.name)).union(builtIn)
        let other = TypeKind.allCases.lazy.compactMap { self.find($0, text, in: file) }.first
        diagnostics.report(
            "tosca.unknown-type", "there is no \(kind.noun) ‘\(text)’ here", at: name.location,
            hint: other.map { "there is a \($0.kind.noun) of this name" }
                ?? Suggestion.hint(for: text, among: visibleNames(kind, in: file).union(names), noun: "\(kind.noun)s"))
        return nil
    }

    /// The type that a name means in a file.
    func find(_ kind: TypeKind, _ name: String, in file: SourceFile) -> TypeDefinition? {
        let key = Key(file: file.index, kind: kind, name: name)
        if let known = found[key] { return known }
        var visited: Set<Int> = []
        let type = search(kind, name, in: file, &visited)
        found[key] = .some(type)
        return type
    }

    private func search(_ kind: TypeKind, _ name: String, in file: SourceFile, _ visited: inout Set<Int>) -> TypeDefinition? {
        if let type = local[Key(file: file.index, kind: kind, name: name)] { return type }
        guard visited.insert(file.index).inserted else { return nil }
        for item in file.imports {
            if let namespace = item.namespace {
                guard name.hasPrefix(namespace + ":") else { continue }
                var inner: Set<Int> = []
                let rest = String(name.dropFirst(namespace.count + 1))
                if let type = search(kind, rest, in: item.file, &inner) { return type }
            } else if let type = search(kind, name, in: item.file, &visited) {
                return type
            }
        }
        return nil
    }

    private func visibleNames(_ kind: TypeKind, in file: SourceFile) -> Set<String> {
        var names: Set<String> = []
        for entry in file.root[kind.section]?.entries ?? [] { names.insert(entry.name) }
        for item in file.imports {
            let prefix = item.namespace.map { $0 + ":" } ?? ""
            for entry in item.file.root[kind.section]?.entries ?? [] { names.insert(prefix + entry.name) }
        }
        return names
    }

    /// Reports types that hide, or are confused with, types of the same name from imports without a namespace.
    private func reportShadows(_ files: [SourceFile]) {
        for type in types {
            let imports = type.file.imports.filter { $0.namespace == nil }
            var visited: Set<Int> = [type.file.index]
            let hidden = imports.lazy.compactMap { self.search(type.kind, type.name, in: $0.file, &visited) }.first {
                $0 !== type
            }
            if let hidden {
                diagnostics.report(
                    "tosca.shadowed-type", "the \(type.kind.noun) ‘\(type.name)’ hides an imported one of the same name",
                    at: type.location, related: [.init("the imported one", at: .source(hidden.location))],
                    hint: "import it into a namespace", severity: .warning)
            }
        }
        for file in files { reportAmbiguities(in: file) }
    }

    private func reportAmbiguities(in file: SourceFile) {
        var seen: [Key: TypeDefinition] = [:]
        for item in file.imports where item.namespace == nil {
            for type in types
            where type.file === item.file && local[Key(file: file.index, kind: type.kind, name: type.name)] == nil {
                let key = Key(file: 0, kind: type.kind, name: type.name)
                guard let first = seen[key], first !== type else {
                    seen[key] = type
                    continue
                }
                diagnostics.report(
                    "tosca.ambiguous-type", "two imported files define the \(type.kind.noun) ‘\(type.name)’", at: item.location,
                    related: [.init("one", at: .source(first.location)), .init("the other", at: .source(type.location))],
                    hint: "import one of them into a namespace")
            }
        }
    }

    private func derive(_ type: TypeDefinition) {
        guard let name = type.node["derived_from"], let text = name.text else { return }
        if type.kind == .data, BuiltIn(rawValue: text) != nil { return }
        type.parent = require(type.kind, name, in: type.file)
        type.isBroken = type.parent == nil
    }

    private func breakCycles() {
        for type in types {
            var path = [type]
            while let parent = path[path.count - 1].parent {
                if parent === type {
                    let names = (path + [type]).map { "‘\($0.name)’" }.joined(separator: " → ")
                    diagnostics.report(
                        "tosca.cyclic-derivation", "the \(type.kind.noun) derives from itself: \(names)",
                        at: type.node["derived_from"]?.location ?? type.location)
                    for member in path {
                        member.parent = nil
                        member.isBroken = true
                    }
                    break
                }
                if path.contains(where: { $0 === parent }) { break }
                path.append(parent)
            }
        }
    }
}
