// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// The text notation of expressions, for people to read and to write.
///
/// It is JSON, with what JSON lacks:
///
/// | value | notation |
/// |---|---|
/// | call | `plugin:function(1, "two")` |
/// | the same, eager and lazy | `*plugin:function(1)`, `&plugin:function(1)` |
/// | custom value | `@tosca:scalar(1.5)` |
/// | bytes | `<AQID/w==>`, in base64 |
/// | map | `{"text": 1, 2: true, [3]: null}`: a key is any value |
/// | not a number, infinities | `nan`, `inf`, `-inf` |
///
/// A name is made of words joined by `:`, and a word of ASCII letters, digits, `_`, `-` and `.`, beginning with a letter or `_`.
/// Any other name is written as a text: `"my plugin:f"(1)`, `@"µs"(3)`. A number is a float if it has a point or an exponent,
/// else an integer, from `-9223372036854775808` to `18446744073709551615`. Space and line breaks may stand between all parts
/// but within names and before the `(`; a `#` begins a comment, which ends with the line. Characters that a terminal obeys or
/// doesn't show (controls, marks of direction) stand only in texts, as escape sequences.
public enum Notation {
    /// The notation of a value: on one line or, if `pretty`, with the parts on lines of their own where a value doesn't end
    /// within 80 bytes. A value has exactly one notation of either form.
    public static func encode(_ value: Value, pretty: Bool = false) -> String {
        var writer = NotationWriter(width: pretty ? 80 : nil)
        writer.write(value, level: 0)
        return String(decoding: writer.output, as: UTF8.self)
    }

    /// The one value that a text notes.
    ///
    /// - Throws: `notation.syntax`, `notation.number`, `notation.character`, `notation.surrogate`, `notation.duplicate-key`,
    ///   `notation.trailing`, `notation.limit`; the place is in `file`.
    public static func decode(
        _ text: String, limits: CodecLimits = .standard, file: String = "expression"
    ) throws(Problem) -> Value {
        var reader = NotationReader(limits: limits, file: file)
        return try reader.document(text.utf8.span)
    }

    /// The one value that UTF-8 bytes note.
    ///
    /// - Throws: what decoding a text throws, and `notation.utf8`.
    public static func decode(
        _ bytes: [UInt8], limits: CodecLimits = .standard, file: String = "expression"
    ) throws(Problem) -> Value {
        var reader = NotationReader(limits: limits, file: file)
        return try reader.document(bytes.span)
    }
}
