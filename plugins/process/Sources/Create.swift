// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// Unpacks what the node needs into its folder, and reserves its ports.
func create(_ node: Node) throws(PluginError) -> JSON {
    var installed: [JSON] = []
    for artifact in node.contained where artifact["metadata"]?["kind"]?.text == "artifact" {
        if let record = try install(artifact, in: node) { installed.append(record) }
    }
    try Ports(of: node).reserveMissing()
    return ["state": "created", "installed": .list(installed)]
}

/// Installs an artifact if it is of a kind that is installed, and gives the record of it.
private func install(_ artifact: JSON, in node: Node) throws(PluginError) -> JSON? {
    guard let name = symbolicName(artifact), let file = property(artifact, "file")?.text else { return nil }
    let digest = property(artifact, "digest")?.text
    let receipt = Receipt(node: node, artifact: name, content: digest ?? file)
    if let record = try receipt.read() { return record }
    let record: JSON
    if isOf(artifact, core("DebianPackage")) {
        record = try DebianPackage(name: file, node: node).install()
    } else if isOf(artifact, core("TarArchive")), let digest {
        record = try extract(file, digest, into: property(artifact, "path")?.text ?? ".", of: node)
    } else if isOf(artifact, core("File")), !isOf(artifact, core("Template")), let digest {
        record = try copy(file, digest, mode: isOf(artifact, core("Script")) ? "0755" : "0644", into: node)
    } else {
        return nil
    }
    try receipt.write(record)
    return record
}

private func core(_ name: String) -> String { "class:types/khutulun.core/\(name)" }

/// Remembers in the node's folder that an artifact was installed, so that it isn't installed again.
private struct Receipt {
    var node: Node
    var artifact: String
    /// What the artifact was made of: another content has to be installed again.
    var content: String

    private var path: String { "\(node.folder)/installed/\(artifact)" }

    func read() throws(PluginError) -> JSON? {
        guard try Host.file(["exists": .text(path)])["exists"]?.boolean == true else { return nil }
        guard let text = try Host.file(["read": .text(path)])["text"]?.text else { return nil }
        let receipt = try JSON(parsing: text)
        return receipt["content"]?.text == content ? receipt["record"] : nil
    }

    func write(_ record: JSON) throws(PluginError) {
        let receipt: JSON = ["content": .text(content), "record": record]
        try Host.file(["write": .text(path), "text": .text(receipt.description)])
    }
}

/// The path of an artifact's content on this host.
func artifactPath(_ digest: String, for node: Node) throws(PluginError) -> String {
    guard let path = try Host.evaluate(.call("khutulun:artifact", [.text(digest)]), site: node.site).text else {
        throw PluginError("process.no-artifact", "the host has no artifact of the digest \(digest)")
    }
    return path
}

private func extract(_ file: String, _ digest: String, into folder: String, of node: Node) throws(PluginError) -> JSON {
    let target = try node.path(folder)
    try Host.file(["make": .text(target)])
    try runChecked(
        ["tar", "--extract", "--no-same-owner", "--file", artifactPath(digest, for: node), "--directory", target],
        user: node.owner(), timeout: 600_000, code: "process.not-extracted",
        failed: "the archive ‘\(file)’ could not be extracted")
    return ["archive": .text(file), "digest": .text(digest), "folder": .text(target)]
}

private func copy(_ file: String, _ digest: String, mode: String, into node: Node) throws(PluginError) -> JSON {
    let target = "\(node.folder)/\(parts(file, of: UInt8(ascii: "/")).last ?? "file")"
    try copyFile(from: artifactPath(digest, for: node), to: target, mode: mode, as: node.owner())
    return ["file": .text(file), "digest": .text(digest), "path": .text(target)]
}

/// Copies a file as somebody, whatever its size, and replaces what is there.
func copyFile(from source: String, to target: String, mode: String, as user: String?) throws(PluginError) {
    try runChecked(
        ["install", "-D", "-m", mode, "--", source, target], user: user, timeout: 600_000, code: "process.not-copied",
        failed: "the file ‘\(target)’ could not be written")
}
