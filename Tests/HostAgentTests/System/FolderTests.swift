// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support
import Testing

@testable import HostAgent

/// Folders of nodes, below those of their services.
@Suite struct FolderTests {
    private let nodes = "/tmp/khutulun-folders-\(UInt32.random(in: 0...UInt32.max))/nodes"

    @Test func `the last node of a service takes the service's folder along, and nothing above`() throws {
        defer { try? Files.remove(String(nodes.dropLast("/nodes".count))) }
        for node in ["shop/a", "shop/b"] { try Files.makeFolder("\(nodes)/\(node)/home") }
        try Files.remove("\(nodes)/shop/a", withEmptyFoldersBelow: nodes)
        #expect(Files.names(in: "\(nodes)/shop") == ["b"])
        try Files.remove("\(nodes)/shop/b", withEmptyFoldersBelow: nodes)
        #expect(Files.exists(nodes) && Files.names(in: nodes) == [])
        try Files.remove("\(nodes)/shop/b", withEmptyFoldersBelow: nodes)
        #expect(Files.exists(nodes))
    }
}
