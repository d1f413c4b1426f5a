// SPDX-License-Identifier: Apache-2.0 OR MIT
import CLinux
import Dispatch
import Glibc

/// Tells that something in a folder was written, made, renamed or removed; several changes may be told as one.
///
/// It ends when the folder is removed. Nothing runs while nothing changes.
struct FolderChanges: Sendable {
    typealias Iterator = AsyncStream<Void>.Iterator

    private let stream: AsyncStream<Void>

    /// Watches from now on; of a folder that isn't there nothing is told.
    init(_ path: String) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.stream = stream
        let descriptor = linux_watch_folder(path)
        guard descriptor >= 0 else {
            continuation.finish()
            return
        }
        let queue = DispatchQueue(label: "khutulun.folder-changes")
        let source = Readiness(descriptor, queue: queue) { source in
            let isRemoved = linux_take_changes(descriptor) != 0
            continuation.yield()
            if isRemoved {
                continuation.finish()
                source.cancel()
            }
        }
        continuation.onTermination = { _ in source.cancel() }
    }

    func makeIterator() -> Iterator { stream.makeAsyncIterator() }
}
