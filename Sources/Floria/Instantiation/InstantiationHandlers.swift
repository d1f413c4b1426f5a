// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Making {
    /// A vertex template as its handlers leave it.
    mutating func prepared(_ template: VertexTemplate, at site: ID) async throws(EvaluationFailure) -> VertexTemplate {
        let handlers = template.instantiationHandlers
        if handlers.isEmpty { return template }
        let entity = try await handled(.vertexTemplate(template), handlers, .before, at: site)
        guard case .vertexTemplate(let new) = entity else { return template }
        return new
    }

    /// An edge template as its handlers leave it.
    mutating func prepared(_ template: EdgeTemplate, at site: ID) async throws(EvaluationFailure) -> EdgeTemplate {
        let handlers = template.instantiationHandlers
        if handlers.isEmpty { return template }
        let entity = try await handled(.edgeTemplate(template), handlers, .before, at: site)
        guard case .edgeTemplate(let new) = entity else { return template }
        return new
    }

    /// Lets handlers see the vertexes that were made: what is contained before what contains it.
    mutating func handleVertexes() async {
        var hasAltered = false
        for id in made.reversed() {
            guard let template = altered[id], let vertex = working.vertex(id) else { continue }
            if await finished(.vertex(vertex), template.instantiationHandlers, template.header) { hasAltered = true }
        }
        if hasAltered { await settleAgain() }
    }

    /// Lets handlers see the edges that were made.
    mutating func handleEdges() async {
        var hasAltered = false
        for demand in edges.demands {
            let template = edges.selections[demand.selection].template
            if template.instantiationHandlers.isEmpty { continue }
            for index in demand.indexes {
                guard let edge = working.edge(edgeID(demand, index)) else { continue }
                if await finished(.edge(edge), template.instantiationHandlers, template.header) { hasAltered = true }
            }
        }
        if hasAltered { await settleAgain() }
    }

    /// Whether the handlers altered it. What they veto is a problem.
    private mutating func finished(_ entity: Entity, _ handlers: [InstantiationHandler], _ template: EntityHeader) async -> Bool
    {
        do throws(EvaluationFailure) {
            let new = try await handled(entity, handlers, .after, at: entity.id)
            if new == entity { return false }
            let changed = new.properties.filter { entity.properties[$0.key] != $0.value }.map(\.key)
            let removed = entity.properties.keys.filter { new.properties[$0] == nil }
            working.unsettle((changed + removed).map { PropertyReference(entity.id, $0) })
            working.insert(new, settled: Set(new.properties.keys).subtracting(changed))
            return true
        } catch {
            blame(entity.id, for: error.problem.placed(at: template.place))
            return false
        }
    }

    private mutating func handled(
        _ entity: Entity, _ handlers: [InstantiationHandler], _ moment: InstantiationHandler.Moment, at site: ID
    ) async throws(EvaluationFailure) -> Entity {
        var entity = entity
        for handler in handlers where handler.moment == moment {
            let result: Value
            do throws(EvaluationFailure) {
                var call = handler.call
                if call.mode == .normal {
                    call.arguments = try await evaluate(.list(call.arguments), at: site).list ?? []
                }
                // The document's expressions are not to be evaluated, so they are kept as arguments of an eager call are.
                call.mode = .eager
                call.arguments.append(entity.document)
                result = try await evaluate(.call(call), at: site)
            } catch {
                if case .pending = error { throw error }
                throw .failed(veto(entity, handler, because: error.problem))
            }
            switch result {
            case .null, .boolean(true): break
            case .boolean(false): throw .failed(veto(entity, handler, because: nil))
            case .map(let change): entity = try altered(entity, change, handler)
            default:
                throw .failed(
                    malformed(
                        entity, handler, because: Problem("floria.wrong-kind", "the result is of kind \(result.kindName)")))
            }
        }
        return entity
    }

    private func altered(
        _ entity: Entity, _ change: ValueMap, _ handler: InstantiationHandler
    ) throws(EvaluationFailure) -> Entity {
        let document = (entity.document.map ?? ValueMap()).changed(by: change)
        do throws(Problem) {
            let new = try Entity(document: .map(document))
            guard new.hasPlace(of: entity) else {
                throw Problem(
                    "floria.wrong-change", "what it is, where it lies and what it leads to cannot be altered")
            }
            return new
        } catch {
            throw .failed(malformed(entity, handler, because: error))
        }
    }

    private func veto(_ entity: Entity, _ handler: InstantiationHandler, because cause: Problem?) -> Problem {
        Problem(
            "floria.vetoed", "‘\(handler.call.function)’ refuses the \(entity.kind.label) ‘\(entity.id)’",
            at: handler.location.map(Problem.Place.source), causes: cause.map { [$0] } ?? [])
    }

    private func malformed(_ entity: Entity, _ handler: InstantiationHandler, because cause: Problem) -> Problem {
        Problem(
            "floria.malformed-result",
            "‘\(handler.call.function)’ makes of the \(entity.kind.label) ‘\(entity.id)’ what it cannot be",
            at: handler.location.map(Problem.Place.source), causes: [cause],
            hint: "a handler gives true, false or null, or a map of what is to be altered")
    }
}

extension ValueMap {
    /// The document with the keys of another; null removes one. Those of `properties` and `metadata` are changed one by one,
    /// and those of each property.
    fileprivate func changed(by change: ValueMap) -> ValueMap {
        var result = self
        for (key, value) in change {
            let depth = key == "properties" ? 1 : key == "metadata" ? 0 : nil
            if let depth, case .map(let old)? = result[key] ?? .map(ValueMap()), case .map(let new) = value {
                result[key] = .map(old.merged(with: new, depth: depth))
            } else {
                result[key] = value.isNull ? nil : value
            }
        }
        return result
    }

    private func merged(with change: ValueMap, depth: Int) -> ValueMap {
        var result = self
        for (key, value) in change {
            if depth > 0, case .map(let old)? = result[key], case .map(let new) = value {
                result[key] = .map(old.merged(with: new, depth: depth - 1))
            } else {
                result[key] = value.isNull ? nil : value
            }
        }
        return result
    }
}

extension Entity {
    /// Whether both are the same thing at the same place of the graph.
    fileprivate func hasPlace(of other: Entity) -> Bool {
        switch (self, other) {
        case (.vertex(let new), .vertex(let old)):
            new.header.id == old.header.id && new.container == old.container && new.index == old.index
                && new.origin == old.origin
        case (.edge(let new), .edge(let old)):
            new.header.id == old.header.id && new.source == old.source && new.target == old.target && new.name == old.name
                && new.index == old.index && new.origin == old.origin
        case (.vertexTemplate(let new), .vertexTemplate(let old)): new.header.id == old.header.id
        case (.edgeTemplate(let new), .edgeTemplate(let old)): new.header.id == old.header.id
        default: false
        }
    }
}
