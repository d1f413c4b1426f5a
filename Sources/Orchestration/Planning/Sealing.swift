// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSecrets
import Support

/// Makes secrets of the plain values that sensitive properties and inputs are given, before anything is made of a design.
///
/// What comes of it is a design and inputs with references; the secrets are stored with the plan when it is applied. So a plan that is
/// only shown changes nothing, and never holds a content.
struct Sealing {
    let secrets: Secrets
    let functions: Functions
    let service: String
    private(set) var draft: SecretDraft
    private var problems: [Problem] = []

    /// - Parameter draft: what was sealed before.
    init(_ secrets: Secrets, _ functions: Functions, service: String, draft: SecretDraft) {
        self.secrets = secrets
        self.functions = functions
        self.service = service
        self.draft = draft
    }

    /// The design and the inputs with references in the place of contents.
    ///
    /// - Throws: `secret.rejected` for contents that their properties don't accept, `secret.unknown` and `secret.out-of-scope`
    ///   for references that are given, and problems of the keys and the store.
    mutating func seal(_ design: Design, _ inputs: [String: Value]) async throws(Problems) -> (Design, [String: Value]) {
        for value in inputs.values where value.holdsSecret { await check(value) }
        var (design, inputs) = (design, inputs)
        for index in design.vertexTemplates.indices {
            let id = design.vertexTemplates[index].header.id
            if id == design.root { await sealInputs(&design.vertexTemplates[index].properties, &inputs) }
            await seal(&design.vertexTemplates[index].properties, of: id, isRoot: id == design.root)
        }
        for index in design.edgeTemplates.indices {
            await seal(&design.edgeTemplates[index].properties, of: design.edgeTemplates[index].header.id, isRoot: false)
        }
        if !problems.isEmpty { throw Problems(problems) }
        return (design, inputs)
    }

    /// The inputs that are given, which take the place of their defaults.
    private mutating func sealInputs(_ properties: inout [String: Property], _ inputs: inout [String: Value]) async {
        for (name, value) in inputs.sorted(by: { $0.key < $1.key }) {
            let key = "input.\(name)"
            guard let property = properties[key], property.isSensitive else { continue }
            properties[key]?.updater = nil
            guard SecretReference(value) == nil else { continue }
            // Not the value itself, which must not be left anywhere if it is not accepted.
            inputs[name] = await reference(to: value, for: property, named: key) ?? .null
        }
    }

    private mutating func seal(_ properties: inout [String: Property], of template: ID, isRoot: Bool) async {
        for (name, property) in properties.sorted(by: { $0.key < $1.key }) where property.isSensitive {
            guard let value = property.updater, value.isLiteral, SecretReference(value) == nil else { continue }
            let secret = isRoot ? name : "\(template.name).\(name)"
            properties[name]?.updater = await reference(to: value, for: property, named: secret)
        }
    }

    /// A reference to a secret that has a content; nil if it isn't accepted.
    private mutating func reference(to content: Value, for property: Property, named name: String) async -> Value? {
        do throws(Problem) {
            let prepared = try await property.prepared(content, named: name, at: .vertex(.root, service), functions)
            return try await secrets.seal(prepared, as: SecretName(Directory([service]), name), in: &draft).value
        } catch {
            problems.append(error)
            return nil
        }
    }

    private mutating func check(_ value: Value) async {
        do throws(Problem) {
            let references = try value.storedSecrets().filter { !draft.holds($0) }
            try await secrets.check(references, for: .vertex(.root, service))
        } catch { problems.append(error) }
    }
}
