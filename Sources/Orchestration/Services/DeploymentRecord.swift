// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// What a deployment must remember until it is complete.
struct DeploymentRecord: Sendable, Hashable {
    static let collection = "deployments"

    /// The service.
    var service: String
    /// Whether the service is to end.
    var isDeletion: Bool
    /// What is to be removed from the graph at the end, if it is still there.
    var obsolete: [ID]
    /// The hosts that keep something of it.
    var hosts: [String]

    var record: Record {
        Record(
            Self.collection, service,
            [
                "delete": .boolean(isDeletion), "obsolete": .list(obsolete.map { .text($0.documentText) }),
                "hosts": .list(hosts.map(Value.text)),
            ])
    }

    init(service: String, isDeletion: Bool, obsolete: [ID], hosts: [String]) {
        self.service = service
        self.isDeletion = isDeletion
        self.obsolete = obsolete
        self.hosts = hosts
    }

    init(record: Record) throws(Problem) {
        service = record.name.key
        isDeletion = record.value["delete"]?.boolean ?? false
        obsolete = []
        hosts = (record.value["hosts"]?.list ?? []).compactMap(\.text)
        for text in (record.value["obsolete"]?.list ?? []).compactMap(\.text) { obsolete.append(try ID(documentText: text)) }
    }
}
