// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support

/// What was fetched of a repository of git: a bare repository in the cache, or in a folder that is gone with the program.
final class GitClone: Sendable {
    private let source: GitSource
    private let options: FetchOptions
    private let folder: String
    private let isKept: Bool

    init(source: GitSource, options: FetchOptions) {
        self.source = source
        self.options = options
        let name = SHA256Digest.hexadecimal(of: source.address)
        isKept = options.cache != nil
        folder = options.cache.map { "\($0)/git/\(name)" } ?? Self.temporaryFolder()
    }

    private static func temporaryFolder() -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        guard let path = strdup("\(parent)/khutulun-git-XXXXXX") else { return parent }
        defer { free(path) }
        mkdtemp(path)
        return String(cString: path)
    }

    deinit { if !isKept { _ = try? run(["rm", "-rf", folder, "\(folder).lock"]) } }

    /// The commit that a revision is now. One that is told by all of its digits is fetched once and for all.
    ///
    /// - Throws: `fetch.*`.
    func commit(of revision: String) throws(Problem) -> String {
        WebCache.makeFolders(folder)
        let lock = open("\(folder).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { if lock >= 0 { close(lock) } }
        // Two programs that make or fetch one at once would take each other's result. The other one has a deadline.
        while flock(lock, LOCK_EX) != 0 && errno == EINTR {}
        try prepare()
        let isDigits = revision.allSatisfy(\.isHexDigit)
        if isDigits, revision.utf8.count == 40, let commit = try parse(revision) { return commit }
        let shallow = try fetch(["--depth=1", "--no-tags"], revision)
        if shallow.code == 0, let commit = try parse("FETCH_HEAD") { return commit }
        // A server that only serves files knows no part of a history.
        if shallow.messages.contains("shallow"), try fetch(["--no-tags"], revision).code == 0,
            let commit = try parse("FETCH_HEAD")
        {
            return commit
        }
        // Part of a commit's digits is no name that a server knows: all that it has must come.
        if isDigits, revision.utf8.count >= 4 {
            let unshallow = access("\(folder)/shallow", F_OK) == 0 ? ["--unshallow"] : []
            let whole = try fetch(unshallow + ["--tags"], "+refs/heads/*:refs/heads/*")
            if whole.code == 0, let commit = try parse(revision) { return commit }
        }
        throw failed("‘\(revision)’ of ‘\(source.address)’ cannot be fetched", shallow)
    }

    /// The content of a file in a commit. Links within the repository are followed.
    ///
    /// - Throws: `tosca.cannot-read`, `fetch.*`.
    func read(_ path: String, in commit: String, limit: Int, name: String) throws(Problem) -> [UInt8] {
        func missing(_ why: String) -> Problem {
            Problem("tosca.cannot-read", why, at: .source(SourceLocation(file: name, row: 1, column: 1)))
        }
        guard !path.contains("\n") else { throw missing("there is no file ‘\(name)’") }
        guard !path.hasPrefix("../"), path != ".." else { throw missing("‘\(name)’ leads out of the repository") }
        let request = Array("\(commit):\(path)\n".utf8)
        let arguments = git(["cat-file", "--batch", "--follow-symlinks"])
        let result = try run(arguments, input: request, limit: min(limit, options.size) + 512)
        guard result.code == 0, let end = result.output.firstIndex(of: UInt8(ascii: "\n")) else {
            throw failed("‘\(name)’ cannot be read", result)
        }
        let head = String(decoding: result.output[..<end], as: UTF8.self).split(separator: " ")
        if head.count == 3, head[1] == "blob", let size = Int(head[2]) {
            return Array(result.output[(end + 1)...].prefix(size))
        }
        switch head.first {
        case "symlink": throw missing("‘\(name)’ is a link that leads out of the repository")
        default: throw missing(head.contains("tree") ? "‘\(name)’ is a folder, not a file" : "there is no file ‘\(name)’")
        }
    }

    /// Makes the repository, whole or not at all.
    private func prepare() throws(Problem) {
        guard access("\(folder)/HEAD", F_OK) != 0 else { return }
        let new = "\(folder).new"
        _ = try run(["rm", "-rf", new])
        let result = try run(["git", "init", "--quiet", "--bare", "--template=", new])
        guard result.code == 0, rename(new, folder) == 0 else { throw failed("‘\(folder)’ cannot be made", result) }
    }

    private func fetch(_ flags: [String], _ what: String) throws(Problem) -> ChildProgram.Result {
        // What one file may have, a pack may not exceed either; the shell's limit is in pieces of 512 bytes.
        let limited = ["sh", "-c", "ulimit -f \"$0\"; exec \"$@\"", "\(max(1, options.size / 512))"]
        return try run(limited + git(["fetch", "--quiet", "--force"] + flags + ["--", source.address, what]))
    }

    private func parse(_ revision: String) throws(Problem) -> String? {
        let result = try run(git(["rev-parse", "--verify", "--quiet", "--end-of-options", "\(revision)^{commit}"]))
        guard result.code == 0 else { return nil }
        return String(decoding: result.output, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }

    private func git(_ arguments: [String]) -> [String] { ["git", "--git-dir", folder] + arguments }

    private func run(
        _ arguments: [String], input: [UInt8] = [], limit: Int = 1 << 20
    ) throws(Problem) -> ChildProgram.Result {
        let protocols = source.isLocal ? "file" : "http:https:ssh:git"
        return try ChildProgram(
            arguments: arguments,
            environment: [
                "GIT_ALLOW_PROTOCOL=\(protocols)", "GIT_TERMINAL_PROMPT=0", "SSH_ASKPASS_REQUIRE=never", "LC_ALL=C",
                "GIT_OPTIONAL_LOCKS=0",
            ], input: input, seconds: options.timeout, limit: limit
        ).run()
    }

    private func failed(_ what: String, _ result: ChildProgram.Result) -> Problem {
        let lines = result.messages.split(separator: "\n")
        let reason = lines.first { $0.hasPrefix("fatal:") || $0.hasPrefix("error:") } ?? lines.last ?? "git gives no reason"
        let isUnreachable = ["Could not resolve", "Failed to connect", "Couldn't connect", "unable to connect"].contains {
            reason.contains($0)
        }
        return Problem(
            isUnreachable ? "fetch.unreachable" : "fetch.failed", "\(what): \(reason)",
            hint: "see whether ‘git fetch’ can get it, and whether the revision is there")
    }
}
