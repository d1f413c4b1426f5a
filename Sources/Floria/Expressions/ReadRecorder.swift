// SPDX-License-Identifier: Apache-2.0 OR MIT
import Synchronization

/// Notes what an evaluation reads.
final class ReadRecorder: Sendable {
    /// What an evaluation has read.
    struct Notes: Sendable {
        /// The properties.
        var properties: Set<PropertyReference> = []
        /// The first property that is still to be evaluated itself: the evaluation has to wait for it.
        var unsettled: PropertyReference?
        /// Whether it looked at what contains or leads to what.
        var hasReadStructure = false
        /// The calls made.
        var dispatches = 0
    }

    private let state = Mutex(Notes())
    private let isUnsettled: @Sendable (PropertyReference) -> Bool

    init(isUnsettled: @escaping @Sendable (PropertyReference) -> Bool = { _ in false }) { self.isUnsettled = isUnsettled }

    var notes: Notes { state.withLock { $0 } }

    /// Notes a read. False if the property has no value to be relied on yet.
    func read(_ reference: PropertyReference) -> Bool {
        let isSettled = !isUnsettled(reference)
        state.withLock { notes in
            notes.properties.insert(reference)
            if !isSettled && notes.unsettled == nil { notes.unsettled = reference }
        }
        return isSettled
    }

    func readStructure() { state.withLock { $0.hasReadStructure = true } }

    /// The number of calls so far, this one included.
    func dispatch() -> Int {
        state.withLock { notes in
            notes.dispatches += 1
            return notes.dispatches
        }
    }
}

/// A graph that notes when an evaluation looks at how it hangs together.
struct RecordingGraph: GraphReader {
    let graph: any GraphReader
    let recorder: ReadRecorder

    func vertex(_ id: ID) -> Vertex? { graph.vertex(id) ?? missing() }

    func edge(_ id: ID) -> Edge? { graph.edge(id) ?? missing() }

    func contained(in id: ID) -> [Vertex] {
        recorder.readStructure()
        return graph.contained(in: id)
    }

    func outgoing(from id: ID) -> [Edge] {
        recorder.readStructure()
        return graph.outgoing(from: id)
    }

    func incoming(to id: ID) -> [Edge] {
        recorder.readStructure()
        return graph.incoming(to: id)
    }

    private func missing<Item>() -> Item? {
        recorder.readStructure()
        return nil
    }
}
