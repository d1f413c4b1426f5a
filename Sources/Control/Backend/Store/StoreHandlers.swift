// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension StoreBackend {
    /// The handlers of one node or of all: its own, and those of its classes.
    public func handlers(of node: ID?) async throws(Problems) -> [Value] {
        try await read { snapshot throws(Problem) in
            let nodes =
                if let node { [try snapshot.vertex(node)] } else {
                    try snapshot.vertexes(of: nil).filter { $0.kind == "node" }
                }
            var classes: [ID: [Handler]] = [:]
            var documents: [Value] = []
            for node in nodes {
                documents += node.handlers.map { StoreBackend.document($0, of: node.header.id) }
                for id in node.classes {
                    if classes[id] == nil, case .class(let found)? = try snapshot.entity(id) { classes[id] = found.handlers }
                    documents += (classes[id] ?? []).map { StoreBackend.document($0, of: node.header.id, class: id) }
                }
            }
            return documents
        }
    }

    /// Attaches a handler to a node.
    public func addHandler(_ request: HandlerRequest, for caller: Caller) async throws(Problems) -> Value {
        let handler = try await change(for: caller) { snapshot, transaction throws(Problem) in
            var vertex = try snapshot.vertex(request.node)
            let name = try StoreBackend.freeName(for: request, among: vertex.handlers.map(\.name))
            let handler = Handler(event: request.event, call: try request.call(in: snapshot), name: name)
            vertex.handlers.append(handler)
            transaction.puts = [.vertex(vertex)]
            transaction.expectations = [vertex.header.id: vertex.header.version]
            return handler
        }
        return StoreBackend.document(handler, of: request.node)
    }

    /// Detaches a handler from a node.
    public func removeHandler(_ name: String, of node: ID, for caller: Caller) async throws(Problems) {
        try await change(for: caller) { snapshot, transaction throws(Problem) in
            var vertex = try snapshot.vertex(node)
            guard let index = vertex.handlers.firstIndex(where: { $0.name == name }) else {
                throw Problem(
                    "handler.unknown", "‘\(node)’ has no handler ‘\(name)’ of its own",
                    at: .entity(node.description, property: nil), hint: "‘khutulun handler list \(node)’ shows those it has")
            }
            vertex.handlers.remove(at: index)
            transaction.puts = [.vertex(vertex)]
            transaction.expectations = [vertex.header.id: vertex.header.version]
        }
    }

    private static func freeName(for request: HandlerRequest, among names: [String]) throws(Problem) -> String {
        guard let name = request.name else {
            let candidates = (1...names.count + 1).map { "\(request.event)-\($0)" }
            return candidates.first { !names.contains($0) } ?? "\(request.event)-\(names.count + 1)"
        }
        guard !names.contains(name) else {
            throw Problem(
                "handler.exists", "‘\(request.node)’ has a handler ‘\(name)’ already",
                at: .entity(request.node.description, property: nil), hint: "remove it first, or choose another name")
        }
        return name
    }

    private static func document(_ handler: Handler, of node: ID, class: ID? = nil) -> Value {
        var document: Value = [
            "node": .text(node.description), "name": .text(handler.name), "event": .text(handler.event),
            "call": .call(handler.call),
        ]
        document["class"] = `class`.map { .text($0.description) }
        document["location"] = handler.location.map { Problem.Place.source($0).value }
        return document
    }
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

    private func check(_ operation: String, in snapshot: any Snapshot) throws(Problem) {
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
