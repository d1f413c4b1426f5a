// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc

/// The standard output or the standard error.
struct Terminal {
    private let descriptor: Int32

    static let output = Terminal(descriptor: STDOUT_FILENO)
    static let error = Terminal(descriptor: STDERR_FILENO)

    /// Whether a person sees it at once.
    var isInteractive: Bool { isatty(descriptor) == 1 }

    /// Whether colours are wanted and can be shown.
    var usesColors: Bool {
        isInteractive && StandardPaths.environment("NO_COLOR") == nil && StandardPaths.environment("TERM") != "dumb"
    }

    /// Writes a text. If nobody reads any longer, the program ends as the system would end it.
    func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[rest.indices]).baseAddress,
                    rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else { _exit(128 + SIGPIPE) }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Asks a person; nil if the input ends.
    static func ask(_ question: String) -> String? {
        Terminal.error.write(question)
        return readLine()
    }

    /// Asks a person for something that is not to be seen while it is written; nil if the input ends.
    static func askSecretly(_ question: String) -> String? {
        var usual = termios()
        guard tcgetattr(STDIN_FILENO, &usual) == 0 else { return ask(question) }
        var silent = usual
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual)
            Terminal.error.write("\n")
        }
        return ask(question)
    }

    /// Whether a person can be asked.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && error.isInteractive }
}
