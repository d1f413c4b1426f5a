// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// What the orchestrator keeps of a service beside its graph.
public struct ServiceRecord: Sendable, Hashable {
    /// The collection of records that holds the services.
    public static let collection = "services"

    /// How a service is.
    public enum State: String, Sendable, Hashable, CaseIterable {
        case deploying, running, failed, deleting, cancelled
    }

    /// The service's name.
    public var name: String
    /// How it is.
    public var state: State
    /// The deployment that is under way, or was the last.
    public var deployment: String
    /// The fencing token of its conductor; grows with each one, see ``nextToken(of:in:)``.
    public var token: UInt64
    /// What its last deployment failed of.
    public var problems: [Problem]
    /// When this was last changed, in milliseconds since 1970 UTC.
    public var updated: Int64
    /// The version of the record; 0 if there is none yet.
    public var version: UInt64

    /// Makes the record of a new service.
    public init(name: String, state: State, deployment: String, updated: Int64) {
        self.name = name
        self.state = state
        self.deployment = deployment
        self.token = 0
        self.problems = []
        self.updated = updated
        self.version = 0
    }

    /// Whether a deployment is under way.
    public var isBusy: Bool { state == .deploying || state == .deleting }

    /// The name of the record.
    public var key: RecordKey { RecordKey(Self.collection, name) }

    /// The fencing token of a service's next conductor: above those of all before, whatever the clock shows, and also where a
    /// service was deleted and is made anew. They committed before this view of the store, and had read earlier ones.
    static func nextToken(of service: String, in snapshot: any Snapshot) throws(Problem) -> UInt64 {
        let last = try snapshot.record(collection, service).map { record throws(Problem) in
            try ServiceRecord(record: record).token
        }
        return max(last ?? 0, snapshot.position) + 1
    }

    /// The record as it is stored.
    public var record: Record {
        Record(
            Self.collection, name,
            [
                "name": .text(name), "state": .text(state.rawValue), "deployment": .text(deployment),
                "token": .number(token), "problems": .list(problems.map(\.value)), "updated": .integer(updated),
            ])
    }

    /// Reads a stored record.
    ///
    /// - Throws: `ledger.malformed` if a key is missing or wrong.
    public init(record: Record) throws(Problem) {
        guard let name = record.value["name"]?.text,
            let state = record.value["state"]?.text.flatMap(State.init(rawValue:)),
            let deployment = record.value["deployment"]?.text, let updated = record.value["updated"]?.integer
        else { throw Problem("ledger.malformed", "the record of the service ‘\(record.name.key)’ cannot be read") }
        self.init(name: name, state: state, deployment: deployment, updated: Int64(updated))
        token = UInt64(record.value["token"]?.integer ?? 0)
        problems = (record.value["problems"]?.list ?? []).map(Problem.init(value:))
        version = record.version
    }
}
