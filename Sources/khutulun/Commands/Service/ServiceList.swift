// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct ServiceList: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the services.", discussion: examples("service list", "service list --offline"))

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let services = try await source.client().services()
        screen.show(.list(services)) { palette in
            var table = TextTable("SERVICE", "STATE", "NODES", "UNFINISHED", "UPDATED")
            for service in services {
                table.add(
                    .init(service.words("name")), .state(service.words("state")), .init(service.words("nodes")),
                    .init(service["unfinished"]?.list.map { String($0.count) } ?? service.words("unfinished")),
                    .init(service.moment("updated")))
            }
            return table.text(palette)
        }
    }
}
