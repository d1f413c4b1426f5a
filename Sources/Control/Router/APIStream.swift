// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// A sequence whose elements are made as they are asked for, so that a slow reader slows down the writer.
///
/// It can be iterated several times if what it was made from can. It ends early when its task is cancelled.
public struct APIStream<Element: Sendable>: AsyncSequence, Sendable {
    /// What it fails with.
    public typealias Failure = Problem

    private let make: @Sendable () -> AsyncIterator

    /// A stream of what a function makes from a state, which each iteration gets a copy of. It ends with nil.
    public init<State: Sendable>(
        _ state: State, next: @escaping @Sendable (inout State) async throws(Problem) -> Element?
    ) {
        make = {
            var state = state
            return AsyncIterator { () async throws(Problem) -> [Element]? in try await next(&state).map { [$0] } }
        }
    }

    /// A stream of another sequence's elements. A failure that is no ``Problem`` becomes `api.stream-broken`.
    public init<Base: AsyncSequence & Sendable>(_ base: Base) where Base.Element == Element {
        make = {
            let next = Self.step(of: base)
            return AsyncIterator { () async throws(Problem) -> [Element]? in try await next().map { [$0] } }
        }
    }

    /// A stream of the elements in another sequence's lists, which are there together. It fails as that of elements does.
    public init<Base: AsyncSequence & Sendable>(batches base: Base) where Base.Element == [Element] {
        make = { AsyncIterator(Self.step(of: base)) }
    }

    /// A stream of elements that are there already.
    public init(_ elements: [Element]) {
        self.init(elements[...]) { rest in rest.popFirst() }
    }

    private static func step<Base: AsyncSequence>(of base: Base) -> () async throws(Problem) -> Base.Element? {
        var iterator = base.makeAsyncIterator()
        return { () async throws(Problem) -> Base.Element? in
            do {
                return try await iterator.next(isolation: #isolation)
            } catch let problem as Problem {
                throw problem
            } catch {
                throw Problem("api.stream-broken", "the stream ended too early", causes: [Problem("api.cause", "\(error)")])
            }
        }
    }

    /// Begins an iteration.
    public func makeAsyncIterator() -> AsyncIterator { make() }

    /// Goes through a stream once.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let step: () async throws(Problem) -> [Element]?
        private var rest: ArraySlice<Element> = []

        init(_ step: @escaping () async throws(Problem) -> [Element]?) { self.step = step }

        /// The next element; nil at the end.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(Problem) -> Element? {
            while rest.isEmpty {
                guard let batch = try await step() else { return nil }
                rest = batch[...]
            }
            return rest.popFirst()
        }

        /// The next elements, as many as are there together, at least one; nil at the end.
        mutating func nextBatch() async throws(Problem) -> [Element]? {
            if !rest.isEmpty {
                defer { rest = [] }
                return Array(rest)
            }
            while true {
                guard let batch = try await step() else { return nil }
                if !batch.isEmpty { return batch }
            }
        }
    }
}
