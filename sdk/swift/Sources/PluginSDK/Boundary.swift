// SPDX-License-Identifier: Apache-2.0 OR MIT
import CPluginRuntime

/// Moves values over the boundary of the module.
enum Boundary {
    /// Lends a text to the host for the time of a call.
    static func lend<Result>(_ text: String, to body: (plugin_text) throws(PluginError) -> Result) throws(PluginError) -> Result
    {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBufferPointer { bytes throws(PluginError) in
            try body(plugin_text(bytes: bytes.baseAddress, count: bytes.count))
        }
    }

    /// Lends a text to the host for the time of a call that can't fail.
    static func lend(_ text: String, to body: (plugin_text) -> Void) {
        let bytes = Array(text.utf8)
        bytes.withUnsafeBufferPointer { body(plugin_text(bytes: $0.baseAddress, count: $0.count)) }
    }

    /// Lends a site to the host for the time of a call.
    static func lend<Result>(_ site: Site, to body: (plugin_site) throws(PluginError) -> Result) throws(PluginError) -> Result {
        var directory: [plugin_text] = []
        for name in site.id.directory { directory.append(give(name)) }
        defer { for name in directory { free(UnsafeMutableRawPointer(mutating: name.bytes)) } }
        return try directory.withUnsafeBufferPointer { directory throws(PluginError) in
            try lend(site.id.name) { name throws(PluginError) in
                try lend(site.property ?? "") { property throws(PluginError) in
                    let id = plugin_id(
                        kind: site.id.kind.rawValue, directory: directory.baseAddress, directory_count: directory.count,
                        name: name)
                    return try body(plugin_site(id: id, has_property: site.property != nil, property: property))
                }
            }
        }
    }

    /// Calls the host with a document and takes its answer.
    static func request(
        _ document: JSON, _ call: (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<plugin_result>) -> Void
    ) throws(PluginError) -> JSON {
        let bytes = document.encoded
        return try result { result in
            bytes.withUnsafeBufferPointer { call($0.baseAddress, $0.count, result) }
        }
    }

    /// Takes the host's answer.
    static func result(_ call: (UnsafeMutablePointer<plugin_result>) -> Void) throws(PluginError) -> JSON {
        var result = plugin_result()
        call(&result)
        let document = try takeJSON(result.text)
        if result.is_problem != 0 { throw PluginError(document: document) }
        return document
    }

    /// Parses a document that the host has made in the module's memory, and frees it.
    static func takeJSON(_ text: plugin_text) throws(PluginError) -> JSON {
        defer { free(UnsafeMutableRawPointer(mutating: text.bytes)) }
        return try JSON(parsing: UnsafeBufferPointer(start: text.bytes, count: text.count))
    }

    /// Reads a text that the host has made in the module's memory, and frees it.
    static func takeText(_ text: plugin_text) -> String {
        defer { free(UnsafeMutableRawPointer(mutating: text.bytes)) }
        return String(decoding: UnsafeBufferPointer(start: text.bytes, count: text.count), as: UTF8.self)
    }

    /// Copies bytes for a receiver that frees them.
    static func give(_ bytes: [UInt8]) -> plugin_text {
        guard let copy = malloc(bytes.count) else { return plugin_text() }
        bytes.withUnsafeBytes { if let base = $0.baseAddress { copy.copyMemory(from: base, byteCount: $0.count) } }
        return plugin_text(bytes: copy.assumingMemoryBound(to: UInt8.self), count: bytes.count)
    }

    /// Copies a text for a receiver that frees it.
    static func give(_ text: String) -> plugin_text { give(Array(text.utf8)) }
}
