// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct ServiceOutputs: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "outputs", abstract: "Show the outputs of a service, or print one of them.",
        discussion: examples("service outputs shop", "curl \"$(khutulun service outputs shop url)\""))

    @Argument(help: "The service.")
    var name: String

    @Argument(help: "Only the value of this output.")
    var output: String?

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let outputs = try await source.client().service(name)["outputs"] ?? .object([:])
        guard let output else {
            return screen.show(outputs) { palette in
                var table = TextTable("OUTPUT", "VALUE")
                for (key, value) in outputs.map ?? ValueMap() { table.add(.init(key.words), .init(value.words)) }
                return table.text(palette)
            }
        }
        guard let value = outputs[output] else {
            let known = (outputs.map ?? ValueMap()).map(\.key.words).joined(separator: ", ")
            throw Problems([
                Problem(
                    "service.no-such-output", "the service ‘\(name)’ has no output ‘\(output)’, or it has no value yet",
                    hint: known.isEmpty ? nil : "it has: \(known)")
            ])
        }
        screen.show(value) { _ in value.words + "\n" }
    }
}
