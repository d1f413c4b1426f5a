// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The environment that a node's processes get.
struct Environment {
    /// Where programs are found without anything installed for the node.
    static let systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    /// The folders of a package's programs, below the folder that it was extracted to.
    static let programFolders = ["usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin", "usr/games"]

    /// The node's name within its service.
    var node: String
    /// The service's name.
    var service: String
    /// The node's folder.
    var folder: String
    /// The ports by the name of their capability.
    var ports: [(name: String, port: Int)] = []
    /// The folder that packages were extracted to; nil if there are none.
    var root: String?
    /// The folders with shared libraries below it.
    var libraryFolders: [String] = []
    /// What the design says, which wins.
    var own: [(name: String, value: String)] = []

    /// All variables, each name once, in order of name.
    var variables: [(name: String, value: String)] {
        var all: [(name: String, value: String)] = [
            ("HOME", folder), ("KHUTULUN_NODE", node), ("KHUTULUN_SERVICE", service), ("PATH", path),
            ("TMPDIR", folder),
        ]
        if !libraryFolders.isEmpty { all.append(("LD_LIBRARY_PATH", joined(libraryFolders, ":"))) }
        for port in ports { all.append(("PORT_\(variableName(port.name))", "\(port.port)")) }
        for variable in own {
            all.removeAll { $0.name == variable.name }
            all.append(variable)
        }
        return all.sorted { $0.name < $1.name }
    }

    private var path: String {
        guard let root else { return Self.systemPath }
        return joined(Self.programFolders.map { "\(root)/\($0)" } + [Self.systemPath], ":")
    }
}

/// The name of an environment variable made from a free name: `web-ui` gives `WEB_UI`.
func variableName(_ name: String) -> String {
    let bytes = asciiUppercased(name).utf8.map { isLetterOrDigit($0) ? $0 : UInt8(ascii: "_") }
    return String(decoding: bytes, as: UTF8.self)
}
