// SPDX-License-Identifier: Apache-2.0 OR MIT
import AsyncHTTPClient
import Glibc
import NIOCore
import Support

extension HTTPTransport {
    /// What an error of the HTTP client means for the caller.
    func problem(of error: any Error, waiting: Duration) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as IOError: return unreachable(error)
        case let error as ChannelError: return broken("\(error)")
        case let error as HTTPClientError: return problem(of: error, waiting: waiting)
        case is CancellationError: return cancelled
        default: return broken("\(error)")
        }
    }

    private func problem(of error: HTTPClientError, waiting: Duration) -> Problem {
        switch error {
        case .deadlineExceeded:
            return Problem(
                "api.timeout", "the agent at ‘\(path)’ did not answer within \(waiting.components.seconds) s",
                hint: "look at its log; ask again with a longer time-out")
        case .connectTimeout: return broken("it does not take connections")
        case .cancelled: return cancelled
        default: return broken("\(error)")
        }
    }

    private var cancelled: Problem { Problem("api.cancelled", "the request was cancelled") }

    private func unreachable(_ error: IOError) -> Problem {
        let (message, hint) =
            switch error.errnoCode {
            case ENOENT: ("no agent listens at ‘\(path)’: there is no such socket", HTTPTransport.startHint)
            case ECONNREFUSED: ("no agent listens at ‘\(path)’ any longer", HTTPTransport.startHint)
            case EACCES: ("the socket ‘\(path)’ may not be used by this account", "ask the machine's administrator")
            default: ("the agent at ‘\(path)’ cannot be reached: \(error)", HTTPTransport.startHint)
            }
        return Problem("api.unreachable", message, hint: hint)
    }

    private func broken(_ reason: String) -> Problem {
        Problem("api.unreachable", "the agent at ‘\(path)’ broke off: \(reason)", hint: "see whether it still runs")
    }

    private static let startHint = "start one with ‘khutulun agent run’, or name its socket with ‘--socket’"
}
