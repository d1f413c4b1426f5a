// SPDX-License-Identifier: Apache-2.0 OR MIT

extension Problem: CustomStringConvertible {
    /// The problem in lines for people: the first is `place: message [code]`, causes and hint follow indented.
    public var description: String { lines.joined(separator: "\n") }

    /// Why it happened: the first cause with its own first cause and so on, or the message if no cause is known.
    public var reason: String {
        var messages: [String] = []
        var cause = causes.first
        while let next = cause {
            messages.append(next.message)
            cause = next.causes.first
        }
        return messages.isEmpty ? message : messages.joined(separator: ": ")
    }

    private var lines: [String] {
        let prefix = place.map { "\($0): " } ?? ""
        let kind = severity == .warning ? "warning: " : ""
        var lines = ["\(prefix)\(kind)\(message) [\(code)]"]
        lines += related.map { "  \($0.place): \($0.message)" }
        for cause in causes {
            lines += cause.lines.enumerated().map { ($0.offset == 0 ? "  because " : "  ") + $0.element }
        }
        if let hint { lines.append("  hint: \(hint)") }
        return lines
    }
}

extension Problem.Place: CustomStringConvertible {
    /// `file:row:column`, `entity.property` or `host$ command`.
    public var description: String {
        switch self {
        case .source(let location): location.description
        case .entity(let id, let property): property.map { "\(id).\($0)" } ?? id
        case .command(let arguments, let host): "\(host)$ \(arguments.joined(separator: " "))"
        }
    }
}

extension SourceLocation: CustomStringConvertible {
    /// `file:row:column`.
    public var description: String { "\(file):\(row):\(column)" }
}

extension Problems: CustomStringConvertible {
    /// Every problem's text, one after the other.
    public var description: String { all.map(\.description).joined(separator: "\n") }
}
