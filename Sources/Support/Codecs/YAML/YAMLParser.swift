// SPDX-License-Identifier: Apache-2.0 OR MIT
import CYAML

/// libyaml's event parser over a text that outlives it.
final class YAMLParser {
    /// One event, with the places counted from 1.
    enum Event {
        case documentStart(SourceLocation)
        case documentEnd
        case streamEnd
        case alias(String, SourceLocation)
        case scalar(YAMLNode)
        case sequenceStart(YAMLNode)
        case mappingStart(YAMLNode)
        case collectionEnd(SourcePosition)
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let source: YAMLSource

    /// Makes a parser of bytes that are those of the source, and stay where they are for the parser's life.
    init(_ bytes: UnsafeBufferPointer<UInt8>, of source: YAMLSource) throws(Problems) {
        self.source = source
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else {
            throw Problems([Problem("yaml.memory", "there is not enough memory to parse ‘\(source.file)’")])
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event.
    func next() throws(Problem) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxProblem() }
        defer { yaml_event_delete(&event) }
        let location = location(event.start_mark)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: return .documentStart(location)
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias(Self.text(event.data.alias.anchor) ?? "", location)
        case YAML_SCALAR_EVENT: return .scalar(scalar(event, at: location))
        case YAML_SEQUENCE_START_EVENT:
            let data = event.data.sequence_start
            return .sequenceStart(
                YAMLNode(
                    .sequence([]), at: location, tag: Self.text(data.tag),
                    style: data.style == YAML_FLOW_SEQUENCE_STYLE ? .flow : .block, anchor: Self.text(data.anchor)))
        case YAML_MAPPING_START_EVENT:
            let data = event.data.mapping_start
            return .mappingStart(
                YAMLNode(
                    .mapping([]), at: location, tag: Self.text(data.tag),
                    style: data.style == YAML_FLOW_MAPPING_STYLE ? .flow : .block, anchor: Self.text(data.anchor)))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .collectionEnd(Self.position(event.end_mark))
        case YAML_STREAM_START_EVENT: return try next()
        default: return .streamEnd
        }
    }

    private func scalar(_ event: yaml_event_t, at location: SourceLocation) -> YAMLNode {
        let data = event.data.scalar
        let text = String(decoding: UnsafeBufferPointer(start: data.value, count: data.length), as: UTF8.self)
        let style: YAMLNode.Style =
            switch data.style {
            case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
            case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
            case YAML_LITERAL_SCALAR_STYLE: .literal
            case YAML_FOLDED_SCALAR_STYLE: .folded
            default: .plain
            }
        return YAMLNode(
            .scalar(source.restore(text)), at: location, end: Self.position(event.end_mark), tag: Self.text(data.tag),
            style: style, anchor: Self.text(data.anchor))
    }

    private static func text(_ characters: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        characters.map { String(cString: $0) }
    }

    private static func position(_ mark: yaml_mark_t) -> SourcePosition {
        SourcePosition(row: mark.line + 1, column: mark.column + 1)
    }

    private func location(_ mark: yaml_mark_t) -> SourceLocation {
        SourceLocation(file: source.file, row: mark.line + 1, column: mark.column + 1)
    }

    private func syntaxProblem() -> Problem {
        let state = parser.pointee
        guard let problem = state.problem.map({ String(cString: $0) }) else {
            return Problem("yaml.memory", "there is not enough memory to parse ‘\(source.file)’")
        }
        let context = state.context.map { String(cString: $0) }
        let location = location(state.problem_mark)
        let found = source.scalar(at: location)
        let error = YAMLSyntaxError(
            problem: problem, location: found == nil ? source.end : location, context: context,
            contextLocation: self.location(state.context_mark), found: found)
        return error.described()
    }
}
