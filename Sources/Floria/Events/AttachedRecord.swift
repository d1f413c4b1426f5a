// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Snapshot {
    /// The records of timers, and of handlers of directories, whose target is in a directory or below, or is such a directory.
    func attachedRecords(within directory: Directory) throws(Problem) -> [(record: Record, target: EventTarget)] {
        var found: [(record: Record, target: EventTarget)] = []
        for record in try records(AttachedHandler.collection, prefix: "", after: nil, limit: .max) {
            let owner = try AttachedHandler.directory(of: record)
            if owner.isWithin(directory) { found.append((record, .directory(owner))) }
        }
        for record in try records(EventTimer.collection, prefix: "", after: nil, limit: .max) {
            let target = try EventTimer(document: record.value).target
            let place =
                switch target {
                case .entity(let id): id.directory
                case .directory(let directory): directory
                }
            if place.isWithin(directory) { found.append((record, target)) }
        }
        return found
    }
}

extension Record {
    /// The record of the same handlers or of the same timer, attached to another target.
    func attached(to target: EventTarget, _ value: Value) throws(Problem) -> Record {
        if case .directory(let directory) = target, name.collection == AttachedHandler.collection {
            return Record(name.collection, AttachedHandler.key(of: directory), value, version: version)
        }
        var timer = try EventTimer(document: value)
        timer.target = target
        return Record(name.collection, timer.key.key, timer.document, version: version)
    }
}
