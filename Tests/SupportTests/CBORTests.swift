// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Testing

struct CBORTests {
    @Test(
        arguments: [
            // Appendix A of RFC 8949
            (0, "00"), (23, "17"), (24, "1818"), (1000, "1903e8"), (1_000_000, "1a000f4240"),
            (1_000_000_000_000, "1b000000e8d4a51000"),
            (.unsigned(.max), "1bffffffffffffffff"), (-1, "20"), (-1000, "3903e7"), (.integer(Int64.min), "3b7fffffffffffffff"),
            (0.0, "f90000"), (.float(-0.0), "f98000"), (1.0, "f93c00"), (1.1, "fb3ff199999999999a"), (1.5, "f93e00"),
            (65504.0, "f97bff"), (100000.0, "fa47c35000"), (3.4028234663852886e+38, "fa7f7fffff"),
            (1.0e+300, "fb7e37e43c8800759c"),
            (5.960464477539063e-8, "f90001"), (0.00006103515625, "f90400"), (-4.0, "f9c400"), (.float(.infinity), "f97c00"),
            (.float(.nan), "f97e00"), (.float(-.infinity), "f9fc00"), (false, "f4"), (.null, "f6"),
            (.blob([1, 2, 3, 4]), "4401020304"),
            ("", "60"), ("ü", "62c3bc"), ([1, [2, 3]], "8201820203"), ([1: 2, 3: 4], "a201020304"),
            (["a": 1, "b": [2, 3]], "a26161016162820203"),
            // Sorted by the bytes of the encoded keys, and not as values are
            ([10: 0, -1: 0, "z": 0, [-1]: 0, false: 0], "a50a002000617a00812000f400"),
            (.custom(kind: "k", value: 1), "da4b68757882616b01"),
            (.call(Call(FunctionName(plugin: "p", name: "f"), [1], mode: .lazy)), "da4b6875638363703a66810164" + "6c617a79"),
        ] as [(Value, String)])
    func `every value has one encoding`(value: Value, hexadecimal: String) throws {
        let bytes = CBOR.encode(value)
        #expect(bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == hexadecimal)
        #expect(try CBOR.decode(bytes) == value)
    }

    @Test(
        arguments: [
            ([], "byte 0: the data ends within a value [cbor.truncated]"),
            ([0x19, 1], "byte 2: the data ends within a value [cbor.truncated]"),
            ([0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "byte 9: the data ends within a value [cbor.truncated]"),
            ([0x00, 0x00], "byte 1: there are more bytes after the value [cbor.trailing]"),
            ([0x9f, 0xff], "byte 0: indefinite lengths are not supported [cbor.unsupported]"),
            ([0xf7], "byte 0: the simple value 23 is not supported [cbor.unsupported]"),
            ([0xc0, 0x60], "byte 0: the tag 0 is not supported [cbor.unsupported]"),
            ([0x1c], "byte 0: the length has the reserved form 28 [cbor.malformed]"),
            ([0x81, 0x62, 0xc3, 0x28], "byte 2: the text is not valid UTF-8 [cbor.utf8]"),
            ([0x3b, 0x80, 0, 0, 0, 0, 0, 0, 0], "byte 0: the integer does not fit in 64 bits [cbor.number]"),
            ([0xa2, 1, 2, 1, 3], "byte 0: a key stands twice in one map [cbor.duplicate-key]"),
            (
                [0xda, 0x4b, 0x68, 0x75, 0x63, 0x80],
                "byte 0: the content of a call is not [function, arguments, mode] [cbor.malformed]"
            ),
            ([0x81, 0x81, 0x81, 0], "byte 1: the nesting is deeper than the 1 levels that are allowed [cbor.limit]"),
            ([0x86, 0, 0, 0, 0, 0, 0], "byte 5: there are more than the 5 values that are allowed [cbor.limit]"),
        ] as [([UInt8], String)])
    func `what is not accepted is told with its place`(bytes: [UInt8], message: String) {
        let problem = #expect(throws: Problem.self) {
            try CBOR.decode(bytes, limits: CodecLimits(size: 20, depth: 1, count: 5))
        }
        #expect(problem?.description == message)
    }
}
