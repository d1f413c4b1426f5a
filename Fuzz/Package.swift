// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0 OR MIT
import PackageDescription

// Apart from the main package, since everything here is built for libFuzzer, which watches the branches that an input takes, and
// with the address sanitizer. The sources are those of the main package.
let sanitized: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .unsafeFlags(["-sanitize=fuzzer,address"]),
]

let package = Package(
    name: "fuzz",
    dependencies: [.package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2")],
    targets: [
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1"),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive"),
        .systemLibrary(name: "CFuzzer"),
        .target(name: "Support", dependencies: ["CYAML"], swiftSettings: sanitized),
        .target(name: "Floria", dependencies: ["Support"], swiftSettings: sanitized),
        .target(
            name: "TOSCA", dependencies: ["Floria", "Support", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: sanitized),
        // What decodes.
        .target(
            name: "CSAR", dependencies: ["CArchive", "TOSCA", "Support"], sources: ["Archives", "Meta"], swiftSettings: sanitized),
        .executableTarget(
            name: "fuzz", dependencies: ["CFuzzer", "CSAR", "TOSCA", "Floria", "Support"], swiftSettings: sanitized,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ]
)
