// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Problem {
    /// The address that the SDK's `malloc` reads when memory can't grow: of an instance's end only a text is known.
    private static let outOfMemoryAddress: UInt64 = 0xe000_0000
    /// A stack that lies at the start of the memory overflows into the last addresses.
    private static let stackOverflowAddress: UInt64 = 0xf000_0000

    /// Makes a problem of the text of Wasmtime's error with which a call of a plugin ended.
    static func trap(_ message: String, _ limits: PluginLimits) -> Problem {
        let fault = message.text(after: "memory fault at wasm address 0x").flatMap {
            UInt64($0.prefix(while: \.isHexDigit), radix: 16)
        }
        if fault == outOfMemoryAddress || message.contains("exceeds memory limits") {
            return Problem("plugin.memory", "it needs more than \(limits.memory) bytes of memory")
        }
        if message.contains("call stack exhausted") || fault.map({ $0 >= stackOverflowAddress }) == true {
            return Problem(
                "plugin.stack", "its calls are nested too deeply for its stack", hint: "it may call itself endlessly")
        }
        if message.contains("maximum concurrent") {
            return Problem("plugin.busy", "too many calls of plugins run at once", hint: "try again later")
        }
        if message.contains("matching implementation was not found") {
            return Problem(
                "plugin.incompatible", "it imports what isn't in the plugin interface: \(message.prefix { $0 != "\n" })",
                hint: "build it for the world of sdk/wit/plugin.wit, without WASI")
        }
        let reason = message.text(after: "wasm trap: ")?.prefix { $0 != "\n" } ?? message[...]
        return Problem("plugin.trap", "it trapped: \(reason)")
    }
}

extension String {
    /// What stands after the first occurrence of a text.
    fileprivate func text(after mark: String) -> Substring? {
        firstRange(of: mark).map { self[$0.upperBound...] }
    }
}
