// SPDX-License-Identifier: Apache-2.0 OR MIT
// Wraps a core module into a plugin component: `component-wrap CORE COMPONENT`. For scripts/build-components.
import ComponentEncoding
import FoundationEssentials
import Support

#if canImport(Glibc)
    import Glibc
#endif

guard CommandLine.arguments.count == 3 else {
    print("usage: component-wrap CORE COMPONENT")
    exit(2)
}
do {
    let core = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
    let component = try ComponentEncoder.wrap(core: Array(core))
    try Data(component).write(to: URL(fileURLWithPath: CommandLine.arguments[2]), options: .atomic)
} catch {
    print("component-wrap: \(error)")
    exit(1)
}
