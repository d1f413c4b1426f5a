// SPDX-License-Identifier: Apache-2.0 OR MIT
import CLinux
import Floria
import Glibc
import Support

/// Gives memory back that only work needed: an agent does nothing most of the time, and others have a use for it.
struct IdleMemory: Sendable {
    /// How long nothing must have been written before memory is given back.
    private static let quiet = Duration.seconds(2)

    let store: any Store

    /// Gives memory back each time when work has ended, until the task is cancelled. Meanwhile it sleeps.
    func run() async {
        for await position in store.positions() {
            guard (try? await Task.sleep(for: Self.quiet)) != nil else { return }
            // If something was written meanwhile, its position is waiting.
            let last = try? await store.read { snapshot throws(Problem) in snapshot.position }
            if last == position { Self.release() }
        }
    }

    /// Returns free memory of the heap, and the pages of code, which come back from the page cache when they are needed.
    static func release() {
        linux_trim_heap()
        for line in (Files.text("/proc/self/maps") ?? "").split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count == 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { continue }
            let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard ends.count == 2, let start = UnsafeMutableRawPointer(bitPattern: ends[0]) else { continue }
            madvise(start, Int(ends[1] - ends[0]), MADV_DONTNEED)
        }
    }
}
