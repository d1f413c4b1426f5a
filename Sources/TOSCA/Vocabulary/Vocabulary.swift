// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What a file can name: types and functions, its own and those that it imports.
public struct Vocabulary: Sendable {
    /// The types, by kind and name.
    public let types: [TypeSummary]
    /// The functions that files define, by name.
    public let functions: [FunctionSummary]
}

/// A type that a file can name.
public struct TypeSummary: Sendable {
    /// The kind: `node`, `data` and so on.
    public let kind: String
    /// The name by which the file can name it, namespaces included.
    public let name: String
    /// What it defines and inherits: `{"kind", "name", "derived-from", "description", "location", …}`.
    public let document: Value
}

/// A function that expressions can call.
public struct FunctionSummary: Sendable {
    /// The name by which it is called, without the `$`, namespaces included.
    public let name: String
    /// `{"name", "signatures", "description", …}`, with `section` if the standard has it, and `location` if a file defines it.
    public let document: Value

    /// The functions of the language, in the order of the standard.
    public static let language = LanguageFunction.all.map { function in
        FunctionSummary(
            name: function.name,
            document: [
                "name": .text(function.name), "section": .text(function.section),
                "signatures": .list(function.usage.map(Value.text)), "description": .text(function.summary),
            ])
    }
}

extension Compiler {
    /// What a file can name. The file is checked as it is when it is validated.
    ///
    /// - Throws: all problems that were found, in order of place.
    public func vocabulary(of file: FilePlace) throws(Problems) -> Vocabulary {
        let run = run(.validating)
        _ = run.check(file, name: "service")
        _ = try run.diagnostics.finish()
        guard let types = run.types, let source = run.file else { return Vocabulary(types: [], functions: []) }
        return VocabularyReader(types: types).vocabulary(of: source)
    }
}

/// Collects what a file can name.
private struct VocabularyReader {
    let types: TypeSystem

    func vocabulary(of file: SourceFile) -> Vocabulary {
        var found: [TypeSummary] = []
        var functions: [FunctionSummary] = []
        visit(file) { file, prefix in
            for type in types.catalogue.types where type.file === file {
                let name = prefix + type.name
                found.append(TypeSummary(kind: type.kind.rawValue, name: name, document: types.summary(of: type, as: name)))
            }
            for function in types.functions.functions where function.file === file {
                functions.append(function.summary(as: prefix + function.name))
            }
        }
        return Vocabulary(
            types: found.sorted { ($0.kind, $0.name) < ($1.kind, $1.name) }, functions: functions.sorted { $0.name < $1.name })
    }

    /// Goes to each file by every namespace that leads there, once.
    private func visit(_ file: SourceFile, _ body: (SourceFile, String) -> Void) {
        var seen: Set<String> = []
        var open = [(file, "")]
        while let (file, prefix) = open.popLast() {
            guard seen.insert("\(prefix)\n\(file.index)").inserted, prefix.split(separator: ":").count < 10 else { continue }
            body(file, prefix)
            for item in file.imports { open.append((item.file, prefix + (item.namespace.map { "\($0):" } ?? ""))) }
        }
    }
}

extension CustomFunction {
    fileprivate func summary(as name: String) -> FunctionSummary {
        var document: Value = [
            "name": .text(name), "signatures": .list(signatures.map { .text($0.signature.description(of: name)) }),
            "implemented": .list(signatures.map { .boolean($0.expression != nil) }),
            "location": Problem.Place.source(location).value,
        ]
        document["description"] = description.map(Value.text)
        return FunctionSummary(name: name, document: document)
    }
}
