// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct TimerList: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List timers, and when each fires next.",
        discussion: examples("timer list", "timer list shop/web-0"))

    @Argument(help: "Only those of this node or other target.")
    var target: TargetName?

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let timers = try await source.client().timers(of: target?.target)
        screen.show(.list(timers)) { palette in
            var table = TextTable("TARGET", "NAME", "EVENT", "WHEN", "NEXT", "PAYLOAD")
            for timer in timers {
                let target = timer["target"]?.text.flatMap { try? EventTarget(documentText: $0) }?.label
                table.add(
                    .init(target ?? timer.words("target")), .init(timer.words("name")), .init(timer.words("type")),
                    .init(when(timer)),
                    .init(timer.moment("next")), .init(timer.words("payload")))
            }
            return table.text(palette)
        }
    }

    private func when(_ timer: Value) -> String {
        if timer["cron"] != nil { return "\(timer.words("cron")) \(timer.words("zone"))" }
        return timer["every"] != nil ? "every \(timer.duration("every"))" : "once"
    }
}
