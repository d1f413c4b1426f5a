// SPDX-License-Identifier: Apache-2.0 OR MIT
import CShim
import Glibc
import Support

/// The call of `khutulun-shim`: the process that is called ends when the one that stays was made.
struct NurseryLaunch {
    /// Room for the names of a run folder behind `nodes`, which a shim shows in their place.
    private static let room = String(repeating: " ", count: 512)

    let program: String
    let nodes: String
    /// The program's end of the socket.
    let socket: Int32

    /// Returns when requests can be sent.
    ///
    /// - Throws: `process.shim`.
    func run() throws(Problem) {
        var pid: pid_t = 0
        let error = spawn(&pid)
        guard error == 0 else {
            throw Files.failure(
                "process.shim", "‘\(program)’ cannot be run", error,
                hint: "khutulun-shim belongs beside the program khutulun")
        }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw Problem("process.shim", "‘\(program)’ ended before anything was started") }
    }

    private func spawn(_ pid: inout pid_t) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        posix_spawn_file_actions_adddup2(&actions, socket, SHIM_SOCKET)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: a person's Ctrl-C means the agent.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        let arguments = [strdup(program), strdup(nodes + Self.room)]
        defer { arguments.forEach { free($0) } }
        return posix_spawn(&pid, program, &actions, &attributes, arguments + [nil], [nil])
    }
}
