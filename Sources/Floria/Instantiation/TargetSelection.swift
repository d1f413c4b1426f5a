// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Making {
    /// The targets that a selector selects for sources in a directory, but for its filter and its index; nil if each source
    /// has its own.
    func pool(
        of selector: TargetSelector, from directory: Directory, _ index: VertexIndex
    ) async throws(Problem) -> TargetPool? {
        if selector.finder != nil { return nil }
        if let id = selector.vertex {
            guard let vertex = try await supplyVertex(id) else {
                throw Problem("floria.unknown-target", "there is no vertex ‘\(id)’")
            }
            return TargetPool(target(vertex, selector).map { [$0] } ?? [])
        }
        var ids: [ID] = []
        for scope in selector.scopes {
            switch scope {
            case .internal: ids += candidates(of: selector, in: directory, index)
            case .external:
                ids += surrounding(directory).flatMap { candidates(of: selector, in: $0, index) }
                ids += try await strangers(of: selector)
            }
        }
        return TargetPool(ids.compactMap(working.vertex).compactMap { target($0, selector) })
    }

    /// The directories of the services that a service is part of, the nearest first.
    private func surrounding(_ directory: Directory) -> [Directory] {
        (1..<max(directory.names.count, 1)).reversed().map { Directory(Array(directory.names.prefix($0))) }
    }

    private func candidates(of selector: TargetSelector, in directory: Directory, _ index: VertexIndex) -> [ID] {
        guard let template = selector.template else {
            return selector.targetClass.map { index.vertexes(of: $0, in: directory) } ?? index.vertexes(in: directory)
        }
        let made = index.vertexes(madeFrom: template, in: directory)
        let isPart = selector.targetClass != nil || selector.containerClass != nil || selector.name != nil
        return isPart ? made + made.flatMap(descendants) : made
    }

    private func descendants(of id: ID) -> [ID] {
        let contained = working.contained(in: id).map(\.header.id)
        return contained + contained.flatMap(descendants)
    }

    /// Vertexes of other services; they are selected by class, or by that of what contains them.
    private func strangers(of selector: TargetSelector) async throws(Problem) -> [ID] {
        guard let surroundings, selector.template == nil else { return [] }
        var vertexes: [Vertex] = []
        if let memberOf = selector.targetClass {
            vertexes = try await surroundings.vertexes(of: memberOf)
            working.supply(GraphSupplier.Part(entities: vertexes.map(Entity.vertex)))
        } else if let memberOf = selector.containerClass {
            let containers = try await surroundings.vertexes(of: memberOf)
            working.supply(GraphSupplier.Part(entities: containers.map(Entity.vertex)))
            try await supply(containers.map { Read.contained($0.header.id) })
            vertexes = containers.flatMap { working.contained(in: $0.header.id) }
        }
        var containers = Set(vertexes.compactMap(\.container))
        while !containers.isEmpty {
            try await supply(containers.map(Read.entity))
            containers = Set(containers.compactMap { working.vertex($0)?.container })
        }
        return vertexes.map(\.header.id)
    }

    /// The targets that an expression finds for one source.
    mutating func found(_ finder: Value, _ selector: TargetSelector, at source: ID) async throws(EvaluationFailure) -> [Target]
    {
        let value = try await evaluate(finder, at: source)
        var targets: [Target] = []
        for item in value.list ?? [value] where !item.isNull {
            let vertex: Vertex?
            do throws(Problem) {
                guard let id = item.text.flatMap({ try? ID(documentText: $0) }), id.kind == .vertex else {
                    throw Problem(
                        "floria.malformed-target", "a finder must give IDs of vertexes, and gives \(JSON.encode(item))",
                        hint: "write vertex:DIRECTORY/NAME, or a list of such")
                }
                vertex = try await supplyVertex(id)
            } catch {
                throw .failed(error)
            }
            if let vertex, let target = target(vertex, selector) { targets.append(target) }
        }
        return targets
    }

    func target(_ vertex: Vertex, _ selector: TargetSelector) -> Target? {
        if let targetClass = selector.targetClass, !vertex.classes.contains(targetClass) { return nil }
        if let name = selector.name, !vertex.hasInstanceName(name) { return nil }
        let container = vertex.container.flatMap(working.vertex)
        if let containerClass = selector.containerClass, container?.classes.contains(containerClass) != true { return nil }
        let id = vertex.header.id
        if let template = selector.template {
            guard let made = self.made(vertex, from: template) else { return nil }
            return Target(id: id, unit: made.header.id, index: made.index)
        }
        let unit = selector.containerClass == nil ? vertex : container ?? vertex
        return Target(id: id, unit: unit.header.id, index: (container ?? vertex).index)
    }

    /// The vertex itself or what contains it, whatever was made from a template.
    private func made(_ vertex: Vertex, from template: ID) -> Vertex? {
        var next: Vertex? = vertex
        while let current = next {
            if current.origin == template { return current }
            next = current.container.flatMap(working.vertex)
        }
        return nil
    }

    /// Whether a vertex is another one, or is contained in it.
    func isWithin(_ id: ID, _ other: ID) -> Bool {
        var next: ID? = id
        while let current = next {
            if current == other { return true }
            next = working.container(of: current)
        }
        return false
    }
}

extension Vertex {
    /// Whether this is its name within its container, without that one's name; an index may follow.
    fileprivate func hasInstanceName(_ name: String) -> Bool {
        var own = header.id.name[...]
        if let container, container.directory == header.id.directory, own.hasPrefix(container.name + ".") {
            own = own.dropFirst(container.name.count + 1)
        }
        return own == name || own == "\(name)-\(index)"
    }
}

extension TargetSelector {
    /// Whether the targets are told one by one, or at least what they are made from.
    var isExplicit: Bool { vertex != nil || template != nil }

    /// What the selector asks for, in words.
    var summary: String {
        var parts = [targetClass.map { "a vertex of the class ‘\($0.name)’" } ?? "a vertex"]
        if let name { parts.append("with the name ‘\(name)’") }
        if let containerClass { parts.append("in one of the class ‘\(containerClass.name)’") }
        if let template { parts.append("made from ‘\(template.name)’") }
        if let vertex { parts.append("which is ‘\(vertex)’") }
        if finder != nil { parts.append("that the finder gives") }
        if index != nil { parts.append("with the index that is asked for") }
        if filter != nil { parts.append("that the filter accepts") }
        if scopes == [.external] { parts.append("of another service") }
        return parts.joined(separator: " ")
    }
}
