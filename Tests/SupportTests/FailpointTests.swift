// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials
import Glibc
import Support
import Testing

@Suite struct FailpointTests {
    @Test(arguments: ["", ":2", "a:", "a:0", "a:x", "a:-1"])
    func `what names no failpoint is refused`(text: String) {
        let problem = #expect(throws: Problem.self) { try FailpointFlags(kill: text, log: nil) }
        #expect(problem?.code == "failpoint.malformed")
    }

    @Test func `without a number it is the first time that counts`() throws {
        let flags = try FailpointFlags(kill: "ledger.before-commit", log: nil)
        #expect(flags.name == "ledger.before-commit")
        #expect(flags.count == 1)
        #expect(try FailpointFlags(kill: "a.b:12", log: nil).count == 12)
    }

    @Test func `every failpoint reached is in the log`() throws {
        let path =
            FileManager.default.temporaryDirectory.path
            + "/khutulun-failpoints-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        defer { unlink(path) }
        let failpoint = try FailpointFlags(kill: nil, log: path).failpoint()
        failpoint.reach("one")
        failpoint.reach("two")
        failpoint.reach("one")
        #expect(try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8) == "one\ntwo\none\n")
    }

    @Test func `the program is killed when it comes to the place for the Nth time`() async {
        let result = await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardErrorContent]) {
            let failpoint = try FailpointFlags(kill: "here:2", log: nil).failpoint()
            failpoint.reach("there")
            failpoint.reach("here")
            FailpointTests.say("once")
            failpoint.reach("here")
            FailpointTests.say("twice")
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(said.contains("FAILPOINTS ARE ON"))
        #expect(said.contains("once"))
        #expect(said.contains("FAILPOINT here:2 reached: killing myself"))
        #expect(!said.contains("twice"))
    }

    @Test func `without flags nothing happens`() throws {
        let failpoint = try FailpointFlags(kill: nil, log: nil).failpoint()
        failpoint.reach("here")
    }

    private static func say(_ text: String) { _ = write(STDERR_FILENO, text, text.utf8.count) }
}
