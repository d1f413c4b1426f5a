// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What a `TOSCA.meta` says (17.2).
public struct TOSCAMeta: Sendable, Hashable {
    /// A name with its value.
    public struct Field: Sendable, Hashable {
        /// The name.
        public var name: String
        /// The value, its lines put together.
        public var value: String
        /// Where the name stands.
        public var location: SourceLocation
        /// The places of the value's scalars: those of `value`, in order.
        var places: [SourceLocation] = []

        /// Makes one that stands nowhere yet.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
            location = SourceLocation(file: "", row: 1, column: 1)
        }

        init(name: String, value: String, location: SourceLocation, places: [SourceLocation]) {
            (self.name, self.value, self.location, self.places) = (name, value, location, places)
        }
    }

    /// The two places that it may have, in the order in which they are looked at.
    public static let paths = ["TOSCA.meta", "TOSCA-Metadata/TOSCA.meta"]
    /// The version of the format that this is (17.2.1).
    public static let version = "2.0"
    /// The names that the standard defines.
    public static let keynames = ["CSAR-Version", "Created-By", "Entry-Definitions", "Other-Definitions"]

    /// The blocks, block 0 first.
    public var blocks: [[Field]]

    /// Makes one.
    public init(blocks: [[Field]]) { self.blocks = blocks }

    /// The blocks that others may define.
    public var customBlocks: [[Field]] { Array(blocks.dropFirst()) }

    /// The person or organization that made the archive.
    public var createdBy: String? { field("Created-By")?.value }

    /// The file that is the entry point.
    public var entryDefinitions: String? { field("Entry-Definitions")?.value }

    /// The files with templates that may substitute nodes.
    public var otherDefinitions: [String] { field("Other-Definitions").map { NameList($0).names.map(\.text) } ?? [] }

    /// A field of block 0.
    func field(_ name: String) -> Field? { blocks.first?.first { $0.name == name } }

    /// It as a document: `{"blocks": [{NAME: VALUE…}…]}` and what block 0 says.
    public var document: Value {
        var document: Value = ["csarVersion": .text(field("CSAR-Version")?.value ?? Self.version)]
        document["createdBy"] = createdBy.map(Value.text)
        document["entryDefinitions"] = entryDefinitions.map(Value.text)
        document["otherDefinitions"] = .list(otherDefinitions.map(Value.text))
        document["custom"] = .list(
            customBlocks.map { block in .object(Dictionary(block.map { ($0.name, .text($0.value)) }) { first, _ in first }) })
        return document
    }
}

/// A list of names with blanks between them; those that have blanks themselves stand in double quotes (17.2.1).
struct NameList {
    private(set) var names: [(text: String, location: SourceLocation)] = []
    /// What is wrong with it.
    private(set) var problems: [Problem] = []

    init(_ field: TOSCAMeta.Field) {
        let scalars = Array(field.value.unicodeScalars)
        func place(_ index: Int) -> SourceLocation { index < field.places.count ? field.places[index] : field.location }
        var index = 0
        while index < scalars.count {
            guard scalars[index] != " " else {
                index += 1
                continue
            }
            let start = index
            let isQuoted = scalars[index] == "\""
            if isQuoted { index += 1 }
            var text = String.UnicodeScalarView()
            while index < scalars.count, scalars[index] != (isQuoted ? "\"" : " ") {
                text.append(scalars[index])
                index += 1
            }
            if isQuoted {
                if index == scalars.count { report("a quotation mark is not closed", at: place(start)) }
                index += 1
                if index < scalars.count, scalars[index] != " " {
                    report("a blank is missing after a quotation mark", at: place(index))
                }
            } else if text.contains("\"") {
                report("a quotation mark stands within a name", at: place(start))
            }
            if text.isEmpty { report("a name is empty", at: place(start)) } else { names.append((String(text), place(start))) }
        }
    }

    private mutating func report(_ what: String, at location: SourceLocation) {
        problems.append(
            Problem(
                "csar.malformed-meta", what, at: .source(location),
                hint: "write names like this: a.yaml \"with blanks.yaml\" b.yaml"))
    }

    /// The list of names as it is written; nil if a name cannot be.
    static func text(_ names: [String]) -> String {
        names.map { $0.contains(" ") ? "\"\($0)\"" : $0 }.joined(separator: " ")
    }
}
