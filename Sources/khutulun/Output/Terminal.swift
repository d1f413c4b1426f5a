// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Synchronization

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

    /// Writes a text. If nobody reads any longer, the program ends as the system would end it; if it can't be written, such as on
    /// a full disk, it ends with the exit code 3.
    func write(_ text: String) {
        write(Array(text.utf8))
    }

    /// Writes bytes, in the same way.
    func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else { endUnwritten(errno) }
                rest = rest.dropFirst(count)
            }
        }
    }

    private func endUnwritten(_ error: Int32) -> Never {
        if error == EPIPE { _exit(128 + SIGPIPE) }
        if descriptor == STDOUT_FILENO {
            Terminal.error.write("the output can't be written: \(String(cString: strerror(error))) [output.unwritable]\n")
        }
        _exit(3)
    }

    /// Asks a person; nil if the input ends.
    static func ask(_ question: String) -> String? {
        Terminal.error.write(question)
        return readLine()
    }

    /// How the terminal was before it was made silent; nil if it isn't.
    private static let usual = Mutex<termios?>(nil)

    /// Lets the terminal show again what is written.
    static func endSilence() {
        usual.withLock { usual in
            guard var settings = usual else { return }
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
            usual = nil
        }
    }

    /// Asks a person for something that is not to be seen while it is written; nil if the input ends.
    static func askSecretly(_ question: String) -> String? {
        var silent = termios()
        guard tcgetattr(STDIN_FILENO, &silent) == 0 else { return ask(question) }
        let settings = silent
        usual.withLock { $0 = settings }
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            endSilence()
            Terminal.error.write("\n")
        }
        return ask(question)
    }

    /// Whether a person can be asked.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && error.isInteractive }
}
