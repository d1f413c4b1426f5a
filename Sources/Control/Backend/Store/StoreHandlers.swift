// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension StoreBackend {
    /// The handlers that events of one entity reach, those of one directory itself, or those of all nodes and directories.
    public func handlers(of target: EventTarget?) async throws(Problems) -> [Value] {
        try await read { snapshot throws(Problem) in
            switch target {
            case .entity(let id):
                guard try snapshot.entity(id) != nil else { throw StoreBackend.notFound(id) }
                return try snapshot.handlers(of: id).map { $0.document(reaching: id) }
            case .directory(let directory):
                return try snapshot.handlers(attachedTo: directory).handlers.map {
                    AttachedHandler($0, of: .directory(directory)).document(reaching: nil)
                }
            case nil: return try StoreBackend.allHandlers(in: snapshot)
            }
        }
    }

    private static func allHandlers(in snapshot: any Snapshot) throws(Problem) -> [Value] {
        var documents: [Value] = []
        for node in try snapshot.vertexes(of: nil) where node.kind == "node" {
            for attached in try snapshot.handlers(of: node.header.id) {
                if case .entity = attached.target { documents.append(attached.document(reaching: node.header.id)) }
            }
        }
        for record in try snapshot.allRecords(AttachedHandler.collection) {
            let directory = try AttachedHandler.directory(of: record)
            documents += try snapshot.handlers(attachedTo: directory).handlers.map {
                AttachedHandler($0, of: .directory(directory)).document(reaching: nil)
            }
        }
        return documents
    }

    /// Attaches a handler.
    public func addHandler(_ request: HandlerRequest, for caller: Caller) async throws(Problems) -> Value {
        let handler = try await change(for: caller) { snapshot, transaction throws(Problem) in
            let call = try request.call(in: snapshot)
            return try StoreBackend.edit(request.target, in: snapshot, &transaction) { handlers throws(Problem) in
                let name = try StoreBackend.freeName(for: request, among: handlers.map(\.name))
                let handler = Handler(event: request.event, call: call, name: name)
                handlers.append(handler)
                return handler
            }
        }
        return AttachedHandler(handler, of: request.target).document(reaching: request.target.entity)
    }

    /// Detaches a handler.
    public func removeHandler(_ name: String, of target: EventTarget, for caller: Caller) async throws(Problems) {
        try await change(for: caller) { snapshot, transaction throws(Problem) in
            try StoreBackend.edit(target, in: snapshot, &transaction) { handlers throws(Problem) in
                guard let index = handlers.firstIndex(where: { $0.name == name }) else {
                    throw Problem(
                        "handler.unknown", "‘\(target.label)’ has no handler ‘\(name)’ of its own", at: target.place,
                        hint: "‘khutulun handler list \(target.label)’ shows those it has")
                }
                handlers.remove(at: index)
            }
        }
    }

    /// Changes the handlers that are attached to something.
    private static func edit<Result>(
        _ target: EventTarget, in snapshot: any Snapshot, _ transaction: inout Transaction,
        _ change: (inout [Handler]) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        switch target {
        case .directory(let directory):
            var (handlers, version) = try snapshot.handlers(attachedTo: directory)
            let result = try change(&handlers)
            let record = AttachedHandler.record(handlers, of: directory)
            if handlers.isEmpty { transaction.recordDeletions = [record.name] } else { transaction.records = [record] }
            transaction.recordExpectations = [record.name: version]
            return result
        case .entity(let id):
            guard [.vertex, .edge, .class].contains(id.kind), var entity = try snapshot.entity(id) else {
                throw Problem(
                    "node.unknown", "there is no ‘\(id)’ that could have handlers", at: target.place,
                    hint: "vertexes, edges, classes and directories can; ‘khutulun node list’ shows the nodes that are there")
            }
            let result = try change(&entity.handlers)
            transaction.puts = [entity]
            transaction.expectations = [id: entity.header.version]
            return result
        }
    }

    /// The first of `TYPE-1`, `TYPE-2`, … that isn't taken.
    static func freeName(for type: String, among names: Set<String>) -> String {
        var number = 1
        while names.contains("\(type)-\(number)") { number += 1 }
        return "\(type)-\(number)"
    }

    private static func freeName(for request: HandlerRequest, among names: [String]) throws(Problem) -> String {
        guard let name = request.name else { return freeName(for: request.event, among: Set(names)) }
        guard !names.contains(name) else {
            throw Problem(
                "handler.exists", "‘\(request.target.label)’ has a handler ‘\(name)’ already", at: request.target.place,
                hint: "remove it first, or choose another name")
        }
        return name
    }
}

extension AttachedHandler {
    /// The handler's document, with the entity whose events reach it.
    fileprivate func document(reaching id: ID?) -> Value {
        var document = handler.document
        document["entity"] = id.map { .text(EventTarget.entity($0).label) }
        switch target {
        case .directory(let directory): document["directory"] = .text(directory.description)
        case .entity(let owner): if owner.kind == .class { document["class"] = .text(owner.description) }
        }
        return document
    }
}

extension EventTarget {
    /// The target as people write it: a node's name, an identifier with its kind, or a directory with a slash at its end.
    public var label: String {
        switch self {
        case .entity(let id): id.kind == .vertex ? id.description : id.documentText
        case .directory(let directory): "\(directory)/"
        }
    }

    fileprivate var entity: ID? { if case .entity(let id) = self { id } else { nil } }

    fileprivate var place: Problem.Place? { entity.map { .entity($0.description, property: nil) } }
}

extension HandlerRequest {
    /// The call that the handler makes.
    ///
    /// - Throws: `node.unknown-operation`, `plugin.unknown`, `plugin.unknown-function`.
    fileprivate func call(in snapshot: any Snapshot) throws(Problem) -> Call {
        switch action {
        case .operation(let operation):
            try check(operation, in: snapshot)
            return Call(FunctionName(plugin: "khutulun", name: "call"), [.text(operation), [:]])
        case .script(let digest, let file):
            return Call(FunctionName(plugin: "khutulun", name: "script"), [.text(digest), .text(file)])
        case .function(let name):
            try check(name, in: snapshot)
            return Call(name)
        }
    }

    /// A class or a directory says nothing of what the nodes have that events happen to.
    private func check(_ operation: String, in snapshot: any Snapshot) throws(Problem) {
        guard case .entity(let node) = target, node.kind == .vertex else { return }
        var known: [String] = []
        for case .vertex(let vertex) in try snapshot.entities(.contained(in: node)) where vertex.kind == "interface" {
            let name = vertex.header.metadata["name"]?.text ?? vertex.header.id.name
            known += vertex.handlers.map { "\(name).\($0.event)" }
        }
        guard !known.contains(operation) else { return }
        throw Problem(
            "node.unknown-operation", "‘\(node)’ has no operation ‘\(operation)’",
            at: .entity(node.description, property: nil), hint: "it has \(known.sorted().joined(separator: ", "))")
    }

    private func check(_ function: FunctionName, in snapshot: any Snapshot) throws(Problem) {
        guard let plugin = try StoreBackend.plugins(in: snapshot).first(where: { $0.header.id.name == function.plugin }) else {
            throw Problem(
                "plugin.unknown", "there is no plugin ‘\(function.plugin)’",
                hint: "‘khutulun plugin list’ shows those that are there")
        }
        guard plugin.description["functions"]?[function.name] == nil else { return }
        throw Problem(
            "plugin.unknown-function", "the plugin ‘\(function.plugin)’ has no function ‘\(function.name)’",
            hint: "‘khutulun plugin show \(function.plugin)’ shows those it has")
    }
}
