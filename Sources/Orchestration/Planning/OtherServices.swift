// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// What a plan has to do with other services.
struct OtherServices: Sendable {
    /// What it relies on.
    var claims = OutsideClaims()
    /// What is changed of them together with it; nil if nothing reads what it changes.
    var changes: GraphUpdate.Changes?
    /// The versions of what their deployments have to remember, for those whose nodes it comes to use.
    var deployments: [RecordKey: UInt64] = [:]

    /// The entities of others whose values are computed anew.
    var renewed: [ID] { changes?.entities.map(\.id) ?? [] }

    /// Lets the beginning of the deployment fail if one of these isn't as it was, and change what reads its changes.
    func add(to transaction: inout Transaction) {
        claims.add(to: &transaction)
        changes?.add(to: &transaction)
        transaction.recordExpectations.merge(deployments) { expected, _ in expected }
    }
}

extension Planner {
    /// How many edges of others a refusal names.
    private static let namedLimit = 10

    /// Finds out what a change has to do with other services.
    ///
    /// - Returns: the change, with what comes of it by way of others; and the rest.
    /// - Throws: `service.in-use` if others need what is removed, `service.ending` if it would use what is about to be removed;
    ///   what ``Outside/claims(of:onto:)`` throws.
    func reach(
        _ own: ChangeSet, of service: String, onto present: Graph, isDeletion: Bool, _ outside: Outside?
    ) async throws(Problems) -> (changes: ChangeSet, others: OtherServices) {
        let later = Set(own.splitDeletions(isDeletion: isDeletion).later)
        let (changes, elsewhere) = try await update.spread(own, later: later, onto: present, of: service, in: store)
        var outside = outside ?? Outside(of: service, in: store)
        var others = OtherServices()
        others.changes = elsewhere
        others.claims = try await outside.claims(of: changes, onto: present)
        if !others.claims.users.isEmpty { throw Problems([inUse(service, others.claims.users, isDeletion: isDeletion)]) }
        let targets = others.claims.targets
        do throws(Problem) {
            others.deployments = try await store.read { snapshot throws(Problem) in
                try Self.deployments(of: targets, in: snapshot)
            }
        } catch { throw Problems([error]) }
        return (changes, others)
    }

    private func inUse(_ service: String, _ edges: [Edge], isDeletion: Bool) -> Problem {
        var causes = edges.prefix(Self.namedLimit).map { edge in
            Problem("service.in-use", "‘\(edge.source)’ needs ‘\(edge.target)’: the edge ‘\(edge.header.id)’ leads there")
        }
        if edges.count > causes.count {
            causes.append(Problem("service.in-use", "\(edges.count - causes.count) more edges lead there"))
        }
        let users = Set(edges.map { $0.header.id.directory.names.first ?? "" }).sorted()
        let names = users.map { "‘\($0)’" }.joined(separator: ", ")
        return Problem(
            "service.in-use",
            isDeletion
                ? "‘\(service)’ cannot be removed: \(names) needs it"
                : "\(names) needs what would be removed of ‘\(service)’",
            causes: Array(causes),
            hint: "remove \(names) first, or deploy it so that it needs something else; ‘khutulun edge remove’ removes an edge")
    }

    /// The versions of what the deployments of the services have to remember that some vertexes belong to.
    private static func deployments(of targets: [ID], in snapshot: any Snapshot) throws(Problem) -> [RecordKey: UInt64] {
        var versions: [RecordKey: UInt64] = [:]
        for target in targets {
            let owner = target.directory.names.first ?? target.name
            let record = try snapshot.record(DeploymentRecord.collection, owner)
            versions[RecordKey(DeploymentRecord.collection, owner)] = record?.version ?? 0
            guard let record, try DeploymentRecord(record: record).obsolete.contains(target) else { continue }
            throw Problem(
                "service.ending", "‘\(target)’ is about to be removed", at: .entity(target.description, property: nil),
                hint: "wait for the end of the deployment of ‘\(owner)’ with ‘khutulun service wait \(owner)’")
        }
        return versions
    }
}
