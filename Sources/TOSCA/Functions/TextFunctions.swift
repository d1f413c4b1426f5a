// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension PureFunction {
    /// The functions of text, some of which take lists as well.
    static let texts: [String: PureFunction] = [
        "length": PureFunction { arguments throws(Problem) in
            switch arguments[0] {
            case .text(let text): .integer(text.unicodeScalars.count)
            case .list(let items): .integer(items.count)
            case .map(let map): .integer(map.count)
            case .blob(let bytes): .integer(bytes.count)
            default: throw wrong("length", arguments[0], "text, a list or a map")
            }
        },
        "concat": PureFunction { arguments throws(Problem) in
            if arguments.contains(where: { $0.list != nil }) {
                var result: [Value] = []
                for argument in arguments { result += try list("concat", argument) }
                return .list(result)
            }
            var result = ""
            for argument in arguments { result += try text("concat", argument) }
            return .text(result)
        },
        "join": PureFunction { arguments throws(Problem) in
            let delimiter = arguments.count == 2 ? try text("join", arguments[1]) : ""
            var parts: [String] = []
            for item in try list("join", arguments[0]) { parts.append(try text("join", item)) }
            return .text(parts.joined(separator: delimiter))
        },
        "token": PureFunction { arguments throws(Problem) in
            let separators = Set(try text("token", arguments[1]))
            let parts = try text("token", arguments[0]).split(omittingEmptySubsequences: false) { separators.contains($0) }
            guard let index = arguments[2].integer, parts.indices.contains(index) else {
                throw wrong("token", arguments[2], "an index below \(parts.count)")
            }
            return .text(String(parts[index]))
        },
    ]

    /// A text, or a number or truth value as text.
    private static func text(_ name: String, _ value: Value) throws(Problem) -> String {
        switch value {
        case .text(let text): text
        case .integer, .unsigned, .float, .boolean: Describe.value(value)
        case .custom(_, .text(let text)): text
        default:
            if let scalar = Scalar(value) { scalar.text } else { throw wrong(name, value, "text") }
        }
    }
}
