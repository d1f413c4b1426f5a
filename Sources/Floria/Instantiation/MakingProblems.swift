// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension EntityHeader {
    /// The place in a design that asked for it; nil if that isn't known.
    var place: Problem.Place? { metadata["location"].flatMap(Problem.Place.init(value:)) }
}

extension Graph {
    /// All vertexes and edges.
    var instances: [Entity] { vertexes.values.map(Entity.vertex) + edges.values.map(Entity.edge) }
}

extension Entity {
    /// What is wrong with its values: what was rejected or could not be made, and what is required and isn't there.
    var valueProblems: [Problem] {
        properties.compactMap { name, property in
            let reference = PropertyReference(id, name)
            switch property.status {
            case .failed(let problem): return problem.placed(at: property.place(of: reference))
            case .unset where property.metadata["required"] == true: return missing(reference, property)
            case .unset, .pending, .valid, .stale: return nil
            }
        }
    }

    private func missing(_ reference: PropertyReference, _ property: Property) -> Problem {
        let place = property.place(of: reference)
        guard reference.name.hasPrefix("input.") else {
            return Problem("floria.missing-value", "‘\(reference)’ must have a value and has none", at: place)
        }
        return Problem(
            "floria.missing-input", "the input ‘\(reference.name.dropFirst(6))’ must have a value and has none", at: place,
            hint: "give it when the service is made")
    }
}

extension Problem {
    /// The same problem at a place in a design; where it was before becomes a related place.
    func placed(at new: Place?) -> Problem {
        guard let new, new != place else { return self }
        if case .source = place { return self }
        var problem = self
        if let old = place { problem.related.append(Related("here in the graph", at: old)) }
        problem.place = new
        return problem
    }

    /// Orders problems by their place in the design.
    var position: (String, Int, Int, String) {
        guard case .source(let source) = place else { return (place?.description ?? "", 0, 0, message) }
        return (source.file, source.row, source.column, message)
    }
}
