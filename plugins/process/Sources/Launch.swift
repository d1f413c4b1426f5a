// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// Everything that a start of the process needs, as the graph has it now.
struct Launch {
    let node: Node
    let settings: Settings
    let ports: Ports
    let environment: [(name: String, value: String)]
    private let isUnpacked: Bool

    /// Reads it.
    init(_ node: Node) throws(PluginError) {
        self.node = node
        settings = try Settings(node)
        ports = Ports(of: node)
        let hasInstalled = node.value("installed")?.list?.isEmpty == false
        isUnpacked = hasInstalled ? try exists(node.root) : false
        var environment = Environment(node: node.id.name, service: node.service, folder: node.folder)
        environment.ports = ports.all.compactMap { port in port.number.map { (port.name, $0) } }
        if isUnpacked {
            environment.root = node.root
            environment.libraryFolders = try libraryFolders(below: node.root)
        }
        environment.own = settings.environment
        self.environment = environment.variables
    }

    /// What is to be run: a program that was unpacked for the node goes before the host's of the same name.
    func arguments() throws(PluginError) -> [String] {
        var arguments = settings.command
        guard let program = arguments.first, isUnpacked, !program.utf8.contains(UInt8(ascii: "/")) else { return arguments }
        for folder in Environment.programFolders {
            let path = "\(node.root)/\(folder)/\(program)"
            if try exists(path) {
                arguments[0] = path
                break
            }
        }
        return arguments
    }

    /// The environment as the host takes it: secrets are references in it.
    var variables: JSONObject {
        var variables = JSONObject()
        for variable in environment { variables[variable.name] = .text(variable.value) }
        for secret in settings.secrets { variables[secret.name] = secret.value }
        return variables
    }

    /// Starts the process under the name of a run, or finds it running.
    func spawn(run name: String) throws(PluginError) -> Status {
        var process: JSON = [
            "node": node.id.json, "run": .text(name), "arguments": .texts(try arguments()), "environment": .object(variables),
            "directory": .text(settings.workingDirectory), "limits": settings.limits, "log": settings.log,
        ]
        if let user = settings.user { process["user"] = .text(user) }
        let status = Status(try Host.spawn(process))
        for warning in status.warnings { Host.log(.warning, "\(node.id.path): \(warning)") }
        return status
    }
}

/// Whether there is something at a path.
func exists(_ path: String) throws(PluginError) -> Bool {
    try Host.file(["exists": .text(path)])["exists"]?.boolean == true
}

/// The folders with shared libraries below a folder that packages were extracted to.
private func libraryFolders(below root: String) throws(PluginError) -> [String] {
    var folders: [String] = []
    for folder in ["\(root)/usr/local/lib", "\(root)/usr/lib", "\(root)/lib"] {
        guard try exists(folder) else { continue }
        for entry in try Host.file(["list": .text(folder)]).list ?? [] {
            if let name = entry["name"]?.text, contains(name, "-linux-gnu") { folders.append("\(folder)/\(name)") }
        }
        folders.append(folder)
    }
    return folders
}
