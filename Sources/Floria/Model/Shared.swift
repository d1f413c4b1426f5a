// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The content of a value whose copies share it until one of them is changed: however much it holds, a copy costs nothing.
struct Shared<Content: Sendable & Hashable>: Sendable {
    // It is only changed while nobody else has it, which whoever changes it makes sure of.
    private final class Storage: @unchecked Sendable {
        var content: Content

        init(_ content: Content) { self.content = content }
    }

    private var storage: Storage

    init(_ content: Content) { storage = Storage(content) }

    /// The content; changing it leaves copies as they are.
    var value: Content {
        _read { yield storage.content }
        _modify {
            if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.content) }
            yield &storage.content
        }
    }
}

extension Shared: Hashable {
    /// Whether both say the same. O(1) for copies.
    static func == (left: Shared, right: Shared) -> Bool {
        left.storage === right.storage || left.storage.content == right.storage.content
    }

    func hash(into hasher: inout Hasher) { hasher.combine(storage.content) }
}
