// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
package import Support
import TOSCA

/// Bytes that are kept while the program runs: few in memory, more in a file without a name.
package struct ScratchContent: FileContent {
    private let file: ScratchFile
    private let range: Range<Int>?

    package init() {
        file = ScratchFile(in: Self.folder)
        range = nil
    }

    private init(_ file: ScratchFile, _ range: Range<Int>) {
        self.file = file
        self.range = range
    }

    /// A part of it.
    func part(_ range: Range<Int>) -> ScratchContent { ScratchContent(file, range) }

    package var size: Int { range?.count ?? file.count }

    package func read(at offset: Int, count: Int) throws(Problem) -> [UInt8] {
        try file.read(at: (range?.lowerBound ?? 0) + offset, count: max(0, min(count, size - offset)))
    }

    /// Adds bytes at the end.
    package func append(_ bytes: [UInt8]) throws(Problem) { try file.append(bytes) }

    /// All bytes in one piece of memory.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws(Problem) -> Result) throws(Problem) -> Result {
        try file.withBytes(body)
    }

    /// Where such files are: `$TMPDIR`, otherwise the usual place for what may be large.
    private static var folder: String {
        guard let folder = getenv("TMPDIR"), folder.pointee != 0 else { return "/var/tmp" }
        return String(cString: folder)
    }
}
