// SPDX-License-Identifier: Apache-2.0 OR MIT
package import Support

/// Reads many identifiers in their form in documents. Those of one kind mostly lie in one directory, which is read once.
package struct IDReader {
    private struct Place {
        var prefix: String
        var kind: EntityKind
        var directory: Directory
    }

    // Few are enough: an edge has itself and two vertexes.
    private var places: [Place] = []
    private static let limit = 4

    /// Remembers nothing yet.
    package init() {}

    /// Parses the form in documents.
    ///
    /// - Throws: `floria.malformed-id`.
    package mutating func id(documentText text: String) throws(Problem) -> ID {
        for place in places where text.hasPrefix(place.prefix) {
            let name = text.utf8.dropFirst(place.prefix.utf8.count)
            guard !name.contains(UInt8(ascii: "/")) else { continue }
            let id = ID(place.kind, place.directory, String(Substring(name)))
            try ID.check(name: id.name)
            return id
        }
        let id = try ID(documentText: text)
        guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return id }
        if places.count == Self.limit { places.removeLast() }
        places.insert(Place(prefix: String(text[...slash]), kind: id.kind, directory: id.directory), at: 0)
        return id
    }
}
