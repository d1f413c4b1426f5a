// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// What a host's spool has of an event that it has not dealt with, as the event takes it along to another host.
struct CarriedEvent: Sendable, Hashable {
    /// A handler that the event was put aside for.
    struct Letter: Sendable, Hashable {
        var handler: String
        var failures: Int
        var problem: Problem
        var time: Int64
    }

    /// The handlers that are still to have it, by their keys; nil is all.
    var handlers: Set<String>?
    /// Those that did not take it.
    var letters: [Letter] = []

    /// `{"handlers"?, "letters"?: [{"handler", "failures", "problem", "time"}]}`.
    var document: Value {
        var document: Value = [:]
        if let handlers { document["handlers"] = .list(handlers.sorted().map(Value.text)) }
        if !letters.isEmpty {
            document["letters"] = .list(
                letters.map { letter in
                    [
                        "handler": .text(letter.handler), "failures": .integer(letter.failures),
                        "problem": letter.problem.value, "time": .integer(letter.time),
                    ]
                })
        }
        return document
    }

    /// Reads the document. What makes no sense in it is left out.
    init(document: Value) {
        handlers = document["handlers"]?.list.map { Set($0.compactMap(\.text)) }
        letters = (document["letters"]?.list ?? []).compactMap { letter in
            guard let handler = letter["handler"]?.text, let problem = letter["problem"] else { return nil }
            return Letter(
                handler: handler, failures: letter["failures"]?.integer ?? 0, problem: Problem(value: problem),
                time: letter["time"]?.integer.map(Int64.init) ?? 0)
        }
    }

    /// Nothing is to be done for it.
    init() { handlers = [] }

    /// The letters as another spool has them.
    func letters(of event: Event, order: UInt64, key: String) -> [DeadLetter] {
        letters.enumerated().map { number, letter in
            DeadLetter(
                id: "\(key).\(number)", event: event, handler: letter.handler, failures: letter.failures,
                problem: letter.problem, time: letter.time, order: order)
        }
    }
}
