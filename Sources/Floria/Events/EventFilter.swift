// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Which events are wanted: those that satisfy everything that is said.
public struct EventFilter: Sendable, Hashable {
    /// Of one of these types; empty is any.
    public var types: Set<String>
    /// Of this entity.
    public var entity: ID?
    /// Of entities in this directory or below, or of the vertex whose directory it is.
    public var directory: Directory?
    /// Of entities that are of this class now.
    public var `class`: ID?
    /// Of this host.
    public var host: String?

    /// Makes a filter; without arguments it lets everything through.
    public init(
        types: Set<String> = [], entity: ID? = nil, directory: Directory? = nil, class: ID? = nil, host: String? = nil
    ) {
        self.types = types
        self.entity = entity
        self.directory = directory
        self.class = `class`
        self.host = host
    }

    /// Whether an event is wanted.
    public func accepts(_ event: Event, in snapshot: any Snapshot) throws(Problem) -> Bool {
        if !types.isEmpty, !types.contains(event.type) { return false }
        if let entity, event.entity != entity { return false }
        if let host, event.host != host { return false }
        if let directory {
            let isOwner = event.entity.directory.appending(event.entity.name) == directory
            guard isOwner || event.entity.directory.isWithin(directory) else { return false }
        }
        guard let `class` else { return true }
        return try snapshot.entity(event.entity)?.classes.contains(`class`) ?? false
    }
}
