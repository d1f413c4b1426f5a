// SPDX-License-Identifier: Apache-2.0 OR MIT
package import Support

/// What a store knows of its graph, so that a transaction can be checked before it is applied.
package protocol StoredGraph: Snapshot {
    /// Whether there is an entity.
    func exists(_ id: ID) throws(Problem) -> Bool
    /// The version of an entity; 0 if there is none.
    func version(of id: ID) throws(Problem) -> UInt64
    /// The version of a record; 0 if there is none.
    func version(of record: RecordKey) throws(Problem) -> UInt64
    /// The vertex that contains a vertex.
    func container(of vertex: ID) throws(Problem) -> ID?
    /// The vertexes that a vertex contains.
    func contents(of vertex: ID) throws(Problem) -> [ID]
    /// The edges that leave a vertex or lead to it.
    func edges(at vertex: ID) throws(Problem) -> [ID]
}

/// Checks that whatever a transaction leaves behind refers to what is there: ends of edges, containers, classes, templates.
struct ReferenceCheck {
    /// How many of those that keep a thing from being deleted are named.
    private static let namedLimit = 10

    private let check: TransactionCheck
    private let stored: any StoredGraph
    private var problems: [Problem] = []
    /// Vertexes, classes and vertex templates that are known not to contain themselves.
    private var rooted: Set<ID> = []

    init(_ check: TransactionCheck, against stored: any StoredGraph) {
        self.check = check
        self.stored = stored
    }

    /// Checks everything.
    mutating func run() throws(Problem) {
        for entity in check.transaction.puts { try checkReferences(of: entity) }
        var unknown: [(id: ID, user: ID)] = []
        for (id, user) in check.classes where try !exists(id) { unknown.append((id, user)) }
        for (id, user) in unknown.sorted(by: { $0.id < $1.id }) {
            report(
                "the class ‘\(id)’, which ‘\(user)’ names, does not exist", user,
                hint: "put it in the same transaction or before")
        }
        for id in check.transaction.deletions where id.kind == .vertex { try checkDeletion(ofVertex: id) }
        try checkDeletionOfDefinitions(check.deletions)
        if let problem = StoreProblem.broken(problems) { throw problem }
    }

    /// The entities that are put and refer to something that isn't there, or would contain themselves.
    mutating func unresolved() throws(Problem) -> Set<ID> {
        var found: Set<ID> = []
        for entity in check.transaction.puts {
            let count = problems.count
            try checkReferences(of: entity)
            if problems.count > count { found.insert(entity.id) }
        }
        for (id, user) in check.classes where try !exists(id) { found.insert(user) }
        return found
    }

    /// Checks that nothing needs what was removed already, unless it is there again.
    mutating func checkIsNotMissed(_ removed: [ID]) throws(Problem) {
        var gone: Set<ID> = []
        for id in removed where try !stored.exists(id) { gone.insert(id) }
        for id in gone.sorted() where id.kind == .vertex { try checkDeletion(ofVertex: id) }
        try checkDeletionOfDefinitions(gone, areStored: false)
        if let problem = StoreProblem.broken(problems) { throw problem }
    }

    private mutating func report(_ message: String, _ id: ID, hint: String? = nil) {
        problems.append(StoreProblem.invalid(message, id, hint: hint))
    }

    private func exists(_ id: ID) throws(Problem) -> Bool {
        if check.isPut(id) { return true }
        if check.deletions.contains(id) { return false }
        return try stored.exists(id)
    }

    // MARK: What is put

    private mutating func checkReferences(of entity: Entity) throws(Problem) {
        let id = entity.id
        switch entity {
        case .vertex(let vertex):
            guard let container = vertex.container else { return }
            try require(container, "the container ‘\(container)’ of the vertex ‘\(id)’", id)
            try checkNesting(of: id, "the vertex ‘\(id)’ would contain itself", hint: "containment is a tree")
        case .edge(let edge):
            try require(edge.source, "the source ‘\(edge.source)’ of the edge ‘\(id)’", id)
            try require(edge.target, "the target ‘\(edge.target)’ of the edge ‘\(id)’", id)
        case .class(let value):
            if value.parent != nil { try checkNesting(of: id, "the class ‘\(id)’ would be its own ancestor", hint: nil) }
        case .vertexTemplate(let template):
            for part in template.contained + template.edges + (template.alternatives ?? []).map(\.template) {
                try require(part, "the \(part.kind.label) ‘\(part)’ in the vertex template ‘\(id)’", id)
            }
            try checkTemplateNesting(of: id)
        case .edgeTemplate(let template):
            guard let target = template.target.template else { return }
            try require(target, "the vertex template ‘\(target)’, which the edge template ‘\(id)’ leads to,", id)
        case .plugin: return
        }
    }

    private mutating func require(_ reference: ID, _ what: String, _ id: ID) throws(Problem) {
        if try !exists(reference) { report("\(what) does not exist", id) }
    }

    /// The container of a vertex, the parent of a class.
    private func parent(of id: ID) throws(Problem) -> ID? {
        switch check.put(id) {
        case .vertex(let vertex): return vertex.container
        case .class(let value): return value.parent
        default: break
        }
        if id.kind == .vertex { return try stored.container(of: id) }
        if case .class(let value)? = try stored.entity(id) { return value.parent }
        return nil
    }

    private mutating func checkNesting(of id: ID, _ message: String, hint: String?) throws(Problem) {
        if let parent = try parent(of: id), rooted.contains(parent) { return }
        var path: [ID] = []
        var seen: Set<ID> = []
        var next: ID? = id
        while let current = next, !rooted.contains(current) {
            guard seen.insert(current).inserted else { return report(message, id, hint: hint) }
            path.append(current)
            next = try parent(of: current)
        }
        rooted.formUnion(path)
    }

    private func contents(ofTemplate id: ID) throws(Problem) -> [ID] {
        let entity = if let put = check.put(id) { put } else { try stored.entity(id) }
        if case .vertexTemplate(let template)? = entity { return template.contained }
        return []
    }

    private mutating func checkTemplateNesting(of id: ID) throws(Problem) {
        var path: [(id: ID, rest: [ID])] = [(id, try contents(ofTemplate: id))]
        while var last = path.popLast() {
            guard let next = last.rest.popLast() else {
                rooted.insert(last.id)
                continue
            }
            path.append(last)
            if rooted.contains(next) { continue }
            if path.contains(where: { $0.id == next }) {
                return report("the vertex template ‘\(id)’ would contain itself", id, hint: "its instances would never end")
            }
            path.append((next, try contents(ofTemplate: next)))
        }
    }

    // MARK: What is deleted

    /// Whether an entity stays as it is stored.
    private func stays(_ id: ID) -> Bool { !check.deletions.contains(id) && !check.isPut(id) }

    private mutating func checkDeletion(ofVertex id: ID) throws(Problem) {
        for content in try stored.contents(of: id).filter(stays).prefix(Self.namedLimit) {
            refuse(id, "it contains ‘\(content)’")
        }
        for edge in try stored.edges(at: id).filter(stays).prefix(Self.namedLimit) { refuse(id, "the edge ‘\(edge)’ needs it") }
    }

    private mutating func refuse(_ id: ID, _ reason: String) {
        report(
            "the \(id.kind.label) ‘\(id)’ cannot be deleted: \(reason)", id, hint: "delete or move it in the same transaction")
    }

    /// Classes and templates are seldom deleted, so there is no index of all that names them.
    private mutating func checkDeletionOfDefinitions(_ deletions: Set<ID>, areStored: Bool = true) throws(Problem) {
        if deletions.isEmpty { return }
        let definitions: Set<EntityKind> = [.class, .vertexTemplate, .edgeTemplate]
        var gone = deletions.filter { definitions.contains($0.kind) }
        for id in gone where try stored.exists(id) != areStored { gone.remove(id) }
        guard !gone.isEmpty else { return }
        var counts: [ID: Int] = [:]
        for kind in EntityKind.allCases {
            for entity in try stored.entities(.directory(kind, .root, isDeep: true)) where stays(entity.id) {
                for id in entity.neededDefinitions.intersection(gone).sorted() where counts[id, default: 0] < Self.namedLimit {
                    counts[id, default: 0] += 1
                    refuse(id, "the \(kind.label) ‘\(entity.id)’ needs it")
                }
            }
        }
    }
}

extension Entity {
    /// The classes and templates that must be there as long as it is. The template that an instance was made from needn't.
    var neededDefinitions: Set<ID> {
        var needs = Set(references.map(\.id).filter { $0.kind != .vertex })
        switch self {
        case .vertex(let vertex): if let origin = vertex.origin { needs.remove(origin) }
        case .edge(let edge): if let origin = edge.origin { needs.remove(origin) }
        case .plugin, .class, .vertexTemplate, .edgeTemplate: break
        }
        for property in properties.values { needs.formUnion(property.classes) }
        return needs
    }
}
