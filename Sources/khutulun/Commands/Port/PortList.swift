// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct PortList: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the reserved ports.", discussion: examples("port list", "port list --format json"))

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let ports = try await source.client().ports()
        screen.show(.list(ports)) { palette in
            var table = TextTable("HOST", "PROTOCOL", "ADDRESS", "PORT", "NODE", "CAPABILITY", "SINCE")
            for port in ports {
                table.add(
                    .init(port.words("host")), .init(port.words("protocol")), .init(port.words("address")),
                    .init(port.words("port")),
                    .init(port.words("node")), .init(port.words("capability")), .init(port.moment("since")))
            }
            return table.text(palette)
        }
    }
}
