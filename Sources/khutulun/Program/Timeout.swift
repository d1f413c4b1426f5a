// SPDX-License-Identifier: Apache-2.0 OR MIT
import Dispatch
import Glibc

/// Ends the program when a person does not want to wait longer.
enum Timeout {
    /// Ends the program after a time, with status 1 and a message.
    static func endsProgram(after seconds: Int, _ message: String) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) {
            Terminal.error.write("\(message) [command.timeout]\n")
            _exit(ExitStatus.failed.rawValue)
        }
    }
}
