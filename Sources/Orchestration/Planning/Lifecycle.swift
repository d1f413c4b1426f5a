// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// The meaning of the standard lifecycle, which types take on by deriving from those of the core profile.
enum Lifecycle {
    /// The class of interfaces whose operations bring nodes into being and end them.
    static let interface = ID(.class, Directory(["types", "khutulun.core"]), "Lifecycle")
    /// The class of relationships whose source needs its target.
    static let dependency = ID(.class, Directory(["types", "khutulun.core"]), "DependsOn")
    /// The class of relationships whose source lives on its target.
    static let hosting = ID(.class, Directory(["types", "khutulun.core"]), "HostedOn")

    /// The operations that make a node what it should be, in order.
    static let making = ["create", "configure", "start"]
    /// The operations that renew a node that was changed, in order.
    static let changing = ["stop", "create", "configure", "start"]
    /// The operations that end a node, in order.
    static let ending = ["stop", "delete"]
    /// The operation that waits for dependencies already when it is only needed, not lived on.
    static let needsDependencies: Set<String> = ["configure", "start"]
}

extension Vertex {
    var kind: String? { header.metadata["kind"]?.text }
    var symbolicName: String? { header.metadata["name"]?.text }
}
