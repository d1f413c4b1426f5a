// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support
import Testing

@testable import HostAgent

@Suite struct `Paths of files` {
    @Test(arguments: [
        ("/usr/../etc/passwd", "/etc/passwd"), ("/usr/nothing/../../etc", "/etc"), ("/nothing/./here", "/nothing/here"),
    ])
    func `dots are resolved before a grant is asked`(path: String, resolved: String) {
        #expect(FilePath.resolved(path).hasSuffix(resolved))
    }

    @Test func `a link leads to where it points, not to where it lies`() throws {
        let folder = "/tmp/khutulun-path-\(getpid())"
        try Files.makeFolder(folder)
        defer { try? Files.remove(folder) }
        #expect(symlink("/etc", "\(folder)/link") == 0)
        #expect(FilePath.resolved("\(folder)/link/passwd") == "/etc/passwd")
        #expect(FilePath.resolved("\(folder)/link/new/file") == "/etc/new/file")
    }

    @Test func `removing a folder does not follow links`() throws {
        let folder = "/tmp/khutulun-remove-\(getpid())"
        try Files.makeFolder("\(folder)/inner")
        try Files.write([1], to: "\(folder)/kept")
        #expect(symlink(folder, "\(folder)/inner/link") == 0)
        try Files.remove("\(folder)/inner")
        #expect(Files.exists("\(folder)/kept"))
        try Files.remove(folder)
        #expect(!Files.exists(folder))
    }
}
