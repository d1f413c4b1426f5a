// SPDX-License-Identifier: Apache-2.0 OR MIT
import CShim

/// Kills everything that descends from this process, which is a sub-reaper: what loses its parent becomes our child.
/// Gives up after ten seconds on what the kernel doesn't let go of.
func killTree(signals: Int32, cgroup: UnsafePointer<CChar>?) {
    if let cgroup { killCgroup(cgroup) }
    let deadline = shim_now_milliseconds() + 10_000
    repeat {
        killChildren()
        var descriptor = pollfd(fd: signals, events: Int16(POLLIN), revents: 0)
        if !hasChildren() { return }
        poll(&descriptor, 1, 100)
        while shim_next_signal(signals) > 0 {}
    } while hasChildren() && shim_now_milliseconds() < deadline
}

/// Reaps what has ended; false if nothing is left.
private func hasChildren() -> Bool {
    while true {
        let pid = waitpid(-1, nil, WNOHANG)
        if pid == 0 { return true }
        if pid < 0, shim_errno() != EINTR { return false }
    }
}

private func killChildren() {
    guard let buffer = readFile(pointer("/proc/thread-self/children"), limit: 1 << 20), let start = buffer.baseAddress else {
        return
    }
    defer { free(start) }
    var text = start
    while true {
        var end: UnsafeMutablePointer<CChar>?
        let process = strtol(text, &end, 10)
        guard let end, end != text, process > 0 else { return }
        kill(pid_t(process), SIGKILL)
        text = end
    }
}

private func killCgroup(_ cgroup: UnsafePointer<CChar>) {
    var path = Text()
    path.add(cgroup)
    path.add("/cgroup.kill")
    let descriptor = shim_open(path.terminated, O_WRONLY, 0)
    guard descriptor >= 0 else { return }
    write(descriptor, "1", 1)
    close(descriptor)
}
