// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension VertexTemplate {
    func write(to writer: inout DocumentWriter) {
        writer.put(classes, properties, handlers)
        writer.put("instantiation-handlers", list: instantiationHandlers.map(\.document))
        writer.put("count", count)
        writer.put("contained", contained)
        writer.put("edges", edges)
        writer.put("instance-name", instanceName)
        writer.put("opens-directory", flag: opensDirectory)
        writer.put("alternatives", alternatives.map { .list($0.map(\.document)) })
    }

    init(_ header: EntityHeader, _ reader: DocumentReader) throws(Problem) {
        self.init(
            header, classes: try reader.ids("classes"), instanceName: try reader.text("instance-name"),
            opensDirectory: try reader.boolean("opens-directory"))
        properties = try reader.properties()
        handlers = try reader.handlers()
        instantiationHandlers = try reader.instantiationHandlers()
        count = reader.optional("count")
        contained = try reader.ids("contained")
        edges = try reader.ids("edges")
        if reader.optional("alternatives") != nil {
            var alternatives: [Alternative] = []
            for item in try reader.list("alternatives") {
                alternatives.append(try Alternative(document: item, of: reader.subject))
            }
            self.alternatives = alternatives
        }
    }
}

extension Alternative {
    private static let keys: Set<String> = ["template", "condition"]

    /// The alternative as a document.
    var document: Value {
        var writer = DocumentWriter()
        writer.put("template", template)
        writer.put("condition", condition)
        return writer.document
    }

    init(document: Value, of subject: String) throws(Problem) {
        let reader = try DocumentReader(document, "an alternative of \(subject)", keys: Self.keys)
        self.init(try reader.id("template"), if: reader.optional("condition"))
    }
}

extension EdgeTemplate {
    func write(to writer: inout DocumentWriter) {
        writer.put(classes, properties, handlers)
        writer.put("instantiation-handlers", list: instantiationHandlers.map(\.document))
        writer.put("count", count)
        writer.put("instance-name", instanceName)
        writer.put("target", target.document)
        writer.put("range", range?.document)
        writer.put("optional", flag: isOptional)
    }

    init(_ header: EntityHeader, _ reader: DocumentReader) throws(Problem) {
        self.init(
            header, classes: try reader.ids("classes"), instanceName: try reader.text("instance-name"),
            target: try TargetSelector(document: try reader.value("target"), of: reader.subject))
        properties = try reader.properties()
        handlers = try reader.handlers()
        instantiationHandlers = try reader.instantiationHandlers()
        count = reader.optional("count")
        range = try reader.optional("range").map { value throws(Problem) in
            try CountRange(document: value, of: reader.subject)
        }
        isOptional = try reader.boolean("optional")
    }
}

extension TargetSelector {
    private static let keys: Set<String> = [
        "vertex", "finder", "template", "class", "container-class", "name", "index", "filter", "scopes", "order",
    ]

    /// The selector as a document.
    public var document: Value {
        var writer = DocumentWriter()
        writer.put("vertex", vertex)
        writer.put("finder", finder)
        writer.put("template", template)
        writer.put("class", targetClass)
        writer.put("container-class", containerClass)
        writer.put("name", name)
        writer.put("index", index)
        writer.put("filter", filter)
        if scopes != [.internal] { writer.put("scopes", .list(scopes.map { .text($0.rawValue) })) }
        if order != .first { writer.put("order", order.rawValue) }
        return writer.document
    }

    init(document: Value, of subject: String) throws(Problem) {
        let reader = try DocumentReader(document, "the target of \(subject)", keys: Self.keys)
        self.init()
        vertex = try reader.optionalID("vertex")
        finder = reader.optional("finder")
        template = try reader.optionalID("template")
        targetClass = try reader.optionalID("class")
        containerClass = try reader.optionalID("container-class")
        name = try reader.optionalText("name")
        index = reader.optional("index")
        filter = reader.optional("filter")
        if reader.optional("scopes") != nil { scopes = try reader.names("scopes") }
        if let order: TargetOrder = try reader.name("order") { self.order = order }
    }
}
