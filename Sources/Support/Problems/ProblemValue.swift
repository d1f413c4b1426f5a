// SPDX-License-Identifier: Apache-2.0 OR MIT

extension Problem {
    /// The problem as a document, the form in which it crosses the API, the plugin interface and the ledger.
    public var value: Value {
        var document: Value = ["code": .text(code), "message": .text(message)]
        if let place { document["place"] = place.value }
        if let end { document["end"] = ["row": .integer(end.row), "column": .integer(end.column)] }
        if let path { document["path"] = .text(path) }
        if !related.isEmpty {
            document["related"] = .list(related.map { ["message": .text($0.message), "place": $0.place.value] })
        }
        if !causes.isEmpty { document["causes"] = .list(causes.map(\.value)) }
        if let hint { document["hint"] = .text(hint) }
        if severity == .warning { document["severity"] = "warning" }
        return document
    }

    /// Reads a problem's document. Whatever is missing or malformed is left out; a value that is no document becomes
    /// the message of a problem with the code `support.malformed-problem`.
    public init(value: Value) {
        guard let code = value["code"]?.text, let message = value["message"]?.text else {
            self.init("support.malformed-problem", value.text ?? "an unknown problem")
            return
        }
        let related = (value["related"]?.list ?? []).compactMap { entry in
            entry["place"].flatMap(Place.init(value:)).map { Related(entry["message"]?.text ?? "", at: $0) }
        }
        self.init(
            code, message, at: value["place"].flatMap(Place.init(value:)), related: related,
            causes: (value["causes"]?.list ?? []).map(Problem.init(value:)), hint: value["hint"]?.text,
            severity: value["severity"]?.text.flatMap(Severity.init(rawValue:)) ?? .error)
        path = value["path"]?.text
        if let row = value["end"]?["row"]?.integer, let column = value["end"]?["column"]?.integer {
            end = SourcePosition(row: row, column: column)
        }
    }
}

extension Problem.Place {
    /// The place as a document.
    public var value: Value {
        switch self {
        case .source(let place): ["file": .text(place.file), "row": .integer(place.row), "column": .integer(place.column)]
        case .entity(let id, nil): ["entity": .text(id)]
        case .entity(let id, let property?): ["entity": .text(id), "property": .text(property)]
        case .command(let arguments, let host): ["command": .list(arguments.map(Value.text)), "host": .text(host)]
        }
    }

    /// Reads a place's document; nil if it is none.
    public init?(value: Value) {
        if let file = value["file"]?.text, let row = value["row"]?.integer, let column = value["column"]?.integer {
            self = .source(SourceLocation(file: file, row: row, column: column))
        } else if let entity = value["entity"]?.text {
            self = .entity(entity, property: value["property"]?.text)
        } else if let arguments = value["command"]?.list, let host = value["host"]?.text {
            self = .command(arguments.compactMap(\.text), host: host)
        } else {
            return nil
        }
    }
}
