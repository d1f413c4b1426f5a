// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// How many there may be.
public struct CountRange: Sendable, Hashable {
    /// At least so many.
    public var lower: Int
    /// At most so many; nil is any number.
    public var upper: Int?

    /// Makes a range.
    public init(_ lower: Int, _ upper: Int?) {
        self.lower = lower
        self.upper = upper
    }

    /// Whether a number lies in it.
    public func contains(_ number: Int) -> Bool { number >= lower && number <= upper ?? .max }
}

/// Where targets are looked for.
public enum TargetScope: String, Sendable, Hashable, CaseIterable {
    /// Among the vertexes of the same service.
    case `internal`
    /// Among those of other services.
    case external
}

/// Which of several targets is taken.
public enum TargetOrder: String, Sendable, Hashable, CaseIterable {
    /// The first one that will do, by template and index.
    case first
    /// The first one that will do, from a place on that depends on the names of the source and of the requirement alone:
    /// many sources spread, and each always takes the same.
    case random
}

/// A vertex template that may be made in the place of another.
///
/// It will do if its condition is true and if everything that it makes can be made.
public struct Alternative: Sendable, Hashable {
    /// The template.
    public var template: ID
    /// An expression that must be true, evaluated at the vertex that will contain the instance; nil is always.
    public var condition: Value?

    /// Makes an alternative.
    public init(_ template: ID, if condition: Value? = nil) {
        self.template = template
        self.condition = condition
    }
}

/// A call that may veto or alter what a template makes.
///
/// It gets a document as its last argument: before, that of the template, at the container or the edge's source; after,
/// that of the vertex or the edge, at that. Null or true lets it pass, false or a failure vetoes it. A map alters it: its
/// keys take the place of the document's, those of `metadata`, of `properties` and of each of these one by one, and null
/// removes one.
public struct InstantiationHandler: Sendable, Hashable {
    /// When it is called.
    public enum Moment: String, Sendable, Hashable, CaseIterable {
        /// Before anything is made of the template.
        case before
        /// When an instance is made and has its values.
        case after
    }

    /// When it is called.
    public var moment: Moment
    /// The call.
    public var call: Call
    /// The place in a design that asked for it.
    public var location: SourceLocation?

    /// Makes a handler.
    public init(_ moment: Moment, _ call: Call, location: SourceLocation? = nil) {
        self.moment = moment
        self.call = call
        self.location = location
    }
}
