// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support

/// What must be there before a process is started: the folders and the cgroups.
struct RunPreparation {
    let specification: ProcessSpecification
    let folder: RunFolder
    let cgroups: Cgroups
    /// Who runs a process without `user`, if this process is root's.
    let defaultAccount: Account?

    /// Makes everything.
    ///
    /// - Returns: The cgroups, and what the shim is told.
    /// - Throws: `process.unknown-user`, `process.user`, `file.make-folder`, `file.failed`.
    func make() throws(Problem) -> (places: Cgroups.Places, content: [UInt8]) {
        let account = try account()
        let owner = account?.owner ?? Owner(user: geteuid(), group: getegid())
        if Owner(of: folder.home) != owner {
            try Files.makeFolder(folder.home, of: owner)
            try Files.give(folder.home, to: owner)
        }
        folder.keepExit()
        let places = cgroups.make(specification.node, limits: specification.limits)
        return (places, content(account, places))
    }

    /// The account to change to; nil if the process is the agent's own user's.
    private func account() throws(Problem) -> Account? {
        let isRoot = geteuid() == 0
        guard let name = specification.user else { return isRoot ? defaultAccount : nil }
        let account = try Account(name)
        if isRoot { return account }
        guard account.user == geteuid() else {
            throw Problem(
                "process.user", "the process cannot run as ‘\(name)’, because this agent isn't root's",
                hint: "leave ‘user’ out, or run the agent as root")
        }
        return nil
    }

    private func content(_ account: Account?, _ places: Cgroups.Places) -> [UInt8] {
        var content: [UInt8] = []
        func add(_ key: String, _ value: String?) {
            guard let value else { return }
            content += Array("\(key)=\(value)".utf8) + [0]
        }
        let environment = environment(account)
        add("folder", folder.path)
        add("run", specification.run)
        add("node", "\(specification.node)")
        add("boot", Boot.id)
        for argument in specification.arguments { add("argument", argument) }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) { add("environment", "\(name)=\(value)") }
        add("search", environment["PATH"])
        add("directory", specification.directory ?? folder.home)
        add("user", account.map { "\($0.user)" })
        add("group", account.map { "\($0.group)" })
        for group in account?.groups ?? [] { add("groups", "\(group)") }
        add("files", specification.limits.files.map { "\($0)" })
        add("core", specification.limits.core.map { "\($0)" })
        add("birth-cgroup", places.birth)
        for cgroup in places.entered { add("cgroup", cgroup) }
        add("log-size", "\(specification.log.size)")
        add("log-files", "\(specification.log.files)")
        add("tree", specification.killsTree ? "kill" : "leave")
        for warning in places.warnings { add("warning", warning) }
        return content
    }

    private func environment(_ account: Account?) -> [String: String] {
        var defaults = ["PATH": ProcessSpecification.searchPath]
        defaults["HOME"] = account?.home
        defaults["USER"] = account?.name
        defaults["LOGNAME"] = account?.name
        return specification.environment.merging(defaults) { own, _ in own }
    }
}
