// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Testing

/// One run of the program to its end.
struct ProgramRun {
    let status: Int32
    let output: String
    let error: String

    /// The program beside the tests.
    static var program: URL {
        get throws {
            let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            let candidates = [folder.appendingPathComponent("khutulun"), URL(fileURLWithPath: ".build/debug/khutulun")]
            return try #require(
                candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }, "khutulun is not built: swift build"
            )
        }
    }

    /// Runs the program. `interruptAfter` sends it an interrupt when its output holds this text; `onTerminal` makes it believe
    /// that a person types the input and sees what it writes, all of which then is `output`.
    init(
        _ arguments: [String], environment: [String: String] = [:], input: Data = Data(), interruptAfter: String? = nil,
        onTerminal: Bool = false
    ) throws {
        let process = Process()
        let program = try Self.program
        if onTerminal {
            let words = ([program.path] + arguments).map { "'\($0)'" }
            process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
            process.arguments = ["--quiet", "--return", "--command", words.joined(separator: " "), "/dev/null"]
        } else {
            process.executableURL = program
            process.arguments = arguments
        }
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"].merging(environment) { $1 }
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        let errors = Mailbox()
        let reading = Thread {
            errors.put(stderr.fileHandleForReading.readDataToEndOfFile())
        }
        try process.run()
        reading.start()
        stdin.fileHandleForWriting.write(input)
        try stdin.fileHandleForWriting.close()
        var text = Data()
        while case let piece = stdout.fileHandleForReading.availableData, !piece.isEmpty {
            text += piece
            if let interruptAfter, String(decoding: text, as: UTF8.self).contains(interruptAfter) { process.interrupt() }
        }
        process.waitUntilExit()
        status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
        output = String(decoding: text, as: UTF8.self)
        error = String(decoding: errors.take(), as: UTF8.self)
    }
}

/// Hands one datum from one thread to another.
private final class Mailbox: Sendable {
    private let condition = NSCondition()
    private nonisolated(unsafe) var content: Data?

    func put(_ data: Data) {
        condition.lock()
        content = data
        condition.signal()
        condition.unlock()
    }

    func take() -> Data {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let content { return content }
            condition.wait()
        }
    }
}
