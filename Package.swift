// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0 OR MIT
import PackageDescription

/// The folder that holds `libwasmtime.so`; `scripts/setup` fills it.
let libraries = Context.environment["KHUTULUN_DEPS"] ?? "\(Context.packageDirectory)/.deps/lib"

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "khutulun",
    products: [
        .executable(name: "khutulun", targets: ["khutulun"]),
        .executable(name: "khutulun-shim", targets: ["khutulun-shim"]),
        .library(name: "Floria", targets: ["Floria", "FloriaSecrets", "FloriaSQLite", "Support"]),
        .library(name: "TOSCA", targets: ["TOSCA"]),
        .library(name: "CSAR", targets: ["CSAR"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // System libraries and C
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "CLinux"),
        .target(name: "CShim"),
        .target(
            name: "CWasmtime",
            linkerSettings: [
                .linkedLibrary("wasmtime"),
                .unsafeFlags(
                    ["-L\(libraries)"] + ["$ORIGIN/../lib/khutulun", libraries].flatMap { ["-Xlinker", "-rpath", "-Xlinker", $0] }),
            ]),
        // Libraries, lowest first
        library("Support", ["CYAML"]),
        library("Floria", ["Support"]),
        library("FloriaSQLite", ["CSQLite", "Floria", "Support"]),
        library("FloriaSecrets", ["Floria", "Support", crypto]),
        library("TOSCA", ["Floria", "Support", crypto]),
        library("CSAR", ["CArchive", "CLinux", "TOSCA", "Support", crypto]),
        library("Fetching", [
            "CSAR", "TOSCA", "Support", crypto, nioCore, nioPosix, nioHTTP,
            .product(name: "NIOSSL", package: "swift-nio-ssl"),
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
        ]),
        library("Plugins", [
            "Floria", "Support", "CWasmtime", crypto,
            .product(name: "Subprocess", package: "swift-subprocess"),
            .product(name: "SystemPackage", package: "swift-system"),
        ]),
        library("ComponentEncoding", ["Support"]),
        library("EventBus", ["Floria", "Support", logging]),
        library("Orchestration", ["EventBus", "FloriaSecrets", "Floria", "Support", logging]),
        library("Control", [
            "CLinux", "Orchestration", "EventBus", "FloriaSecrets", "FloriaSQLite", "Floria", "Support", logging, nioCore, nioPosix,
            nioHTTP, crypto,
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "HummingbirdCore", package: "hummingbird"),
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        ]),
        library("HostAgent", [
            "CLinux", "CShim", "Control", "Orchestration", "Plugins", "EventBus", "Floria", "FloriaSecrets", "FloriaSQLite",
            "Support", logging, crypto, nioCore, nioPosix, nioHTTP,
            .product(name: "Mustache", package: "swift-mustache"),
            .product(name: "Subprocess", package: "swift-subprocess"),
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
            .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        ]),
        // Programs
        .executableTarget(name: "component-wrap", dependencies: ["ComponentEncoding", "Support"], swiftSettings: strict),
        .executableTarget(
            name: "khutulun",
            dependencies: [
                "HostAgent", "Control", "Orchestration", "Plugins", "EventBus", "FloriaSQLite", "Fetching", "CSAR", "TOSCA", "Floria",
                "Support", logging, crypto,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .executableTarget(name: "plugin-bench", dependencies: ["Plugins", "Floria", "Support"], swiftSettings: strict),
        .executableTarget(
            name: "floria-bench", dependencies: ["EventBus", "FloriaSQLite", "CSQLite", "Floria", "Support"], swiftSettings: strict),
        // Embedded Swift needs no more than the C library: the shim stays small, and needs no Swift run time on the host. It is
        // linked statically because there is one for every process, and a library's own pages would be most of what it takes.
        .executableTarget(
            name: "khutulun-shim", dependencies: ["CLinux", "CShim"],
            swiftSettings: strict + [.enableExperimentalFeature("Embedded")],
            linkerSettings: [.unsafeFlags(["-Xclang-linker", "-static", "-Xclang-linker", "-Wno-unused-command-line-argument"])]),
        // What the built-in plugins decide, built for this machine so that tests can call it
        .target(name: "ProcessDecisions", path: "plugins/process/Sources/Decisions", swiftSettings: strict),
        .target(name: "PortsDecisions", path: "plugins/ports/Sources/Decisions", swiftSettings: strict),
        // Tests
        tests("SupportTests", ["Support"]),
        tests("FloriaTests", ["Floria", "FloriaSQLite", "Support"]),
        tests("FloriaSecretsTests", ["FloriaSecrets", "Floria", "FloriaSQLite", "Support"]),
        tests("TOSCATests", ["Fetching", "TOSCA", "Floria", "Support"], exclude: ["Golden", "Designs"]),
        tests("CSARTests", ["CSAR", "TOSCA", "Support"]),
        tests("FetchingTests", [
            "Fetching", "CSAR", "TOSCA", "Support", nioCore, nioPosix, nioHTTP,
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
        ]),
        tests("EventBusTests", ["EventBus", "Floria", "FloriaSQLite", "Support"]),
        tests("PluginsTests", [
            "Plugins", "plugin-bench", "ComponentEncoding", "Floria", "Support",
            .product(name: "Subprocess", package: "swift-subprocess"),
            .product(name: "SystemPackage", package: "swift-system"),
        ]),
        tests("HostAgentTests", [
            "HostAgent", "Control", "Plugins", "EventBus", "Floria", "FloriaSecrets", "FloriaSQLite", "Support",
        ]),
        tests("OrchestrationTests", ["Orchestration", "EventBus", "Floria", "FloriaSecrets", "FloriaSQLite", "Support"]),
        tests("ComponentTests", ["ProcessDecisions", "PortsDecisions", "Plugins", "plugin-bench", "Floria", "Support"]),
        tests("ControlTests", [
            "CLinux", "Control", "Orchestration", "EventBus", "Floria", "FloriaSecrets", "FloriaSQLite", "Support", logging, crypto,
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        ]),
        tests("CommandTests", ["Support"]),
        tests("TidyTests", []),
    ]
)
