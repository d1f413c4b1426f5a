// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support

/// The cgroups of supervised processes: one for each below the agent's own, so that what limits the agent limits them
/// too. Version 2 keeps the tree together and, where it has the controllers, limits it; version 1 limits where not.
struct Cgroups: Sendable {
    /// Where a process is put.
    struct Places: Sendable, Hashable {
        /// A version 2 folder that the process is born in.
        var birth: String?
        /// Version 1 folders that it enters.
        var entered: [String] = []
        /// What was asked for and can't be enforced.
        var warnings: [String] = []
        /// All folders.
        var folders: [String] { (birth.map { [$0] } ?? []) + entered }
    }

    private let groups: String
    private let unified: String?
    private let unifiedControllers: Set<String>
    private let legacy: [String: String]

    /// Looks at the hierarchies of the host.
    ///
    /// - Parameter tag: Tells the cgroups of this agent from those of another.
    init(tag: String, hierarchies: CgroupHierarchies = .current) {
        groups = "khutulun-\(tag)"
        legacy = hierarchies.legacy
        unified = hierarchies.unified
        unifiedControllers = unified.map(Self.enableControllers) ?? []
    }

    /// Makes the cgroups of a node's process, empty and with its limits.
    func make(_ node: ID, limits: ProcessSpecification.Limits) -> Places {
        let name = Self.name(of: node)
        var places = Places()
        let wanted = Self.settings(limits)
        if let unified, let folder = Self.makeFresh(unified + "/" + groups, name) {
            places.birth = folder
            if !unifiedControllers.isEmpty { Self.delegate(unifiedControllers, to: unified + "/" + groups) }
        }
        for setting in wanted {
            if unifiedControllers.contains(setting.controller), let folder = places.birth {
                if Self.write(setting.unified.value, to: folder + "/" + setting.unified.file) { continue }
            } else if let base = legacy[setting.controller], let folder = Self.makeFresh(base + "/" + groups, name),
                setting.legacy.allSatisfy({ Self.write($0.value, to: folder + "/" + $0.file) })
            {
                places.entered.append(folder)
                continue
            }
            places.warnings.append(
                "the limit of \(setting.what) is not enforced: this agent may not use the cgroup controller ‘\(setting.controller)’"
            )
        }
        return places
    }

    /// Where the cgroups of a node's process are, if there are any.
    func places(of node: ID) -> Places {
        let folder = "/\(groups)/\(Self.name(of: node))"
        return Places(birth: unified.map { $0 + folder }, entered: Set(legacy.values).sorted().map { $0 + folder })
    }

    /// The node's names joined, short enough for a file's name.
    private static func name(of node: ID) -> String {
        let name = (node.directory.names + [node.name]).map {
            $0.replacing("%", with: "%25").replacing(":", with: "%3A").replacing("/", with: "%2F")
        }.joined(separator: ":")
        guard name.utf8.count > 200 else { return name }
        let hash = StableHash(name.utf8).value
        return "\(name.unicodeScalars.prefix(40))~\(String(hash, radix: 16))"
    }

    /// Removes the cgroups of a process that has ended.
    ///
    /// - Returns: Whether they are gone; false if something still lives in them.
    static func remove(_ folders: [String]) -> Bool {
        var areGone = true
        for folder in folders {
            if rmdir(folder) != 0, errno != ENOENT { areGone = false }
            if let slash = folder.lastIndex(of: "/") { rmdir(String(folder[..<slash])) }
        }
        return areGone
    }

    /// Kills everything in a version 2 cgroup.
    @discardableResult
    static func kill(_ folder: String) -> Bool { write("1", to: folder + "/cgroup.kill") }

    /// Whether a memory limit has killed something in one of the cgroups.
    static func isOutOfMemory(_ folders: [String]) -> Bool {
        folders.contains { folder in
            let text = Files.text(folder + "/memory.events") ?? Files.text(folder + "/memory.oom_control") ?? ""
            return text.split(separator: "\n").contains { $0.hasPrefix("oom_kill ") && !$0.hasSuffix(" 0") }
        }
    }

    private static func makeFresh(_ base: String, _ name: String) -> String? {
        let folder = base + "/" + name
        if mkdir(folder, 0o755) == 0 { return folder }
        // A cgroup of an earlier run has counters and limits of its own.
        if errno == ENOENT { mkdir(base, 0o755) } else { rmdir(folder) }
        return mkdir(folder, 0o755) == 0 || errno == EEXIST ? folder : nil
    }

    fileprivate static func write(_ text: String, to file: String) -> Bool {
        let descriptor = open(file, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count
    }
}

extension Cgroups {
    private struct Setting {
        var controller: String
        var what: String
        var unified: (file: String, value: String)
        var legacy: [(file: String, value: String)]
    }

    private static let period: Int64 = 100_000

    private static func settings(_ limits: ProcessSpecification.Limits) -> [Setting] {
        var settings: [Setting] = []
        if let memory = limits.memory {
            settings.append(
                Setting(
                    controller: "memory", what: "memory", unified: ("memory.max", "\(memory)"),
                    legacy: [("memory.limit_in_bytes", "\(memory)")]))
        }
        if let processes = limits.processes {
            settings.append(
                Setting(
                    controller: "pids", what: "processes", unified: ("pids.max", "\(processes)"),
                    legacy: [("pids.max", "\(processes)")]))
        }
        if let cpu = limits.cpu {
            let quota = max(Int64(min(cpu, 1e6) * Double(period)), 1000)
            settings.append(
                Setting(
                    controller: "cpu", what: "processor cores", unified: ("cpu.max", "\(quota) \(period)"),
                    legacy: [("cpu.cfs_period_us", "\(period)"), ("cpu.cfs_quota_us", "\(quota)")]))
        }
        return settings
    }

    /// Lets children of the agent's cgroup be limited; gives the controllers that they can be limited by.
    private static func enableControllers(_ folder: String) -> Set<String> {
        let needed: Set<Substring> = ["memory", "pids", "cpu"]
        let available = (Files.text(folder + "/cgroup.controllers") ?? "").split(whereSeparator: \.isWhitespace).filter(
            needed.contains)
        guard !available.isEmpty else { return [] }
        let controllers = Set(available.map(String.init))
        if delegate(controllers, to: folder) { return controllers }
        // A cgroup that has both processes and limited children isn't allowed: the agent moves into one of its own.
        let leaf = folder + "/" + CgroupHierarchies.leaf
        mkdir(leaf, 0o755)
        guard write("\(getpid())", to: leaf + "/cgroup.procs") else { return [] }
        return delegate(controllers, to: folder) ? controllers : []
    }

    @discardableResult
    private static func delegate(_ controllers: Set<String>, to folder: String) -> Bool {
        write(controllers.sorted().map { "+\($0)" }.joined(separator: " "), to: folder + "/cgroup.subtree_control")
    }
}

/// Where this process's own cgroup of each hierarchy is mounted.
struct CgroupHierarchies {
    /// The name of the cgroup that an agent makes for itself below the one it was started in.
    static let leaf = "khutulun-agent"

    /// The folder in version 2, if that is mounted.
    private(set) var unified: String?
    /// The folders in version 1 by controller.
    private(set) var legacy: [String: String] = [:]

    /// The hierarchies of this process.
    static var current: CgroupHierarchies {
        CgroupHierarchies(mounts: Files.text("/proc/self/mountinfo") ?? "", own: Files.text("/proc/self/cgroup") ?? "")
    }

    /// Reads the texts of `/proc/self/mountinfo` and `/proc/self/cgroup`.
    init(mounts: String, own: String) {
        let paths = Self.paths(own)
        for line in mounts.split(separator: "\n") {
            let halves = line.split(separator: " ", omittingEmptySubsequences: false)
            guard let dash = halves.firstIndex(of: "-"), dash >= 6, halves.count > dash + 3 else { continue }
            let (root, mount) = (String(halves[3]), String(halves[4]))
            switch halves[dash + 1] {
            case "cgroup2":
                guard unified == nil, let path = paths[""] else { continue }
                unified = Self.folder(path, root: root, mount: mount)
            case "cgroup":
                for controller in halves[dash + 3].split(separator: ",").map(String.init) {
                    guard legacy[controller] == nil, let path = paths[controller] else { continue }
                    legacy[controller] = Self.folder(path, root: root, mount: mount)
                }
            default: continue
            }
        }
    }

    /// The path within each hierarchy by controller; that of version 2 by the empty name.
    private static func paths(_ own: String) -> [String: String] {
        var paths: [String: String] = [:]
        for line in own.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            for controller in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
                paths[String(controller)] = String(fields[2])
            }
        }
        return paths
    }

    private static func folder(_ path: String, root: String, mount: String) -> String? {
        let prefix = root == "/" ? "" : root
        guard path.hasPrefix(prefix) else { return nil }
        var folder = mount + path.dropFirst(prefix.count)
        while folder.hasSuffix("/") { folder.removeLast() }
        // An agent that was started from another's cgroup doesn't go deeper.
        return folder.hasSuffix("/" + leaf) ? String(folder.dropLast(leaf.count + 1)) : folder
    }
}
