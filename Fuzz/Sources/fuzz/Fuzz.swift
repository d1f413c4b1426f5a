// SPDX-License-Identifier: Apache-2.0 OR MIT
import CFuzzer
import Glibc

/// Gives a decoder whatever libFuzzer thinks of.
///
/// `fuzz --target=NAME [OPTION OF LIBFUZZER…] [FOLDER…]` tries inputs; `fuzz --target=NAME --seeds FOLDER` writes those to begin with.
/// libFuzzer starts the program again with all its arguments, and passes over what begins with `--`.
@main struct Fuzz {
    /// What is fuzzed; libFuzzer's callback can carry nothing along.
    nonisolated(unsafe) private static var target = FuzzTarget.all[0]

    static func main() {
        let arguments = CommandLine.arguments
        let options = arguments.filter { $0.hasPrefix("--") }
        guard let found = FuzzTarget.all.first(where: { options.contains("--target=\($0.name)") }) else {
            print("usage: fuzz --target=NAME …; the targets are", FuzzTarget.all.map { $0.name }.joined(separator: ", "))
            exit(2)
        }
        if options.contains("--seeds"), let folder = arguments.last { return Seeds.write(found, to: folder) }
        target = found
        run(arguments)
    }

    private static func run(_ arguments: [String]) {
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var count = CInt(arguments.count)
        pointers.withUnsafeMutableBufferPointer { buffer in
            var base = buffer.baseAddress
            exit(
                LLVMFuzzerRunDriver(&count, &base) { data, size in
                    Fuzz.target.check(Array(UnsafeBufferPointer(start: data, count: size)))
                    return 0
                })
        }
    }
}
