// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The YAML codec: nodes with their places for languages written in YAML, and values for people to read.
public enum YAML {
    /// The encoding in block style, with a line break at the end. Texts that a reader could take for something else are
    /// quoted, also where only YAML 1.1 reads them so. What YAML lacks stands in maps of one reserved key, as in JSON.
    public static func encode(_ value: Value) -> String {
        var writer = YAMLWriter()
        writer.document(value)
        return String(decoding: writer.output, as: UTF8.self)
    }

    /// Decodes the one document of a text, by the core schema of YAML 1.2, with maps of one reserved key as in JSON.
    /// The depth that is limited is that of the value: a reserved form has up to three levels of YAML for one of the value's.
    public static func decode(
        _ text: [UInt8], file: String = "YAML", limits: YAMLLimits = .values
    ) throws(Problems) -> Value {
        var nodeLimits = limits
        nodeLimits.depth *= 3
        let documents = try parse(text, file: file, limits: nodeLimits)
        guard let document = documents.first, documents.count == 1 else {
            let place = documents.dropFirst().first?.location ?? SourceLocation(file: file, row: 1, column: 1)
            let message = documents.isEmpty ? "the text holds no document" : "the text holds more than one document"
            throw Problems([Problem("yaml.documents", message, at: .source(place))])
        }
        let value = try document.decoded()
        if value.isDeeper(than: limits.depth), let place = document.firstNode(deeperThan: limits.depth)?.location {
            throw Problems([YAMLBuilder.tooDeep(limits.depth, at: place)])
        }
        return value
    }

    /// Parses a text into the nodes of its documents.
    ///
    /// Aliases are expanded and merge keys (`<<`, as in YAML 1.1) are applied. After a syntax error nothing more is
    /// known; other problems are collected. Their codes are `yaml.*`.
    public static func parse(
        _ text: [UInt8], file: String, limits: YAMLLimits = .standard
    ) throws(Problems) -> [YAMLNode] {
        if let problem = limits.problem(size: text.count, file: file) { throw Problems([problem]) }
        let source = try YAMLSource(text, file: file)
        var builder = YAMLBuilder(source: source, limits: limits)
        return try builder.documents()
    }
}
