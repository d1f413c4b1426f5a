// SPDX-License-Identifier: Apache-2.0 OR MIT
import CWasmtime
import Crypto
public import Support

/// Loads plugin components and runs their calls. One is enough for a program.
///
/// The engine has one thread, which sleeps while no plugin runs; the calls run in the tasks that make them.
public final class PluginEngine: Sendable {
    let handle: EngineHandle
    let imports: HostImports
    let clockwork: Clockwork
    private let cache: ComponentCache

    /// Makes an engine.
    ///
    /// - Parameters:
    ///   - cache: The folder for compiled components. It is made if it isn't there, only this user may enter it, and
    ///     nothing else may write to it: what lies there is run as it is.
    ///   - compiler: The path of a program that calls ``PluginCompiler/main(_:)`` first thing. It is run for a short
    ///     time for every component that is new, because compiling knows no other bounds than those of a process.
    /// - Throws: `plugin.engine`, `plugin.unsafe-cache`.
    public init(cache: String, compiler: String) throws(Problem) {
        handle = try EngineHandle()
        imports = try HostImports(handle)
        self.cache = try ComponentCache(folder: cache, compiler: compiler)
        clockwork = try Clockwork(handle)
    }

    deinit { clockwork.stop() }

    /// Loads a component: binary, or in text form. A new one is compiled first, which takes a tenth of a second for a
    /// plugin in Swift; one that was seen before is mapped from the cache.
    ///
    /// - Parameters:
    ///   - component: The component's bytes.
    ///   - name: The plugin's name, for messages.
    /// - Throws: `plugin.malformed-component`, `plugin.compile-limit`, `plugin.incompatible`, `plugin.cache`.
    @concurrent
    public func load(_ component: [UInt8], name: String = "plugin") async throws(Problem) -> PluginComponent {
        let digest = SHA256.hash(data: component).hexadecimal
        let compiled = try await cache.load(component, digest: digest, name: name, handle)
        return try PluginComponent(compiled, digest: digest, name: name, self)
    }
}

extension SHA256Digest {
    /// The digest in lower-case hexadecimal digits.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
