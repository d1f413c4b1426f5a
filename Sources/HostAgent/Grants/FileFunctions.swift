// SPDX-License-Identifier: Apache-2.0 OR MIT
import CLinux
import Floria
import Glibc
import Plugins
import Support

/// Files, as plugins reach them: only below the folders that they were granted, links resolved.
extension GrantedHost {
    func file(_ request: Value) async throws(Problem) -> Value {
        guard let (verb, path) = verb(of: request) else { throw malformed(.file, "path") }
        let resolved = FilePath.resolved(path)
        let isGranted =
            verb == "read" || verb == "list" || verb == "exists"
            ? grants.allows(reading: resolved) : grants.allows(writing: resolved)
        try require(isGranted, "to \(verb) ‘\(path)’")
        let content = verb == "write" ? try await content(of: request) : FileContent()
        return try owner(of: resolved).reachingFiles { () throws(Problem) in try perform(verb, resolved, request, content) }
    }

    /// What is written to a file.
    private struct FileContent {
        var bytes: [UInt8] = []
        /// Whether secrets are among it: then the file is for its owner only.
        var isSensitive = false
    }

    /// The text, the bytes or what a template makes of a model, with secrets opened.
    private func content(of request: Value) async throws(Problem) -> FileContent {
        if let template = request["template"]?.text {
            let model = try await opened(request["model"] ?? [:])
            let text = try await masking(model) { () throws(Problem) in
                try TemplateRenderer.render(template, with: model.value)
            }
            return FileContent(bytes: Array(text.utf8), isSensitive: model.isSensitive)
        }
        guard let given = request["text"] ?? request["bytes"] else { throw malformed(.file, "text") }
        let content = try await opened(given)
        guard let bytes = content.value.blob ?? content.value.text.map({ Array($0.utf8) }) else {
            throw malformed(.file, "text")
        }
        return FileContent(bytes: bytes, isSensitive: content.isSensitive)
    }

    /// As whom a path is reached: below a node's folder as its owner, who may have put links there, else as the agent.
    private func owner(of path: String) -> Owner {
        let home = "\(environment.nodes)/\(invocation.site.entity)/home"
        let agent = Owner(user: geteuid(), group: getegid())
        return path.hasPrefix(home + "/") ? Owner(of: home) ?? agent : agent
    }

    private func perform(
        _ verb: String, _ resolved: String, _ request: Value, _ content: FileContent
    ) throws(Problem) -> Value {
        switch verb {
        case "read": return try read(resolved, request)
        case "write": try write(resolved, content, mode: try mode(of: request, otherwise: 0o644))
        case "list": return try list(resolved)
        case "make": try Files.makeFolder(resolved, mode: try mode(of: request, otherwise: 0o755))
        case "remove": try Files.remove(resolved)
        default:
            var description = FilePath.description(of: resolved)
            if let owner = Owner(of: resolved), owner.user != geteuid() { description["owner"] = .text(owner.account) }
            return description
        }
        return [:]
    }

    private func verb(of request: Value) -> (verb: String, path: String)? {
        for verb in ["read", "write", "list", "make", "remove", "exists"] {
            if let path = request[verb]?.text, path.hasPrefix("/") { return (verb, path) }
        }
        return nil
    }

    private func read(_ path: String, _ request: Value) throws(Problem) -> Value {
        let limit = min(max(0, request["limit"]?.integer ?? Files.readLimit), Files.readLimit)
        let bytes = try Files.content(of: path, from: request["from"]?.integer ?? 0, limit: limit)
        if let text = String(validating: bytes, as: UTF8.self) { return ["text": .text(text)] }
        return ["bytes": .blob(bytes)]
    }

    private func write(_ path: String, _ content: FileContent, mode: mode_t) throws(Problem) {
        if let slash = path.lastIndex(of: "/") { try Files.makeFolder(String(path[..<slash])) }
        try Files.write(content.bytes, to: path, mode: content.isSensitive ? mode & 0o700 : mode)
    }

    private func list(_ path: String) throws(Problem) -> Value {
        .list(
            try Files.list(path).sorted().map { name in
                var entry = FilePath.description(of: "\(path)/\(name)")
                entry["exists"] = nil
                entry["name"] = .text(name)
                return entry
            })
    }

    private func mode(of request: Value, otherwise: mode_t) throws(Problem) -> mode_t {
        guard let text = request["mode"] else { return otherwise }
        guard let mode = text.text.flatMap({ mode_t($0, radix: 8) }), mode <= 0o777 else { throw malformed(.file, "mode") }
        return mode
    }
}

enum FilePath {
    /// The path without `.`, `..` and links, as far as it is there.
    static func resolved(_ path: String) -> String {
        var rest: [Substring] = []
        var parts = path.split(separator: "/")
        while true {
            if let base = real("/" + parts.joined(separator: "/")) {
                let suffix = normalized(rest)
                return suffix.isEmpty ? base : (base == "/" ? "" : base) + "/" + suffix.joined(separator: "/")
            }
            guard let last = parts.popLast() else { return path }
            rest.insert(last, at: 0)
        }
    }

    private static func real(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            linux_real_path(path, buffer.baseAddress).map { String(cString: $0) }
        }
    }

    /// What isn't there yet holds no links; `..` that would leave it leads nowhere and is left in, so that no grant holds it.
    private static func normalized(_ parts: [Substring]) -> [Substring] {
        var result: [Substring] = []
        for part in parts where part != "." {
            if part == "..", let last = result.last, last != ".." { result.removeLast() } else { result.append(part) }
        }
        return result
    }

    /// What a path leads to.
    static func description(of path: String) -> Value {
        var info = stat()
        guard lstat(path, &info) == 0 else { return ["exists": false] }
        let kind =
            switch info.st_mode & S_IFMT {
            case S_IFREG: "file"
            case S_IFDIR: "folder"
            case S_IFLNK: "link"
            default: "other"
            }
        return ["exists": true, "kind": .text(kind), "size": .integer(Int64(info.st_size))]
    }
}
