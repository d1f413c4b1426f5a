// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension TypeSystem {
    /// Completes the functions that files define.
    func completeFunctions() {
        for function in functions.functions {
            check(function)
            function.signatures = (function.node["signatures"]?.items ?? []).map { variant($0, function.file) }
            if let (node, file) = function.refinement { refine(function, node, file) }
        }
        for function in functions.functions {
            for index in function.signatures.indices {
                function.signatures[index].expression = expression(of: function.signatures[index])
            }
        }
    }

    /// Checks what the grammar doesn't say of a definition (10.4).
    private func check(_ function: CustomFunction) {
        if function.name.contains("$") {
            diagnostics.report(
                "tosca.malformed-name", "the name of a function cannot contain ‘$’", at: function.location,
                hint: "only calls are written with ‘$’")
        }
        for node in [function.node, function.refinement?.node].compactMap({ $0 }) {
            guard let signatures = node["signatures"], signatures.items.isEmpty else { continue }
            diagnostics.report(
                "tosca.no-signature", "the function ‘\(function.name)’ has no signature", at: signatures.location,
                hint: "write at least one, such as ‘- result: string’")
        }
    }

    private func variant(_ node: YAMLNode, _ file: SourceFile) -> CustomFunction.Variant {
        let optional = node["optional_arguments"]?.items ?? []
        let parameters = ((node["arguments"]?.items ?? []) + optional).map { item in
            Signature.Parameter(name: nil, pattern: .schema(schema(item, inheriting: nil, file)?.schema ?? .any))
        }
        let result = node["result"].flatMap { schema($0, inheriting: nil, file)?.schema }
        return CustomFunction.Variant(
            signature: Signature(
                parameters, optional: optional.count, isVariadic: node["variadic"]?.flag ?? false,
                result.map(TypePattern.schema) ?? .any),
            implementation: node["implementation"].map { Implementation(node: $0, file: file) }, location: node.location)
    }

    /// Applies what a service template says: other implementations for the signatures that there are, and further signatures.
    private func refine(_ function: CustomFunction, _ node: YAMLNode, _ file: SourceFile) {
        for (index, item) in (node["signatures"]?.items ?? []).enumerated() {
            guard function.signatures.indices.contains(index) else {
                function.signatures.append(variant(item, file))
                continue
            }
            for entry in item.entries where !["implementation", "description", "metadata"].contains(entry.name) {
                refuse(
                    "signature \(index + 1) of ‘$\(function.name)’ is defined already, so that only its implementation can be changed",
                    at: entry.key.location, hint: "put further signatures after those that there are")
            }
            if let implementation = item["implementation"] {
                function.signatures[index].implementation = Implementation(node: implementation, file: file)
            }
        }
    }

    /// What gives the result of a signature; nil if its implementation cannot be run here.
    private func expression(of variant: CustomFunction.Variant) -> Value? {
        guard let implementation = variant.implementation else { return nil }
        let node = implementation.node
        if node.isCall {
            let scope = Scope(subject: .open, signature: variant.signature)
            var expected: Schema?
            if case .schema(let schema) = variant.signature.result { expected = schema }
            let value = reader.read(node, scope, expecting: expected, name: "implementation")
            return Typing(types: self, surroundings: nil, diagnostics: nil).typed(value, nil, expecting: expected, scope).value
        }
        if !node.isMapping, PlainScalar(node).value?.text?.isEmpty ?? true {
            diagnostics.report(
                "tosca.wrong-shape",
                "the implementation of a function must be a call, the name of an artifact or a map, not \(GrammarChecker.describe(node))",
                at: node.location)
        }
        guard let primary = node.isMapping ? node["primary"] : nil, primary.isMapping else { return nil }
        guard let type = catalogue.require(.artifact, primary["type"], in: implementation.file), type.isA(.function),
            let file = primary["file"], let text = file.text
        else { return nil }
        guard let name = FunctionName(text) else {
            diagnostics.report(
                "tosca.malformed-name", "‘\(text)’ is no name of a function", at: file.location, hint: "write PLUGIN:FUNCTION")
            return nil
        }
        return .call(Call(name))
    }
}

extension FunctionCatalogue {
    /// The functions that are called, as the service keeps them: `{"definitions", "types"}`; nil if there are none.
    func document(_ schemas: [String: Schema]) -> Value? {
        let used = functions.filter { called.contains($0.key) }
        guard !used.isEmpty else { return nil }
        var (types, open): ([String: Value], Set<String>) = ([:], [])
        var definitions: [String: Value] = [:]
        for function in used {
            definitions[function.key] = [
                "name": .text(function.name), "signatures": .list(function.signatures.map(\.document)),
            ]
            for schema in function.signatures.flatMap(\.schemas) { open.formUnion(schema.references) }
        }
        while let name = open.popFirst() {
            guard types[name] == nil, let type = schemas[name] else { continue }
            types[name] = type.document
            open.formUnion(type.references)
        }
        return ["definitions": .object(definitions), "types": .object(types)]
    }
}

extension CustomFunction.Variant {
    /// The schemas that it is made of.
    fileprivate var schemas: [Schema] {
        (signature.parameters.map(\.pattern) + [signature.result]).compactMap { pattern in
            if case .schema(let schema) = pattern { schema } else { nil }
        }
    }

    fileprivate var document: Value {
        var document: Value = ["arguments": .list(signature.parameters.map { $0.pattern.document })]
        if signature.optional > 0 { document["optional"] = .integer(signature.optional) }
        if signature.isVariadic { document["variadic"] = true }
        if case .schema(let schema) = signature.result { document["result"] = schema.document }
        document["expression"] = expression
        return document
    }
}

extension TypePattern {
    fileprivate var document: Value {
        if case .schema(let schema) = self { schema.document } else { Schema.any.document }
    }
}
