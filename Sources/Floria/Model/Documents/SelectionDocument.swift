// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension CountRange {
    /// The range as a document: `[LOWER, UPPER]`, with null for no upper bound.
    public var document: Value { [.integer(lower), upper.map { .integer($0) } ?? .null] }

    /// Reads a range's document; nil if it is none.
    init?(document: Value) {
        guard let items = document.list, items.count == 2, let lower = items[0].integer, lower >= 0 else { return nil }
        if items[1].isNull {
            self.init(lower, nil)
        } else if let upper = items[1].integer, upper >= lower {
            self.init(lower, upper)
        } else {
            return nil
        }
    }

    init(document: Value, of subject: String) throws(Problem) {
        guard let range = CountRange(document: document) else {
            throw DocumentReader.malformed(
                "‘range’ of \(subject) is no range", hint: "write [LOWER, UPPER], with null for no upper bound")
        }
        self = range
    }
}

extension InstantiationHandler {
    /// The handler as a document: `{"moment", "call", "location"}`.
    public var document: Value {
        var writer = DocumentWriter()
        writer.put("moment", moment.rawValue)
        writer.put("call", .call(call))
        writer.put("location", location.map { Problem.Place.source($0).value })
        return writer.document
    }

    /// Reads a handler's document.
    ///
    /// - Throws: `floria.malformed-document`.
    public init(document: Value) throws(Problem) {
        let reader = try DocumentReader(document, "an instantiation handler", keys: ["moment", "call", "location"])
        guard let moment: Moment = try reader.name("moment"), case .call(let call) = try reader.value("call") else {
            throw DocumentReader.malformed("an instantiation handler needs a ‘moment’ and a ‘call’ that is one")
        }
        self.init(moment, call, location: reader.location())
    }
}

extension DocumentReader {
    func instantiationHandlers() throws(Problem) -> [InstantiationHandler] {
        var handlers: [InstantiationHandler] = []
        for item in try list("instantiation-handlers") { handlers.append(try InstantiationHandler(document: item)) }
        return handlers
    }
}
