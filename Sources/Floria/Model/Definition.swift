// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support
import Synchronization

extension Property {
    /// What a property is, apart from its value.
    ///
    /// Instances have that of their template, but for an updater of their own. It is a value, and its copies share their memory: to copy it and to compare
    /// it with a copy costs nothing, however much it holds.
    public struct Definition: Sendable, Hashable {
        private struct Content: Sendable, Hashable {
            var updater: Value?
            var ownUpdater: Value?
            var preparer: Value?
            var isReadOnly: Bool
            var metadata: ValueMap
            var classes: [ID]
        }

        private final class Storage: Sendable {
            let content: Content
            /// The content's hash, once it was needed; then it isn't 0.
            private let hash = Atomic(0)

            init(_ content: Content) { self.content = content }

            var contentHash: Int {
                let known = hash.load(ordering: .relaxed)
                guard known == 0 else { return known }
                let computed = content.hashValue | 1
                hash.store(computed, ordering: .relaxed)
                return computed
            }
        }

        private var storage: Storage

        /// Makes a definition.
        public init(
            updater: Value? = nil, preparer: Value? = nil, isReadOnly: Bool = false, metadata: ValueMap = ValueMap(),
            classes: [ID] = []
        ) {
            storage = Storage(
                Content(
                    updater: updater, preparer: preparer, isReadOnly: isReadOnly, metadata: metadata, classes: classes))
        }

        private mutating func change(_ change: (inout Content) -> Void) {
            var content = storage.content
            change(&content)
            storage = Storage(content)
        }

        /// The expression that pulls a new candidate.
        public var updater: Value? {
            get { storage.content.updater }
            set { change { $0.updater = newValue } }
        }

        /// An updater that this instance was given since, which takes the place of the other one; nil if it has none.
        public var ownUpdater: Value? {
            get { storage.content.ownUpdater }
            set { if newValue != ownUpdater { change { $0.ownUpdater = newValue } } }
        }

        /// The definition as it was designed: without an updater of its own.
        var designed: Definition {
            var designed = self
            designed.ownUpdater = nil
            return designed
        }

        /// The expression that every candidate passes before it becomes the value, pulled or pushed. It reads the
        /// candidate with `floria:candidate()`, and its result is what is kept.
        public var preparer: Value? {
            get { storage.content.preparer }
            set { change { $0.preparer = newValue } }
        }

        /// Whether the value can be set only once.
        public var isReadOnly: Bool {
            get { storage.content.isReadOnly }
            set { change { $0.isReadOnly = newValue } }
        }

        /// Literal data about the property.
        public var metadata: ValueMap {
            get { storage.content.metadata }
            set { change { $0.metadata = newValue } }
        }

        /// The classes of its type.
        public var classes: [ID] {
            get { storage.content.classes }
            set { change { $0.classes = newValue } }
        }

        /// Whether both say the same. O(1) for copies.
        public static func == (left: Definition, right: Definition) -> Bool {
            left.storage === right.storage
                || left.storage.contentHash == right.storage.contentHash && left.storage.content == right.storage.content
        }

        /// Hashes it. O(1) but for the first time.
        public func hash(into hasher: inout Hasher) { hasher.combine(storage.contentHash) }
    }
}
