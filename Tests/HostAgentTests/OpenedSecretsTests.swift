// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Support
import Testing

@testable import HostAgent

/// Secrets on the host: opened for one use, and masked in what comes back from it.
@Suite struct OpenedSecretsTests {
    private static let canary = "canary-5f0d6c1b9a"

    /// An agent that has one content for everything.
    private struct Agent: APITransport {
        var content = Value.text(OpenedSecretsTests.canary)

        func send(_ request: APIRequest) async throws(Problem) -> APIResponse {
            guard request.path == ["secrets", "open"], case .value(let body) = request.body else {
                throw Problem("test.unexpected", "only secrets are asked for")
            }
            return APIResponse(.list((body["references"]?.list ?? []).map { [$0, content] }))
        }
    }

    /// A library that joins texts, and fails with what it got if there is one only.
    private struct Library: FunctionLibrary {
        func dispatch(
            _ function: String, _ arguments: [Value], _ evaluation: Evaluation
        ) async throws(EvaluationFailure) -> Value {
            guard arguments.count > 1 else { throw evaluation.fail("test.failed", "not with \(arguments)") }
            return .text(arguments.compactMap(\.text).joined())
        }
    }

    private func opened(_ value: Value, content: Value = .text(canary)) async throws(Problem) -> OpenedSecrets {
        try await OpenedSecrets(
            value, for: .vertex(Directory(["shop"]), "web"), client: APIClient(Agent(content: content)),
            languages: ["t": Library()])
    }

    private static func secret() throws -> Value {
        SecretReference.stored(try SecretName(parsing: "shop/password"), version: nil).value
    }

    private static func computed(_ arguments: [Value]) -> Value {
        SecretReference.computed(FunctionName(plugin: "t", name: "join"), arguments).value
    }

    @Test func `what holds no secret stays as it is, and nobody is asked`() async throws {
        let opened = try await OpenedSecrets(
            ["a": 1], for: .vertex(.root, "x"), client: APIClient(Agent()), languages: [:])
        #expect(opened.value == ["a": 1] && !opened.isSensitive)
        #expect(opened.masked("text") == "text" && !opened.isTold(by: ["a": "b"]))
    }

    @Test func `contents take the place of references, and are computed with`() async throws {
        let secret = try Self.secret()
        let opened = try await opened(["a": secret, "b": [Self.computed(["user:", secret, "@host"])], "c": 1])
        #expect(opened.value == ["a": .text(Self.canary), "b": [.text("user:\(Self.canary)@host")], "c": 1])
        #expect(opened.isSensitive)
    }

    @Test func `bytes are a secret like any other`() async throws {
        let opened = try await opened(["key": try Self.secret()], content: .blob([0xff, 0x00, 0x80]))
        #expect(opened.isSensitive && opened.value == ["key": .blob([0xff, 0x00, 0x80])])
        #expect(opened.isTold(by: ["out": .blob([0xff, 0x00, 0x80])]))
        #expect(opened.masked("it is /wCA") == "it is •••")
        #expect(try await self.opened(["key": try Self.secret()], content: .null).isSensitive)
    }

    @Test func `contents are masked in texts, in problems and their causes`() async throws {
        let secret = try Self.secret()
        let opened = try await opened([secret, Self.computed(["user:", secret])])
        #expect(opened.masked("is user:\(Self.canary), or \(Self.canary)!") == "is •••, or •••!")
        let problem = Problem(
            "a.b", "no \(Self.canary)", at: .command(["echo", Self.canary], host: "h"),
            causes: [Problem("c.d", "because of \(Self.canary)")], hint: "try \(Self.canary)")
        #expect(!JSON.encode(problem.masked(by: opened).value).contains(Self.canary))
        #expect(problem.masked(by: opened).message == "no •••")
        #expect(opened.isTold(by: ["x": ["deep": .text("a\(Self.canary)b")]]))
        #expect(!opened.isTold(by: ["x": "nothing"]))
    }

    @Test func `why nothing can be computed is not told`() async throws {
        let value = Self.computed([try Self.secret()])
        do throws(Problem) {
            _ = try await opened(value)
            Issue.record("it was computed")
        } catch {
            #expect(error.code == "secret.not-computed")
            #expect(!JSON.encode(error.value).contains(Self.canary))
        }
    }
}
