// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

/// A command: does its work with a screen, and ends with the status that belongs to its problems.
protocol Command: AsyncParsableCommand {
    /// The format in which results and problems are written.
    var outputFormat: OutputFormat { get }
    /// Whether its results tell of the problems that it throws.
    var areReported: Bool { get }

    /// Does the work.
    func perform(_ screen: Screen) async throws(Problems)
}

extension Command {
    var areReported: Bool { false }

    mutating func run() async throws {
        Interruption.endsProgram()
        let screen = Screen(format: outputFormat)
        do {
            try await perform(screen)
        } catch {
            if !areReported { screen.report(error.all) }
            throw ExitStatus(error)
        }
    }
}

/// A command that asks an agent.
protocol AgentCommand: Command {
    /// The way to the agent.
    var agent: AgentOptions { get }
}

extension AgentCommand {
    var outputFormat: OutputFormat { agent.output.format }
    var client: APIClient { agent.client }
}

/// Runs what throws one problem where several may be thrown.
func raising<Result>(_ body: () throws(Problem) -> Result) throws(Problems) -> Result {
    do {
        return try body()
    } catch {
        throw Problems([error])
    }
}

/// Goes through a stream.
func forEach<Element>(
    in stream: APIStream<Element>, _ body: (Element) throws(Problems) -> Bool
) async throws(Problems) {
    do {
        for try await element in stream {
            if try !body(element) { return }
        }
    } catch let problem as Problem {
        throw Problems([problem])
    } catch let problems as Problems {
        throw problems
    } catch {
        throw Problems([Problem("command.failed", "\(error)")])
    }
}
