// SPDX-License-Identifier: Apache-2.0 OR MIT

extension Router {
    /// Makes the router of the whole API, in front of a backend. Each resource has its file beside this one.
    public init(_ backend: ControlBackend) {
        self.init(
            Route.agent(backend) + Route.artifacts(backend) + Route.services(backend) + Route.plans(backend)
                + Route.nodes(backend)
                + Route.workloads(backend) + Route.operations(backend) + Route.edges(backend) + Route.graph(backend)
                + Route.events(backend) + Route.handlers(backend) + Route.timers(backend) + Route.plugins(backend)
                + Route.ports(backend) + Route.secrets(backend) + Route.store(backend)
                + Route.archive(backend))
    }
}
