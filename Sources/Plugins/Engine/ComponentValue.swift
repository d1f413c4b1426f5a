// SPDX-License-Identifier: Apache-2.0 OR MIT
import CWasmtime
import Floria
import Support

// Values of the component model in Wasmtime's form. What is made here is owned by the receiver of the value.

extension String {
    init(_ bytes: wasm_byte_vec_t) {
        let buffer = UnsafeRawBufferPointer(start: bytes.data, count: bytes.size)
        self.init(decoding: buffer, as: UTF8.self)
    }
}

extension wasm_byte_vec_t {
    init(_ text: String) {
        self.init()
        var text = text
        text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { wasm_byte_vec_new(&self, $0.count, $0.baseAddress) }
        }
    }
}

extension wasmtime_component_val_t {
    static func string(_ text: String) -> Self {
        var value = Self()
        value.kind = UInt8(WASMTIME_COMPONENT_STRING)
        value.of.string = wasm_byte_vec_t(text)
        return value
    }

    static func enumeration(_ name: String) -> Self {
        var value = Self()
        value.kind = UInt8(WASMTIME_COMPONENT_ENUM)
        value.of.enumeration = wasm_byte_vec_t(name)
        return value
    }

    static func list(_ items: [Self]) -> Self {
        var value = Self()
        value.kind = UInt8(WASMTIME_COMPONENT_LIST)
        wasmtime_component_vallist_new_uninit(&value.of.list, items.count)
        for (index, item) in items.enumerated() { value.of.list.data[index] = item }
        return value
    }

    static func record(_ fields: [(String, Self)]) -> Self {
        var value = Self()
        value.kind = UInt8(WASMTIME_COMPONENT_RECORD)
        wasmtime_component_valrecord_new_uninit(&value.of.record, fields.count)
        for (index, (name, field)) in fields.enumerated() {
            value.of.record.data[index] = wasmtime_component_valrecord_entry_t(name: wasm_byte_vec_t(name), val: field)
        }
        return value
    }

    static func option(_ some: Self?) -> Self {
        var value = Self()
        value.kind = UInt8(WASMTIME_COMPONENT_OPTION)
        value.of.option = nil
        if var some { value.of.option = wasmtime_component_val_new(&some) }
        return value
    }

    static func result(_ text: String, isOK: Bool) -> Self {
        var payload = string(text)
        var value = Self()
        value.kind = UInt8(WASMTIME_COMPONENT_RESULT)
        value.of.result = wasmtime_component_valresult_t(is_ok: isOK, val: wasmtime_component_val_new(&payload))
        return value
    }

    static func unsigned(_ number: UInt64) -> Self {
        var value = Self()
        value.kind = UInt8(WASMTIME_COMPONENT_U64)
        value.of.u64 = number
        return value
    }

    static func site(_ site: CallSite) -> Self {
        let id = record([
            ("kind", enumeration(site.entity.kind.rawValue)),
            ("directory", list(site.entity.directory.names.map { string($0) })),
            ("name", string(site.entity.name)),
        ])
        return record([("id", id), ("property", option(site.property.map { string($0) }))])
    }

    /// The text of a string; empty if it is none.
    var text: String { kind == UInt8(WASMTIME_COMPONENT_STRING) ? String(of.string) : "" }

    /// The bytes of a string; empty if it is none.
    var bytes: [UInt8] {
        kind == UInt8(WASMTIME_COMPONENT_STRING)
            ? Array(UnsafeRawBufferPointer(start: of.string.data, count: of.string.size)) : []
    }

    /// The size of a string in bytes.
    var textSize: Int { kind == UInt8(WASMTIME_COMPONENT_STRING) ? of.string.size : 0 }

    /// The fields of a record, in the order of its type.
    var fields: [Self] {
        guard kind == UInt8(WASMTIME_COMPONENT_RECORD) else { return [] }
        return (0..<of.record.size).map { of.record.data[$0].val }
    }

    /// Reads the interface's `id`.
    func readID() throws(Problem) -> ID {
        let fields = self.fields
        guard fields.count == 3, let kind = EntityKind(rawValue: String(fields[0].of.enumeration)) else {
            throw Problem("plugin.malformed-request", "an identifier is malformed")
        }
        let list = fields[1].of.list
        let directory = (0..<list.size).map { list.data[$0].text }
        return try ID(kind, parsing: (directory + [fields[2].text]).joined(separator: "/"))
    }

    /// Reads the interface's `site`.
    func readSite() throws(Problem) -> CallSite {
        let fields = self.fields
        guard fields.count == 2 else { throw Problem("plugin.malformed-request", "a site is malformed") }
        return CallSite(entity: try fields[0].readID(), property: fields[1].of.option?.pointee.text)
    }
}
