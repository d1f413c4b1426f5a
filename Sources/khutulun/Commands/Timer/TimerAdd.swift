// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct TimerAdd: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Let an event happen later, or again and again.",
        discussion: """
            The timer ends with its node. The timer of a directory makes an event at each of the directory's topmost vertexes.

            """
                + examples(
                    "timer add shop/web-0 looked-at --after 10m", "timer add shop/web-0 looked-at --every 1h30m",
                    "timer add shop/web-0 tea --at '2026-12-24 17:00' --zone Europe/Berlin",
                    "timer add shop/ backup-due --cron '30 3 * * mon-fri' --misfire skip"))

    @Argument(help: "The node, SERVICE/NAME, another entity, a class, or a directory with a slash at its end.")
    var target: TargetName

    @Argument(help: "The type of the events.")
    var type: String

    @Option(help: ArgumentHelp("Once, after this time, for example 90s or 1h30m.", valueName: "time"))
    var after: DurationArgument?

    @Option(help: ArgumentHelp("Once, at this date and time.", valueName: "yyyy-mm-dd hh:mm"))
    var at: String?

    @Option(help: ArgumentHelp("Again and again with this interval.", valueName: "time"))
    var every: DurationArgument?

    @Option(help: ArgumentHelp("As cron says it: minute, hour, day, month, day of the week.", valueName: "expression"))
    var cron: String?

    @Option(help: ArgumentHelp("By whose clocks: UTC, +02:00, or a place such as Europe/Berlin.", valueName: "zone"))
    var zone: String = "UTC"

    @Option(help: ArgumentHelp("What happens at times when the agent was away.", valueName: "once|skip"))
    var misfire: MisfireName = .once

    @Option(help: ArgumentHelp("Data about the events, in YAML or JSON.", valueName: "value"))
    var payload: String?

    @Option(help: ArgumentHelp("To what else the events spread; see ‘event emit’.", valueName: "ways"))
    var propagate: PropagationName?

    @Option(help: ArgumentHelp("Its name among the timers of the node.", valueName: "name"))
    var name: String?

    @OptionGroup var agent: AgentOptions

    func validate() throws {
        guard [after != nil, at != nil, every != nil, cron != nil].count(where: { $0 }) == 1 else {
            throw ValidationError("say when with one of ‘--after’, ‘--at’, ‘--every’ and ‘--cron’")
        }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let value = try payload.map { text throws(Problems) in try YAML.decode(Array(text.utf8), file: "--payload") }
        let timer = try await client.addTimer(
            TimerRequest(
                target: target.target, type: type, when: try when(), payload: value ?? .null,
                propagation: propagate?.propagation, misfire: misfire.misfire, name: name))
        screen.show(timer) { _ in "added \(timer.words("name")) to \(target.text), next at \(timer.moment("next"))\n" }
    }

    private func when() throws(Problems) -> TimerRequest.When {
        if let after { return .after(after.milliseconds) }
        if let every { return .every(every.milliseconds) }
        if let cron { return .cron(cron, zone: zone) }
        return .at(try raising { () throws(Problem) in try TimerZone(parsing: zone).moment(parsing: at ?? "") })
    }
}

/// What happens at missed times, as an argument.
enum MisfireName: String, ExpressibleByArgument {
    case once, skip

    var misfire: EventTimer.Misfire { self == .once ? .once : .skip }
}
