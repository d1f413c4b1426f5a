// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// What stands in the graph for secrets, and what can be made of it.
@Suite struct SecretReferenceTests {
    private static let password = reference("shop/password", nil)
    private static let pinned = reference("shop/db/key", 3)
    private static let computed = SecretReference.computed(
        FunctionName(plugin: "t", name: "list"), ["user:", password.value, [pinned.value]])

    /// A reference to a secret whose name is valid.
    private static func reference(_ name: String, _ version: UInt64?) -> SecretReference {
        guard let name = try? SecretName(parsing: name) else { preconditionFailure("‘\(name)’ is no name") }
        return .stored(name, version: version)
    }

    private func evaluate(
        _ expression: Value, candidate: Value? = nil, _ functions: Functions = TestFunctions.all
    ) async throws(EvaluationFailure) -> Value {
        try await Evaluation(
            site: CallSite(entity: .shop("web"), property: "x"), graph: Graph(), functions: functions, candidate: candidate
        ).evaluate(expression)
    }

    @Test(arguments: [password, pinned, computed])
    func `a reference is a value, which comes back from every form`(reference: SecretReference) throws {
        #expect(SecretReference(reference.value) == reference)
        #expect(reference.value.isLiteral && reference.value.holdsSecret)
        #expect(try CBOR.decode(CBOR.encode(reference.value)) == reference.value)
        #expect(try JSON.decode(JSON.encode(reference.value)) == reference.value)
    }

    @Test(
        arguments: [
            .text("secret:x"), .custom(kind: "floria:secret", value: 1), .custom(kind: "floria:secret", value: ""),
            .custom(kind: "floria:secret", value: "a//b"), .custom(kind: "floria:secret", value: "../x"),
            .custom(kind: "floria:secret", value: ["name": "a", "version": 0]),
            .custom(kind: "floria:secret", value: ["name": "a", "version": "1"]),
            .custom(kind: "floria:secret", value: ["function": "nothing", "arguments": []]), .custom(kind: "other", value: "x"),
        ] as [Value])
    func `what is no reference is none`(value: Value) {
        #expect(SecretReference(value) == nil)
    }

    @Test func `a malformed reference is a problem, not a plain value`() async throws {
        let value: Value = ["a": [.custom(kind: SecretReference.kind, value: 1)]]
        #expect(value.holdsSecret)
        #expect(throws: Problem.self) { try value.storedSecrets() }
        let problem = try await problem { _ = try await value.openingSecrets([:]) { _, _ in .null } }
        #expect(problem.code == "secret.malformed-reference")
    }

    @Test func `the stored secrets of a value are found wherever they stand`() throws {
        let value: Value = ["a": ["b": [Self.computed.value, 1]], "c": .custom(kind: "k", value: "x")]
        #expect(try value.storedSecrets() == [Self.password, Self.pinned])
        #expect(try Value.list(["x", 1]).storedSecrets() == [])
    }

    @Test func `opening puts contents in the place of references, and computes`() async throws {
        let value: Value = ["plain": 1, "secrets": [Self.password.value, Self.computed.value]]
        let opened = try await value.openingSecrets([Self.password: "p", Self.pinned: "k"]) {
            function, arguments throws(Problem) in
            #expect(function == FunctionName(plugin: "t", name: "list"))
            return .list(arguments)
        }
        #expect(opened == ["plain": 1, "secrets": ["p", ["user:", "p", ["k"]]]])
    }

    @Test func `a content that is not there is a problem`() async throws {
        let problem = try await problem { _ = try await Self.password.value.openingSecrets([:]) { _, _ in .null } }
        #expect(problem.code == "secret.unknown")
    }

    @Test func `what is computed of a secret is a secret`() async throws {
        #expect(try await evaluate(.t("list", "user:", Self.password.value, [Self.pinned.value])) == Self.computed.value)
        let nested = try await evaluate(.t("add", 1, .t("list", Self.password.value)))
        #expect(
            nested
                == SecretReference.computed(
                    FunctionName(plugin: "t", name: "add"),
                    [1, SecretReference.computed(FunctionName(plugin: "t", name: "list"), [Self.password.value]).value]
                ).value)
    }

    @Test func `a reference passes through what computes nothing`() async throws {
        #expect(try await evaluate(["a": Self.password.value]) == ["a": Self.password.value])
        #expect(try await evaluate(Self.computed.value) == Self.computed.value)
    }

    @Test func `a plugin's function gets no secret to compute with`() async throws {
        let functions = Functions([:], plugins: TestFunctions())
        await #expect(throws: EvaluationFailure.self) { try await evaluate(.t("list", Self.password.value), functions) }
        do throws(EvaluationFailure) {
            _ = try await evaluate(.t("list", Self.password.value), functions)
        } catch {
            #expect(error.problem.code == "secret.in-call")
        }
    }

    @Test func `only a secret becomes the value of a sensitive property, and what else was tried is not told`() async throws {
        let preparer = Property.sensitivePreparer(for: .positive)
        #expect(try await evaluate(preparer, candidate: Self.password.value) == Self.password.value)
        #expect(try await evaluate(preparer, candidate: Self.computed.value) == Self.computed.value)
        for plain in ["hunter2", ["a": "hunter2"], ["a": Self.password.value, "b": "hunter2"]] as [Value] {
            do throws(EvaluationFailure) {
                _ = try await evaluate(preparer, candidate: plain)
                Issue.record("it was accepted")
            } catch {
                #expect(error.problem.code == "secret.plain-value")
                #expect(!JSON.encode(error.problem.value).contains("hunter2"))
            }
        }
    }

    @Test func `a property knows that it is sensitive, and what its content has to pass`() {
        #expect(Property(preparer: Property.sensitivePreparer(for: .positive)).isSensitive)
        #expect(Property(preparer: Property.sensitivePreparer(for: .positive)).contentPreparer == .positive)
        #expect(Property(preparer: Property.sensitivePreparer(for: nil)).isSensitive)
        #expect(!Property(preparer: .positive).isSensitive && !Property().isSensitive)
    }

    @Test(arguments: [
        ("shop/password", "shop/web", true), ("password", "shop/web", true), ("shop/password", "shop", true),
        ("shop/password", "other/web", false), ("shop/deep/password", "shop/web", false),
        ("shop/deep/password", "shop/deep/web", true), ("shop/password", "shopping", false), ("password", "shop", true),
    ])
    func `a secret can be used in its directory and below`(secret: String, entity: String, isUsable: Bool) throws {
        #expect(try SecretName(parsing: secret).isUsable(by: ID(.vertex, parsing: entity)) == isUsable)
    }

    @Test(arguments: ["", "/", "a/", "/a", "a//b", ".", "a/..", "a\u{0}b", "a\nb", String(repeating: "x", count: 256)])
    func `a malformed name is a problem`(text: String) {
        #expect(throws: Problem.self) { try SecretName(parsing: text) }
    }
}
