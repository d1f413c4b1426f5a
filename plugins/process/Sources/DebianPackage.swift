// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// A Debian package that a node needs: used if the host has it, else unpacked into the node's folder with what it
/// depends on. The package's own scripts don't run, so no service is started and nothing outside the folder changes.
struct DebianPackage {
    let name: String
    let node: Node

    private static let quiet: JSONObject = attributes([
        "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C", "PATH": .text(Environment.systemPath),
    ])

    /// Installs it, and gives the record of what was done.
    func install() throws(PluginError) -> JSON {
        guard let first = name.utf8.first, isLetterOrDigit(first) else {
            throw PluginError("process.bad-package", "‘\(name)’ is no name of a Debian package")
        }
        if let version = try installedVersion() {
            return ["package": .text(name), "version": .text(version), "present": true]
        }
        let unpacked = try unpack(download())
        try Host.file(["remove": .text(cache)])
        return ["package": .text(name), "folder": .text(node.root), "files": .texts(unpacked)]
    }

    private var cache: String { "\(node.folder)/apt" }
    private var lists: String { "\(cache)/lists" }

    private func installedVersion() throws(PluginError) -> String? {
        let query = try run(["dpkg-query", "--show", "--showformat", "${Status}\t${Version}", name], environment: Self.quiet)
        let fields = parts(query.output, of: UInt8(ascii: "\t"))
        return query.status == 0 && fields.first == "install ok installed" ? fields.last : nil
    }

    /// Gets the package and what the host lacks of its dependencies; gives the folder that they are in.
    private func download() throws(PluginError) -> String {
        try Host.file(["make": .text("\(cache)/archives/partial")])
        let hasOwnLists = try Host.file(["exists": .text("\(lists)/partial")])["exists"]?.boolean == true
        let first = downloading(withOwnLists: hasOwnLists)
        var result = try run(first, environment: Self.quiet, user: node.owner(), timeout: 600_000)
        if result.status != 0, isUnknown(result) {
            let needsOwnLists = try refresh()
            let again = downloading(withOwnLists: needsOwnLists)
            result = try run(again, environment: Self.quiet, user: node.owner(), timeout: 600_000)
        }
        if result.status != 0 {
            throw problem(
                of: result, first, "process.not-downloaded", "the Debian package ‘\(name)’ could not be downloaded",
                hint: "see whether the name is right and the host reaches its package sources: apt-get update")
        }
        return "\(cache)/archives"
    }

    private func downloading(withOwnLists: Bool) -> [String] {
        ["apt-get", "install", "--download-only", "--yes", "--quiet", "--no-install-recommends"]
            + options(withOwnLists: withOwnLists)
            + [name]
    }

    private func options(withOwnLists: Bool) -> [String] {
        let options = ["-o", "Dir::Cache=\(cache)", "-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=root"]
        return withOwnLists ? options + ["-o", "Dir::State::lists=\(lists)"] : options
    }

    private func isUnknown(_ result: CommandResult) -> Bool {
        contains(result.error, "Unable to locate package") || contains(result.error, "no installation candidate")
            || contains(result.error, "404  Not Found")
    }

    /// Gets the lists of packages: the host's if we may, else some of our own. Gives whether they are our own.
    private func refresh() throws(PluginError) -> Bool {
        let isRoot = try run(["id", "-u"], environment: Self.quiet).output.utf8.first == UInt8(ascii: "0")
        if !isRoot { try Host.file(["make": .text("\(lists)/partial")]) }
        let command =
            isRoot ? ["apt-get", "update", "--quiet"] : ["apt-get", "update", "--quiet"] + options(withOwnLists: true)
        var waiting = Waiting(from: Int64(Host.now()), timeout: 120_000, first: 500)
        while true {
            let result = try run(command, environment: Self.quiet, timeout: 600_000)
            if result.status == 0 { return !isRoot }
            guard contains(result.error, "Could not get lock"), let wait = waiting.next(at: Int64(Host.now())) else {
                throw problem(
                    of: result, command, "process.no-packages", "the lists of Debian packages could not be fetched",
                    hint: "see whether the host reaches its package sources")
            }
            Host.sleep(milliseconds: UInt64(wait))
        }
    }

    private func unpack(_ folder: String) throws(PluginError) -> [String] {
        var unpacked: [String] = []
        for entry in try Host.file(["list": .text(folder)]).list ?? [] {
            guard let file = entry["name"]?.text, hasSuffix(file, ".deb") else { continue }
            try runChecked(
                ["dpkg-deb", "--extract", "\(folder)/\(file)", node.root], environment: Self.quiet, user: node.owner(),
                timeout: 300_000, code: "process.not-extracted", failed: "the Debian package ‘\(file)’ could not be unpacked")
            unpacked.append(file)
        }
        return unpacked
    }
}
