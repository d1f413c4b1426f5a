// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support

/// Something that reads bytes from outside, and what must hold of whatever it accepts.
struct FuzzTarget: Sendable {
    let name: String
    /// Whether its inputs are texts.
    let isText: Bool
    /// Reads an input. Refusing it is fine; what is accepted is compared with what comes back after it was written.
    let check: @Sendable ([UInt8]) -> Void

    static let all = [
        FuzzTarget(name: "cbor", isText: false) { bytes in
            guard let value = try? CBOR.decode(bytes) else { return }
            check(everyForm: value)
        },
        FuzzTarget(name: "json", isText: true) { bytes in
            guard let value = try? JSON.decode(bytes) else { return }
            check(everyForm: value)
        },
        FuzzTarget(name: "notation", isText: true) { bytes in
            guard let value = try? Notation.decode(bytes) else { return }
            check(everyForm: value)
        },
        FuzzTarget(name: "yaml", isText: true) { bytes in
            guard let value = try? YAML.decode(bytes) else { return }
            check(everyForm: value)
        },
        FuzzTarget(name: "entity", isText: false) { bytes in
            guard let value = try? CBOR.decode(bytes), let entity = try? Entity(document: value) else { return }
            let document = entity.document
            guard let again = try? Entity(document: document) else {
                fail("the document of what was read cannot be read", document)
            }
            guard again == entity else { fail("another entity comes back from the document", document) }
            guard CBOR.encode(again.document) == CBOR.encode(document) else { fail("another document comes back", document) }
            require(document, survives: CBOR.encode(document)) { bytes throws(Problem) in try CBOR.decode(bytes) }
        },
        FuzzTarget(name: "id", isText: true) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            if let id = try? ID(documentText: text) { require(id.documentText.utf8.elementsEqual(text.utf8), text) }
            for kind in EntityKind.allCases {
                guard let id = try? ID(kind, parsing: text) else { continue }
                require(id.description.utf8.elementsEqual(text.utf8), text)
                guard let again = try? ID(documentText: id.documentText), again == id else {
                    fail("an ID doesn't come back", .text(text))
                }
            }
            if let directory = try? Directory(parsing: text) {
                require(directory.description.utf8.elementsEqual(text.utf8), text)
            }
        },
        FuzzTarget(name: "function", isText: true) { bytes in
            guard let expression = try? Notation.decode(bytes) else { return }
            for site in Expressions.sites {
                let first = Expressions.evaluate(expression, at: site)
                guard first == Expressions.evaluate(expression, at: site) else {
                    fail("another result comes of it", expression)
                }
            }
        },
        FuzzTarget(name: "expression", isText: true) { bytes in Expressions.compile(String(decoding: bytes, as: UTF8.self)) },
        FuzzTarget(name: "design", isText: true) { bytes in Designs.check(bytes) },
        FuzzTarget(name: "meta", isText: true) { bytes in checkMeta(bytes) },
        FuzzTarget(name: "archive", isText: false) { bytes in checkArchive(bytes) },
    ]

    /// Whether a value is kept by every form that values have.
    private static func check(everyForm value: Value) {
        require(value, survives: CBOR.encode(value)) { bytes throws(Problem) in try CBOR.decode(bytes) }
        for pretty in [false, true] {
            require(value, survives: JSON.encodeBytes(value, pretty: pretty)) { bytes throws(Problem) in try JSON.decode(bytes)
            }
            require(value, survives: Array(Notation.encode(value, pretty: pretty).utf8)) { bytes throws(Problem) in
                try Notation.decode(bytes)
            }
        }
        require(value, survives: Array(YAML.encode(value).utf8)) { bytes throws(Problems) in try YAML.decode(bytes) }
    }

    static func require<Failure: Error>(
        _ value: Value, survives encoding: [UInt8], decode: ([UInt8]) throws(Failure) -> Value
    ) {
        let again: Value
        do { again = try decode(encoding) } catch {
            print("not read again: \(error)")
            fail("what was written cannot be read: \(String(decoding: encoding, as: UTF8.self))", value)
        }
        guard again == value, CBOR.encode(again) == CBOR.encode(value), again.hashValue == value.hashValue, !(again < value)
        else {
            fail("another value comes back from \(String(decoding: encoding, as: UTF8.self))", value)
        }
    }

    static func require(_ condition: Bool, _ text: String) {
        if !condition { fail("another text comes back", .text(text)) }
    }

    static func fail(_ message: String, _ value: Value) -> Never {
        print("FAILED: \(message)\nof: \(JSON.encode(value))")
        fflush(nil)
        abort()
    }
}
