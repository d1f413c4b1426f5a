// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support

/// Where the files lie that came with the program: in the folder of its package, or of its build.
struct Installation {
    /// This program.
    let program: String
    /// The folder of the profiles.
    let profiles: String
    /// The folder of the built-in components.
    let plugins: String
    /// The program that supervises one process.
    let shim: String

    /// Finds them beside the program that runs.
    ///
    /// - Throws: `command.not-installed`.
    static func find() throws(Problems) -> Installation {
        let program = try executable()
        let folder = parent(of: program)
        let library = parent(of: folder) + "/lib/khutulun"
        if exists(library + "/profiles") {
            return Installation(
                program: program, profiles: library + "/profiles", plugins: library + "/plugins",
                shim: library + "/khutulun-shim")
        }
        var root = folder
        while root != "" {
            if exists(root + "/Package.swift"), exists(root + "/profiles") {
                return Installation(
                    program: program, profiles: root + "/profiles", plugins: root + "/build/plugins",
                    shim: folder + "/khutulun-shim")
            }
            root = parent(of: root)
        }
        throw Problems([
            Problem(
                "command.not-installed", "the profiles and plugins that belong to ‘\(program)’ are not found",
                hint: "they lie in ‘\(library)’, or in the folder where it was built")
        ])
    }

    private static func executable() throws(Problems) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        guard length > 0 else {
            throw Problems([Problem("command.not-installed", "the program's own file cannot be found in /proc")])
        }
        return String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
