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
    targets: [
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1"),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive"),
        .systemLibrary(name: "CFuzzer"),
        .target(name: "Support", dependencies: ["CYAML"], swiftSettings: sanitized),
        .target(name: "Floria", dependencies: ["Support"], swiftSettings: sanitized),
        // Of these two, what decodes: the rest needs other packages.
        .target(name: "TOSCA", dependencies: ["Support"], sources: ["Files"], swiftSettings: sanitized),
        .target(
            name: "CSAR", dependencies: ["CArchive", "TOSCA", "Support"], sources: ["Archives", "Meta"], swiftSettings: sanitized),
        .executableTarget(
            name: "fuzz", dependencies: ["CFuzzer", "CSAR", "TOSCA", "Floria", "Support"], swiftSettings: sanitized,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ]
)
