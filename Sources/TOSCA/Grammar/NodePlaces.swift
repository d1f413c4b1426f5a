// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Finds the nodes that problems point at, to say where these end and how one comes to them.
struct NodePlaces {
    private struct Place: Hashable {
        let row: Int
        let column: Int
    }

    private var wanted: Set<Place> = []
    private var found: [Place: (path: String, end: SourcePosition)] = [:]

    /// Finds the nodes of a file that any of the problems points at.
    init(_ root: YAMLNode, _ file: String, _ problems: [Problem]) {
        for problem in problems {
            if case .source(let location)? = problem.place, location.file == file {
                wanted.insert(Place(row: location.row, column: location.column))
            }
        }
        walk(root, file, "")
    }

    /// The problem with the end of its place and the path to it, if a node begins there.
    func complete(_ problem: Problem) -> Problem {
        guard case .source(let location)? = problem.place,
            let node = found[Place(row: location.row, column: location.column)]
        else { return problem }
        var problem = problem
        problem.end = node.end
        problem.path = node.path
        return problem
    }

    /// Of several nodes that begin at one place the innermost is meant, and of those that an alias repeats the first.
    private mutating func walk(_ node: YAMLNode, _ file: String, _ path: String) {
        switch node.content {
        case .scalar: break
        case .sequence(let items):
            for (index, item) in items.enumerated() { walk(item, file, "\(path)/\(index)") }
        case .mapping(let pairs):
            for (key, value) in pairs {
                let name = key.text ?? Describe.value(key.value)
                let inner = path + "/" + name.pointerToken
                note(key, inner)
                walk(value, file, inner)
            }
        }
        note(node, path)
    }

    private mutating func note(_ node: YAMLNode, _ path: String) {
        let place = Place(row: node.location.row, column: node.location.column)
        guard wanted.remove(place) != nil else { return }
        found[place] = (path, node.end)
    }
}

extension String {
    /// The text as a part of a JSON pointer (RFC 6901).
    fileprivate var pointerToken: String {
        // There are many, and most need nothing.
        guard utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return self }
        return replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
