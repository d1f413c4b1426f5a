// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// The files that are written into the node's folder before each start.
struct Files {
    let launch: Launch
    private var node: Node { launch.node }

    /// Makes the folder that the process works in, if that is below the node's, and writes the files.
    func write() throws(PluginError) {
        if launch.settings.ownsWorkingDirectory { try Host.file(["make": .text(launch.settings.workingDirectory)]) }
        for content in node.value("files")?.object?.members ?? [] { try write(content.value, to: node.path(content.key)) }
    }

    private func write(_ content: JSON, to path: String) throws(PluginError) {
        let mode = content["mode"]?.text ?? "0644"
        guard let name = content["artifact"]?.text, let artifact = node.artifact(name) else {
            throw PluginError(
                "process.no-artifact",
                "the file ‘\(path)’ is made from an artifact ‘\(content["artifact"]?.text ?? "")’ that the node lacks",
                hint: "‘artifact’ names one of the node's artifacts")
        }
        guard let digest = property(artifact, "digest")?.text else {
            throw PluginError("process.no-artifact", "the artifact ‘\(name)’ is no file, so ‘\(path)’ cannot be made from it")
        }
        let source = try artifactPath(digest, for: node)
        guard isOf(artifact, "class:types/khutulun.core/Template") else {
            try copyFile(from: source, to: path, mode: mode, as: node.owner())
            return
        }
        let template = try Host.file(["read": .text(source)])["text"] ?? ""
        let model = content["model"] ?? [:]
        do throws(PluginError) {
            // The host renders it where it writes it: so secrets in the model never come here.
            try Host.file(["write": .text(path), "template": template, "model": overlaid(model), "mode": .text(mode)])
        } catch {
            throw PluginError(
                "process.not-rendered",
                "the file ‘\(path)’ could not be made from the template ‘\(property(artifact, "file")?.text ?? name)’",
                because: error)
        }
    }

    /// The design's model with what only the host knows, under the key `khutulun`.
    private func overlaid(_ model: JSON) -> JSON {
        var ports: JSON = [:]
        for port in launch.ports.all {
            ports[port.name] = ["port": port.number.map { .integer($0) } ?? .null, "address": .text(port.address)]
        }
        var model = model
        if model["khutulun"] == nil {
            model["khutulun"] = [
                "node": .text(node.id.name), "service": .text(node.service), "host": node.value("host") ?? .null,
                "folder": .text(node.folder), "root": .text(node.root), "ports": ports,
            ]
        }
        return model
    }
}
