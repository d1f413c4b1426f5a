// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The CBOR codec of values (RFC 8949), for storing and exporting them.
///
/// Every value has exactly one encoding, that of the RFC's core deterministic requirements (§4.2.1): definite lengths,
/// integers and floats in their shortest form, maps sorted by the bytes of their encoded keys. Kinds are kept:
/// integers are integers, floats are floats, blobs are byte strings.
///
/// Two kinds of value have no form of their own in CBOR. They are tagged with numbers that nobody has registered, from the
/// range that is given to whoever comes first; their bytes spell the names in ASCII:
///
/// | value | tag | content |
/// |---|---|---|
/// | call | 1265136995 (`Khuc`) | `[function, arguments]`, or `[function, arguments, mode]` if the mode isn't normal |
/// | custom value | 1265137016 (`Khux`) | `[kind, value]` |
///
/// Decoding also accepts longer forms of numbers and maps in another order. It refuses indefinite lengths, other tags and
/// simple values, integers beyond 64 bits, and maps with a key twice. Problems have codes `cbor.*` and tell the byte's position.
public enum CBOR {
    static let callTag: UInt64 = 0x4b68_7563
    static let customTag: UInt64 = 0x4b68_7578

    /// The encoding.
    public static func encode(_ value: Value) -> [UInt8] {
        var writer = CBORWriter()
        writer.write(value)
        return writer.output
    }

    /// Decodes one value, which must be all that the bytes hold.
    public static func decode(_ bytes: [UInt8], limits: CodecLimits = .standard) throws(Problem) -> Value {
        guard bytes.count <= limits.size else {
            throw Problem("cbor.limit", "the data has \(bytes.count) bytes, more than the \(limits.size) that are allowed")
        }
        var reader = CBORReader(limits: limits)
        let value = try reader.value(bytes.span, depth: 0)
        guard reader.position == bytes.count else {
            throw Problem("cbor.trailing", "byte \(reader.position): there are more bytes after the value")
        }
        return value
    }
}
