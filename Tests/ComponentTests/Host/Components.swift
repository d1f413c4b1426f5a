// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Plugins
import Support
import Testing

/// The built-in components, as `scripts/build-components` has built them.
enum Components {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static let engine = Result {
        try PluginEngine(
            cache: FileManager.default.temporaryDirectory.path + "/khutulun-component-tests-\(getuid())",
            compiler: package.appending(path: ".build/debug/plugin-bench").path)
    }

    /// A component by the name of its plugin.
    static func load(_ name: String) async throws -> PluginComponent {
        let file = package.appending(path: "build/plugins/\(name).wasm")
        let bytes = try #require(try? Data(contentsOf: file), "‘scripts/build-components’ has to be run before the tests")
        return try await engine.get().load(Array(bytes), name: name)
    }
}
