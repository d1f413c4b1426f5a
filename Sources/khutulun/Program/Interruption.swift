// SPDX-License-Identifier: Apache-2.0 OR MIT
import Dispatch
import Glibc
import Synchronization

/// Ends the program when a person interrupts it, and says what goes on without it.
enum Interruption {
    private static let note = Mutex<String?>(nil)
    /// Kept for the program's life; written once, before there are other threads.
    private nonisolated(unsafe) static var source: (any DispatchSourceSignal)?

    /// From now on, an interrupt ends the program with status 130.
    static func endsProgram() {
        signal(SIGINT, SIG_IGN)
        let interrupts = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        interrupts.setEventHandler {
            if let note = note.withLock({ $0 }) { Terminal.error.write("\n\(note)\n") }
            Terminal.endSilence()
            _exit(ExitStatus.interrupted.rawValue)
        }
        interrupts.activate()
        source = interrupts
    }

    /// What to tell a person who interrupts from now on; nil is nothing.
    static func tells(_ text: String?) { note.withLock { $0 = text } }
}
