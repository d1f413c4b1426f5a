// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0 OR MIT
import PackageDescription

let package = Package(
    name: "khutulun-plugin-sdk",
    products: [.library(name: "PluginSDK", targets: ["PluginSDK"])],
    targets: [
        .target(name: "CPluginRuntime"),
        .target(
            name: "PluginSDK", dependencies: ["CPluginRuntime"],
            swiftSettings: [.enableExperimentalFeature("Embedded"), .unsafeFlags(["-Xfrontend", "-disable-stack-protector"])]),
    ]
)
