// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// One call of a function or a script on this host.
struct Invocation: Sendable {
    /// Why a function is called.
    enum Cause: Sendable, Hashable {
        /// For an operation, `SERVICE/ID` in the ledger.
        case operation(String)
        /// For an event that reached a handler.
        case event(String, handler: String)
        /// For a value.
        case evaluation
    }

    var call: Call
    /// Arguments that follow the call's own.
    var extra: [Value]
    var site: CallSite
    var timeLimit: Duration
    var cause: Cause

    /// The event's ID if it was made for one.
    var event: String? { if case .event(let id, _) = cause { id } else { nil } }

    var arguments: [Value] { call.arguments + extra }
}
