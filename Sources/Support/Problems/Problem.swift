// SPDX-License-Identifier: Apache-2.0 OR MIT

/// What went wrong, where, why, and what to do next. The one error type of the project.
public struct Problem: Error, Hashable, Sendable {
    /// How bad it is.
    public enum Severity: String, Hashable, Sendable {
        /// The thing asked for cannot be done.
        case error
        /// It can be done, but a person should look.
        case warning
    }

    /// The machine-readable code, `area.name` in lower case, for example `tosca.unknown-keyname`.
    public var code: String
    /// What failed, one sentence without a final full stop.
    public var message: String
    /// Where it failed.
    public var place: Place?
    /// Where what is wrong ends in the source text: after its last character. Nil if only its beginning is known.
    public var end: SourcePosition?
    /// The way to what is wrong within the document that the place is in: a JSON pointer (RFC 6901), for example
    /// `/service_template/node_templates/shop/type`.
    public var path: String?
    /// Other places that matter, each with a word about it.
    public var related: [Related]
    /// What caused it, most direct first.
    public var causes: [Problem]
    /// What to do next.
    public var hint: String?
    /// How bad it is.
    public var severity: Severity

    /// Makes a problem.
    public init(
        _ code: String, _ message: String, at place: Place? = nil, related: [Related] = [], causes: [Problem] = [],
        hint: String? = nil, severity: Severity = .error
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.related = related
        self.causes = causes
        self.hint = hint
        self.severity = severity
    }

    /// A second place that matters to a problem.
    public struct Related: Hashable, Sendable {
        /// Why it matters, for example `first defined here`.
        public var message: String
        /// Where.
        public var place: Place

        /// Makes a related place.
        public init(_ message: String, at place: Place) {
            self.message = message
            self.place = place
        }
    }

    /// Where something is.
    public enum Place: Hashable, Sendable {
        /// In a source text.
        case source(SourceLocation)
        /// In the graph: the text of an entity's identifier, and a property or handler of it.
        case entity(String, property: String?)
        /// A command on a host.
        case command([String], host: String)
    }
}

/// Several problems at once: what is thrown where more than the first is known.
public struct Problems: Error, Hashable, Sendable {
    /// The problems, never empty.
    public var all: [Problem]

    /// Makes a group of problems.
    public init(_ all: [Problem]) {
        precondition(!all.isEmpty, "an empty group of problems is no error")
        self.all = all
    }
}

/// A place in a source text.
public struct SourceLocation: Hashable, Sendable {
    /// The file's path or address.
    public var file: String
    /// The row, from 1.
    public var row: Int
    /// The column in Unicode scalars, from 1.
    public var column: Int

    /// Makes a location.
    public init(file: String, row: Int, column: Int) {
        self.file = file
        self.row = row
        self.column = column
    }
}

/// A position in a source text whose file is known.
public struct SourcePosition: Hashable, Sendable {
    /// The row, from 1.
    public var row: Int
    /// The column in Unicode scalars, from 1.
    public var column: Int

    /// Makes a position.
    public init(row: Int, column: Int) {
        self.row = row
        self.column = column
    }
}
