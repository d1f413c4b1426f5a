// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct NodeLogs: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show what a node's workload wrote.",
        discussion: examples("node logs shop/web-0 --lines 20", "node logs shop/web-0 --follow"))

    @Argument(help: "The node, SERVICE/NAME.")
    var node: NodeName

    @Flag(name: .shortAndLong, help: "Go on with what will be written, until interrupted.")
    var follow = false

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Only this many of the last lines.", valueName: "number"))
    var lines: Int?

    @Option(help: ArgumentHelp("Only what comes after this position, which --format json shows.", valueName: "position"))
    var after: UInt64?

    @OptionGroup var source: ReadOptions

    func validate() throws {
        if let lines, lines < 0 { throw ValidationError("‘--lines’ is no negative number") }
        if follow, source.offline { throw ValidationError("‘--follow’ needs an agent: leave ‘--offline’ out") }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let request = LogRequest(isFollowing: follow, after: after, lines: lines)
        let stream =
            source.offline
            ? try OfflineLog.lines(of: node.id, in: source.dataFolder, request)
            : try await source.client().logs(of: node.id, request)
        try await forEach(in: stream) { line throws(Problems) in
            screen.showNext(line) { _ in line.words("line") }
            return true
        }
    }
}
