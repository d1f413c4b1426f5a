// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support
import Testing

@testable import HostAgent

@Suite struct LogReaderTests {
    private func collect(_ lines: LogLines, _ count: Int = .max) async -> [LogLine] {
        var found: [LogLine] = []
        for await line in lines {
            found.append(line)
            if found.count >= count { break }
        }
        return found
    }

    /// The lines of a log as they are written; `tell` gets their number.
    private func follow(_ reader: LogReader, _ tell: @Sendable (Int) -> Void) async -> [String] {
        var texts: [String] = []
        for await line in reader.lines(follow: true) {
            texts.append(line.text)
            tell(texts.count)
        }
        return texts
    }

    /// A node whose log has the numbers from 1 on in files of 4096 bytes.
    private func numbers(upTo last: Int, files: Int64, _ fixture: SupervisionFixture) async throws -> LogReader {
        var specification = fixture.script("seq 1 \(last)")
        specification.log = .init(size: 4096, files: files)
        let status = try await fixture.supervisor.start(specification)
        _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
        return LogReader(log: status.log)
    }

    @Test func `all lines are read over rotations, and each position goes on after its line`() async throws {
        try await SupervisionFixture.with { fixture in
            let reader = try await numbers(upTo: 3000, files: 100, fixture)
            let lines = await collect(reader.lines())
            #expect(lines.map(\.text) == (1...3000).map { "\($0)" })
            for index in [0, 1022, 1023, 1024, 2000, 2998] {
                let next = await collect(reader.lines(after: lines[index].position), 1)
                #expect(next == [lines[index + 1]])
            }
            #expect(await collect(reader.lines(after: lines[2999].position)).isEmpty)
        }
    }

    @Test func `the last lines are found over rotations`() async throws {
        try await SupervisionFixture.with { fixture in
            let reader = try await numbers(upTo: 3000, files: 100, fixture)
            for count in [1, 2, 900, 2999, 3000, 9999] {
                let lines = await collect(reader.lines(last: count))
                #expect(lines.map(\.text) == (1...3000).suffix(count).map { "\($0)" })
            }
            #expect(await collect(reader.lines(last: 0)).isEmpty)
        }
    }

    @Test func `what rotation removed is skipped and positions stay`() async throws {
        try await SupervisionFixture.with { fixture in
            let reader = try await numbers(upTo: 5000, files: 1, fixture)
            let lines = await collect(reader.lines())
            #expect(lines.last == LogLine(position: Int64((1...5000).map { "\($0)\n".utf8.count }.reduce(0, +)), text: "5000"))
            #expect(lines.count < 2000)
            let texts = lines.map(\.text)
            #expect(texts == (1...5000).suffix(lines.count).map { "\($0)" })
        }
    }

    @Test func `a log that is followed tells lines as they are written, over rotations, and ends when it is forgotten`()
        async throws
    {
        try await SupervisionFixture.with { fixture in
            var specification = fixture.script("for i in 1 2 3; do seq 1 600; sleep 0.05; done; printf end")
            specification.log = .init(size: 4096, files: 100)
            let status = try await fixture.supervisor.start(specification)
            let (whole, isWhole) = AsyncStream.makeStream(of: Void.self)
            async let followed = follow(LogReader(log: status.log)) { if $0 == 1800 { isWhole.finish() } }
            // A reader that is behind when the log is forgotten would miss the rest.
            for await _ in whole {}
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            try await fixture.supervisor.forget(fixture.node())
            let expected = (0..<3).flatMap { _ in (1...600).map { "\($0)" } } + ["end"]
            #expect(await followed == expected)
        }
    }

    @Test func `the log goes on with the next run`() async throws {
        try await SupervisionFixture.with { fixture in
            let reader = try await numbers(upTo: 2000, files: 100, fixture)
            let before = await collect(reader.lines())
            var specification = fixture.script("echo again", run: "2")
            specification.log = .init(size: 4096, files: 100)
            _ = try await fixture.supervisor.start(specification)
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            let position = try #require(before.last).position
            #expect(await collect(reader.lines(after: position)) == [LogLine(position: position + 6, text: "again")])
        }
    }

    @Test func `the log of a process that is silent yet can be followed`() async throws {
        try await SupervisionFixture.with { fixture in
            try Files.makeFolder(fixture.run().path)
            #expect(mkfifo(fixture.run().path + "/go", 0o644) == 0)
            let status = try await fixture.supervisor.start(fixture.script("read line < ../go; echo $line"))
            #expect(!Files.exists(status.log))
            let reader = LogReader(log: status.log)
            #expect(await collect(reader.lines()).isEmpty)
            async let followed = collect(reader.lines(follow: true), 1)
            let go = open(fixture.run().path + "/go", O_WRONLY)
            defer { close(go) }
            #expect(write(go, "late\n", 5) == 5)
            #expect(await followed.map(\.text) == ["late"])
        }
    }

    @Test func `a log that isn't there has no lines`() async throws {
        #expect(await collect(LogReader(log: "/no/such/log").lines(follow: true)).isEmpty)
    }
}
