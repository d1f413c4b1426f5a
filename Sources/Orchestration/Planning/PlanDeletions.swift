// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Plan {
    /// The hosts of what is obsolete.
    var hostsLeft: [String] {
        let hosts = changes.changes.filter { $0.category == .obsolete }.compactMap { change -> String? in
            if case .vertex(let vertex) = change.before { vertex.properties["host"]?.value?.text } else { nil }
        }
        return Set(hosts).sorted()
    }
}

extension ChangeSet {
    /// What is removed from the graph when the plan is begun, and what only when the deployment is complete: whatever
    /// belongs to a node that must be ended first.
    func splitDeletions(isDeletion: Bool) -> (now: [ID], later: [ID]) {
        let obsolete = changes.filter { $0.category == .obsolete }
        if isDeletion { return ([], obsolete.map(\.id)) }
        var graph = Graph()
        for change in obsolete {
            if case .vertex(let vertex) = change.before { graph.insert(vertex) }
        }
        var now: [ID] = []
        var later: [ID] = []
        for change in obsolete {
            let isEnding =
                switch change.before {
                case .edge(let edge): graph.vertex(edge.source) != nil
                default: graph.node(of: change.id) != nil
                }
            if isEnding { later.append(change.id) } else { now.append(change.id) }
        }
        return (now, later)
    }
}
