// SPDX-License-Identifier: Apache-2.0 OR MIT
import CShim

/// The life of one program, from its start to its recorded end.
struct Supervision {
    let specification: Specification
    private var log: Log
    private let signals: Int32
    private var output: Int32 = -1
    private let folder: Int32
    /// Which processes these are, once the program is started.
    private(set) var identity = shim_report()
    private var process: pid_t { identity.process }

    /// Prepares for a program whose run folder is open and the current one.
    init(_ specification: Specification, folder: Int32) {
        self.specification = specification
        self.folder = folder
        log = Log(limit: specification.logSize, kept: specification.logFiles)
        signals = shim_signals()
    }

    /// Starts the program, recorded before it runs. Returns nil if it runs.
    mutating func start() -> shim_failure? {
        guard signals >= 0 else { return shim_failure(outcome: Int32(SHIM_SYSTEM.rawValue), error: shim_errno()) }
        var ends: (Int32, Int32) = (-1, -1)
        let piped = withUnsafeMutableBytes(of: &ends) { shim_pipe($0.baseAddress?.assumingMemoryBound(to: Int32.self)) }
        guard piped == 0 else { return shim_failure(outcome: Int32(SHIM_SYSTEM.rawValue), error: shim_errno()) }
        output = ends.0
        var child = shim_child()
        identity.started = shim_now_milliseconds()
        if let failure = spawn(output: ends.1, &child) { return failure }
        close(ends.1)
        identify(child.pid)
        guard writeRecord(specification, identity) else {
            let error = shim_errno()
            kill(process, SIGKILL)
            return shim_failure(outcome: Int32(SHIM_SYSTEM.rawValue), error: error)
        }
        var failure = shim_failure()
        if shim_release(&child, &failure) { return nil }
        unlink(pointer("record"))
        return failure
    }

    private mutating func identify(_ process: pid_t) {
        identity.process = process
        identity.process_start = startTime(of: process)
        identity.shim = Int64(getpid())
        identity.shim_start = startTime(of: getpid())
    }

    private func spawn(output: Int32, _ child: inout shim_child) -> shim_failure? {
        var folders: [Int32] = []
        for cgroup in specification.cgroups {
            let descriptor = open(cgroup, "/cgroup.procs", O_WRONLY)
            guard descriptor >= 0 else { return shim_failure(outcome: Int32(SHIM_BAD_CGROUP.rawValue), error: shim_errno()) }
            folders.append(descriptor)
        }
        var birth: Int32 = -1
        if let cgroup = specification.birthCgroup {
            birth = open(cgroup, "", O_RDONLY | O_DIRECTORY)
            guard birth >= 0 else { return shim_failure(outcome: Int32(SHIM_BAD_CGROUP.rawValue), error: shim_errno()) }
        }
        defer {
            for descriptor in folders { close(descriptor) }
            if birth >= 0 { close(birth) }
        }
        let error = specification.arguments.withUnsafeBufferPointer { arguments in
            specification.environment.withUnsafeBufferPointer { environment in
                specification.groups.withUnsafeBufferPointer { groups in
                    folders.withUnsafeBufferPointer { cgroups in
                        var program = shim_program(
                            arguments: arguments.baseAddress, environment: environment.baseAddress,
                            search_path: specification.search, directory: specification.directory,
                            sets_user: specification.user >= 0, user: uid_t(truncatingIfNeeded: specification.user),
                            group: gid_t(truncatingIfNeeded: specification.group), groups: groups.baseAddress,
                            group_count: groups.count, files: specification.files, core: specification.core,
                            birth_cgroup: birth, cgroups: cgroups.baseAddress, cgroup_count: cgroups.count,
                            output: output)
                        return shim_spawn(&program, &child)
                    }
                }
            }
        }
        return error == 0 ? nil : shim_failure(outcome: Int32(SHIM_SYSTEM.rawValue), error: error)
    }

    private func open(_ folder: UnsafePointer<CChar>, _ file: StaticString, _ flags: Int32) -> Int32 {
        var path = Text()
        path.add(folder)
        path.add(file)
        return shim_open(path.terminated, flags, 0)
    }

    /// Drains the program's output and reaps its tree until the program has ended, then records how.
    mutating func run() {
        var status: Int32 = 0
        while !hasEnded(&status) {
            var descriptors = (
                pollfd(fd: signals, events: Int16(POLLIN), revents: 0), pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            )
            withUnsafeMutablePointer(to: &descriptors) {
                _ = $0.withMemoryRebound(to: pollfd.self, capacity: 2) { poll($0, 2, -1) }
            }
            if descriptors.1.revents != 0 { drain(rounds: 1) }
            forwardSignals()
        }
        let ended = shim_now_milliseconds()
        if specification.killsTree { killTree(signals: signals, cgroup: UnsafePointer(specification.birthCgroup)) }
        drain(rounds: 64)
        writeExit(specification, identity, status: status, ended: ended, folder: folder)
    }

    /// Reaps; true if the program itself was among what has ended.
    private func hasEnded(_ status: inout Int32) -> Bool {
        var one: Int32 = 0
        while true {
            let pid = waitpid(-1, &one, WNOHANG)
            if pid == process {
                status = one
                return true
            }
            if pid == 0 || (pid < 0 && shim_errno() != EINTR) { return false }
        }
    }

    /// A person who ends the shim means the program.
    private func forwardSignals() {
        while true {
            let signal = shim_next_signal(signals)
            if signal <= 0 { return }
            if signal != SIGCHLD { kill(process, signal) }
        }
    }

    private mutating func drain(rounds: Int) {
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 16) { buffer in
            for _ in 0..<rounds where output >= 0 {
                let count = read(output, buffer.baseAddress, buffer.count)
                if count > 0 {
                    log.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                } else if count == 0 || (shim_errno() != EAGAIN && shim_errno() != EINTR) {
                    close(output)
                    output = -1
                } else {
                    return
                }
            }
        }
    }
}
