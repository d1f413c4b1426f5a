// SPDX-License-Identifier: Apache-2.0 OR MIT
import Synchronization

/// Notes what an evaluation reads.
final class ReadRecorder: Sendable {
    /// What an evaluation has read.
    struct Notes: Sendable {
        /// Everything that its result depends on.
        var reads: Set<Read> = []
        /// Properties that are still to be evaluated themselves: the evaluation has to wait for them.
        var unsettled: Set<PropertyReference> = []
        /// What isn't known of a graph that is only there in part: it has to be supplied first.
        var missing: Set<Read> = []
        /// Whether it looked at what contains or leads to what, or for something that isn't there.
        var hasReadStructure = false
        /// The calls made.
        var dispatches = 0
    }

    private let state = Mutex(Notes())
    private let working: WorkingGraph?

    /// - Parameter working: The graph, if it is being worked on.
    init(_ working: WorkingGraph? = nil) { self.working = working }

    var notes: Notes { state.withLock { $0 } }

    /// Notes a read. False if what is read isn't to be relied on yet.
    func note(_ read: Read) -> Bool {
        var unsettled: PropertyReference?
        if let property = read.property, working?.isUnsettled(property) == true { unsettled = property }
        // What is supplied after this look will have been missed; so the look comes before the reading.
        let need = read.need
        let isKnown = working?.knows(need) ?? true
        state.withLock { notes in
            notes.reads.insert(read)
            if let unsettled { notes.unsettled.insert(unsettled) }
            if !isKnown { notes.missing.insert(need) }
            switch read {
            case .contained, .outgoing, .incoming: notes.hasReadStructure = true
            case .property, .entity: break
            }
        }
        return isKnown && unsettled == nil
    }

    /// Notes that something was looked for that isn't there.
    func noteAbsence() { state.withLock { $0.hasReadStructure = true } }

    /// The number of calls so far, this one included.
    func dispatch() -> Int {
        state.withLock { notes in
            notes.dispatches += 1
            return notes.dispatches
        }
    }
}

/// A graph that notes what an evaluation looks at.
struct RecordingGraph: GraphReader {
    let graph: any GraphReader
    let recorder: ReadRecorder
    /// The entity that is evaluated for. It depends on itself anyway: all that it has is evaluated again when it changes.
    let site: ID

    func vertex(_ id: ID) -> Vertex? {
        note(id)
        return graph.vertex(id) ?? absent()
    }

    func edge(_ id: ID) -> Edge? {
        note(id)
        return graph.edge(id) ?? absent()
    }

    func contained(in id: ID) -> [Vertex] {
        _ = recorder.note(.contained(id))
        return graph.contained(in: id)
    }

    func outgoing(from id: ID) -> [Edge] {
        _ = recorder.note(.outgoing(id))
        return graph.outgoing(from: id)
    }

    func incoming(to id: ID) -> [Edge] {
        _ = recorder.note(.incoming(id))
        return graph.incoming(to: id)
    }

    private func note(_ id: ID) {
        if id != site { _ = recorder.note(.entity(id)) }
    }

    private func absent<Item>() -> Item? {
        recorder.noteAbsence()
        return nil
    }
}
