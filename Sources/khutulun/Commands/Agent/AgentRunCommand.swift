// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Floria
import Glibc
import HostAgent
import Logging
import Support
import TOSCA

/// `khutulun agent`
struct AgentCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "The program that does the work on a machine.", subcommands: [AgentRunCommand.self])
}

/// `khutulun agent run`
struct AgentRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run an agent until it is told to stop.",
        discussion: """
            What the agent supervises goes on when the agent ends, and is found again when it is started.

            """
                + examples(
                    "agent run                                  with the standard folders",
                    "agent run --data shop --socket shop.sock   beside another agent"))

    @Option(help: ArgumentHelp("The folder of the agent's data.", valueName: "folder"))
    var data: String = StandardPaths.data

    @Option(
        help: ArgumentHelp(
            "The folder of the keys that secrets are encrypted with; otherwise ‘keys’ in the data folder.", valueName: "folder"),
        completion: .directory)
    var keys: String?

    @Option(help: ArgumentHelp("The path of the socket that the agent answers on.", valueName: "path"))
    var socket: String?

    @Option(help: ArgumentHelp("The name of this host.", valueName: "name"))
    var host: String?

    @Option(
        help: ArgumentHelp(
            "With root, the account of processes and scripts for which none is named; otherwise ‘nobody’.", valueName: "account"
        ))
    var user: String?

    @Option(help: ArgumentHelp("A folder of plugins instead of the built-in ones.", valueName: "folder"))
    var plugins: String?

    @Option(help: ArgumentHelp("For how many days events are kept.", valueName: "days"))
    var eventDays: Int64 = EventRetention.standard.age / 86_400_000

    @Option(help: ArgumentHelp("How many events are kept at most.", valueName: "number"))
    var eventCount: UInt64 = EventRetention.standard.count

    @Option(help: ArgumentHelp("The least important lines to log.", valueName: "level"), transform: level)
    var log: Logger.Level = .info

    @Option(help: .hidden)
    var failpoint: String?

    @Option(help: .hidden)
    var failpointLog: String?

    func validate() throws {
        do {
            _ = try FailpointFlags(kill: failpoint, log: failpointLog)
        } catch {
            throw ValidationError("‘--failpoint’: \(error.message)")
        }
        guard (1...100_000).contains(eventDays), eventCount > 0 else {
            throw ValidationError("‘--event-days’ and ‘--event-count’ are numbers above 0, of days up to 100000")
        }
        if user != nil, geteuid() != 0 {
            throw ValidationError("‘--user’ needs root: without root everything runs as the account that you have")
        }
    }

    func run() async throws {
        do {
            try await start()
        } catch let problems as Problems {
            Screen(format: .table).report(problems.all)
            throw ExitStatus(problems)
        } catch let problem as Problem {
            Screen(format: .table).report([problem])
            throw ExitStatus(Problems([problem]))
        }
    }

    private func start() async throws {
        let installation = try Installation.find()
        let failpoint = try FailpointFlags(kill: failpoint, log: failpointLog).failpoint()
        let level = log
        let logger = Logger(label: "agent") { _ in AgentLog(level: level) }
        let designer = RunDesigner(profiles: installation.profiles)
        let folder = absolute(data)
        let configuration = AgentConfiguration(
            folders: DataFolders(root: folder), keys: keys.map(absolute),
            socket: socket ?? StandardPaths.socket(ofAgentIn: data == StandardPaths.data ? nil : folder),
            host: host ?? hostName, user: geteuid() == 0 ? user ?? "nobody" : nil, version: Khutulun.version,
            plugins: plugins ?? installation.plugins,
            shim: installation.shim, compiler: installation.program, languages: ["tosca": TOSCAFunctions()],
            runDesign: { request throws(Problems) in try designer.design(request) },
            retention: EventRetention(age: eventDays * 86_400_000, count: eventCount), failpoint: failpoint, logger: logger)
        try await Agent(configuration).run()
    }

    private static func level(_ name: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: name) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("‘\(name)’ is no level; there are \(names)")
        }
        return level
    }

    private var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        let name = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return name.split(separator: ".").first.map(String.init) ?? "localhost"
    }

    private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)" }

    private var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "" }
        defer { free(path) }
        return String(cString: path)
    }
}
