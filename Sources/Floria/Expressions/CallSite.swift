// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Where a call stands: the entity that it is made for and, if it is the value of a property, that property.
public struct CallSite: Sendable, Hashable {
    /// The entity.
    public var entity: ID
    /// The property's name.
    public var property: String?

    /// Makes a call site.
    public init(entity: ID, property: String? = nil) {
        self.entity = entity
        self.property = property
    }
}
