// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials
public import Support

/// Makes plugin components of core modules, so that plugin authors need no further tool.
public enum ComponentEncoder {
    /// The first bytes of a core module: `\0asm`, version 1.
    private static let coreHeader: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
    /// The number of the component section that holds a core module.
    private static let coreModuleSection: UInt8 = 1

    /// Wraps a core module, which has the exports that the world of `sdk/wit/plugin.wit` asks for, into a component.
    ///
    /// The component is a template whose core module is exchanged. What the module lacks shows when the component is
    /// loaded. Throws `plugin.malformed-module` if the bytes are no core module.
    public static func wrap(core: [UInt8]) throws(Problem) -> [UInt8] {
        guard core.starts(with: coreHeader) else {
            throw Problem(
                "plugin.malformed-module", "the file is no core WebAssembly module",
                hint: "link it with wasm-ld; a component needs no wrapping")
        }
        guard let data = Data(base64Encoded: componentTemplate), let payload = firstCoreModule(of: Array(data)) else {
            throw Problem(
                "plugin.malformed-template", "the template of components is damaged",
                hint: "run scripts/make-component-template")
        }
        let template = Array(data)
        return template[..<payload.section] + [coreModuleSection] + leb128(core.count) + core + template[payload.end...]
    }

    /// Where the first section with a core module begins, and where it ends.
    private static func firstCoreModule(of component: [UInt8]) -> (section: Int, end: Int)? {
        var position = coreHeader.count
        while position < component.count {
            let section = position
            let kind = component[position]
            position += 1
            var count = 0
            var shift = 0
            var byte: UInt8 = 0x80
            while byte >= 0x80, position < component.count {
                byte = component[position]
                count |= Int(byte & 0x7f) << shift
                shift += 7
                position += 1
            }
            position += count
            if kind == coreModuleSection { return (section, position) }
        }
        return nil
    }

    private static func leb128(_ number: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
