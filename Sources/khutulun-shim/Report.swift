// SPDX-License-Identifier: Apache-2.0 OR MIT
import CShim

/// How a start went, with a line for people if it failed.
struct Report {
    private(set) var content: shim_report
    private(set) var text = Text()

    /// The program was started.
    init(_ content: shim_report) { self.content = content }

    /// The program couldn't be started.
    init(_ failure: shim_failure, _ text: Text) {
        content = shim_report()
        content.outcome = failure.outcome
        self.text = text
    }

    /// Something else failed, for a reason that the system names.
    init(_ outcome: shim_outcome, _ message: StaticString, _ error: Int32 = 0) {
        content = shim_report()
        content.outcome = Int32(outcome.rawValue)
        text.add(message)
        if error != 0 { text.add(UnsafePointer(strerror(error))) }
    }

    /// Sends it as the answer to a request. Whoever doesn't listen any more isn't told.
    func send(number: UInt64 = 0, to descriptor: Int32) {
        var content = content
        content.number = number
        text.bytes.withUnsafeBytes {
            _ = shim_send_report(descriptor, &content, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
        }
    }

    /// Sends on what comes from a shim as the answer to a request.
    static func pass(from descriptor: Int32, number: UInt64, to receiver: Int32) {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(SHIM_TEXT_LIMIT)) { text in
            var content = shim_report()
            let length = shim_receive_report(descriptor, &content, text.baseAddress)
            content.number = number
            guard length >= 0 else {
                return Report(SHIM_SYSTEM, "the shim ended before it had started the program").send(
                    number: number, to: receiver)
            }
            _ = shim_send_report(receiver, &content, text.baseAddress, length)
        }
    }
}
