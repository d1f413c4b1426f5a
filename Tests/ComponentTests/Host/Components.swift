// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Plugins
import Support
import Testing

/// The built-in components, as `scripts/build-components` has built them.
enum Components {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static let products = package.appending(path: ".build/debug")

    private static let engine = Result {
        try PluginEngine(
            cache: FileManager.default.temporaryDirectory.path + "/khutulun-component-tests-\(getuid())",
            compiler: products.appending(path: "plugin-bench").path)
    }

    /// A component by the name of its plugin.
    static func load(_ name: String) async throws -> PluginComponent {
        try await load(name, from: "build/plugins")
    }

    /// A component of the examples, built for the tests.
    static func build(example name: String) async throws -> PluginComponent {
        let folder = "build/test-components"
        let script = Process()
        script.executableURL = package.appending(path: "scripts/build-components")
        script.arguments = ["examples/plugins/\(name)"]
        script.environment = ProcessInfo.processInfo.environment.merging([
            "COMPONENTS": package.appending(path: folder).path,
            "COMPONENT_WRAP": products.appending(path: "component-wrap").path,
        ]) { $1 }
        try script.run()
        script.waitUntilExit()
        return try await load(name, from: folder)
    }

    private static func load(_ name: String, from folder: String) async throws -> PluginComponent {
        let file = package.appending(path: "\(folder)/\(name).wasm")
        let bytes = try #require(try? Data(contentsOf: file), "‘scripts/build-components’ has to be run before the tests")
        return try await engine.get().load(Array(bytes), name: name)
    }
}
