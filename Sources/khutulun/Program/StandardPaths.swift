// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc

/// Where an agent's data and its socket are, if nothing else is said: in the machine's folders for root, otherwise in
/// the user's.
enum StandardPaths {
    /// The folder of an agent's data.
    static var data: String {
        if geteuid() == 0 { return "/var/lib/khutulun" }
        let home = environment("HOME") ?? "/nonexistent"
        return (environment("XDG_DATA_HOME") ?? home + "/.local/share") + "/khutulun"
    }

    /// The folder in which profiles are installed.
    static var profiles: String { data + "/profiles" }

    /// The folder of what was fetched and is kept for the next time. The variable `KHUTULUN_CACHE` takes precedence.
    static var cache: String? {
        if let path = environment("KHUTULUN_CACHE") { return path }
        if geteuid() == 0 { return "/var/cache/khutulun" }
        return (environment("XDG_CACHE_HOME") ?? environment("HOME").map { $0 + "/.cache" }).map { $0 + "/khutulun" }
    }

    /// The path of an agent's socket.
    static var socket: String { socket(ofAgentIn: nil) }

    /// The path of the socket of an agent with this data folder; nil is the usual one. The variable `KHUTULUN_SOCKET` takes
    /// precedence.
    static func socket(ofAgentIn folder: String?) -> String {
        if let path = environment("KHUTULUN_SOCKET") { return path }
        if let folder { return folder + "/agent.sock" }
        if geteuid() == 0 { return "/run/khutulun/khutulun.sock" }
        if let folder = environment("XDG_RUNTIME_DIR") { return folder + "/khutulun/khutulun.sock" }
        return data + "/khutulun.sock"
    }

    /// The value of an environment variable that isn't empty.
    static func environment(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }
}
