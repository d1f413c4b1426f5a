// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The JSON codec of values, in the form that `docs/plugin-interface.md` describes.
///
/// Every value has exactly one encoding (maps are sorted), and decoding it gives back an equal value: integers have
/// neither `.` nor exponent, floats have one, and what JSON lacks stands in objects of one reserved key.
public enum JSON {
    /// The encoding as text.
    public static func encode(_ value: Value, pretty: Bool = false) -> String {
        String(decoding: encodeBytes(value, pretty: pretty), as: UTF8.self)
    }

    /// The encoding as UTF-8 bytes. `pretty` puts every item on a line of its own, indented by two spaces per level.
    public static func encodeBytes(_ value: Value, pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.write(value, level: 0)
        return writer.output
    }

    /// Writes the encoding piece by piece, so that it need not be in memory as a whole.
    ///
    /// - Parameter sink: takes the UTF-8 bytes in their order.
    public static func write(_ value: Value, pretty: Bool = false, to sink: @escaping ([UInt8]) -> Void) {
        var writer = JSONWriter(pretty: pretty, sink: sink)
        writer.write(value, level: 0)
        writer.flush()
    }

    /// Decodes one value from a text; the problem's codes are `json.*`, its place is in `file`.
    public static func decode(_ text: String, limits: CodecLimits = .standard, file: String = "JSON") throws(Problem) -> Value {
        try decode(text.utf8.span, limits: limits, file: file)
    }

    /// Decodes one value from UTF-8 bytes.
    public static func decode(_ bytes: [UInt8], limits: CodecLimits = .standard, file: String = "JSON") throws(Problem) -> Value
    {
        try decode(bytes.span, limits: limits, file: file)
    }

    /// Decodes one value from UTF-8 bytes.
    public static func decode(
        _ bytes: Span<UInt8>, limits: CodecLimits = .standard, file: String = "JSON"
    ) throws(Problem) -> Value {
        var reader = JSONReader(limits: limits, file: file)
        return try reader.document(bytes)
    }
}
