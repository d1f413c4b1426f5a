// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The vertexes of a graph, indexed for the selection of targets.
struct Candidates {
    private let graph: Graph
    private var all: [ID] = []
    private var byClass: [ID: [ID]] = [:]
    private var byOrigin: [ID: [ID]] = [:]

    init(_ graph: Graph) {
        self.graph = graph
        for vertex in graph.vertexes.values.sorted(by: { $0.sortKey < $1.sortKey }) {
            let id = vertex.header.id
            all.append(id)
            for memberOf in Set(vertex.classes) { byClass[memberOf, default: []].append(id) }
            if let origin = vertex.origin { byOrigin[origin, default: []].append(id) }
        }
    }

    /// The vertexes that a selector selects, but for its filter: always in the same order, which is that of templates and
    /// indexes.
    func targets(of selector: TargetSelector, index: Int?, from source: Vertex) -> [ID] {
        let base = base(of: selector)
        return base.filter { id in
            guard let vertex = graph.vertex(id) else { return false }
            let container = vertex.container.flatMap(graph.vertex)
            if let targetClass = selector.targetClass, !vertex.classes.contains(targetClass) { return false }
            if let containerClass = selector.containerClass, container?.classes.contains(containerClass) != true {
                return false
            }
            if let name = selector.name, !vertex.hasInstanceName(name) { return false }
            if selector.template == nil && isWithin(id, source.header.id) { return false }
            guard let index else { return true }
            return (selector.template.flatMap { made(id, from: $0) } ?? container ?? vertex).index == index
        }
    }

    private func base(of selector: TargetSelector) -> [ID] {
        if let template = selector.template {
            let made = byOrigin[template] ?? []
            let isPart = selector.targetClass != nil || selector.containerClass != nil || selector.name != nil
            return isPart ? made + made.flatMap(descendants) : made
        }
        return selector.targetClass.map { byClass[$0] ?? [] } ?? all
    }

    private func descendants(of id: ID) -> [ID] {
        let contained = graph.contained(in: id).map(\.header.id)
        return contained + contained.flatMap(descendants)
    }

    /// The vertex itself or what contains it, whatever was made from a template.
    private func made(_ id: ID, from template: ID) -> Vertex? {
        var next = graph.vertex(id)
        while let vertex = next {
            if vertex.origin == template { return vertex }
            next = vertex.container.flatMap(graph.vertex)
        }
        return nil
    }

    private func isWithin(_ id: ID, _ other: ID) -> Bool {
        var next: ID? = id
        while let current = next {
            if current == other { return true }
            next = graph.vertex(current)?.container
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
