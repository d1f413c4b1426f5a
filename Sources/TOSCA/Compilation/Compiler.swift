// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// A service template that was compiled.
public struct CompiledDesign: Sendable {
    /// What the service is made from.
    public var design: Design
    /// The files that hosts will need, each once.
    public var artifacts: [ArtifactFile]
    /// What a person should look at, although it works.
    public var warnings: [Problem]
    /// What can be given when the service is planned, in order of name.
    public var inputs: [Input]

    /// The design with its artifacts: `{"root", "entities", "artifacts"}`.
    public var document: Value {
        var document = design.document
        document["artifacts"] = .list(artifacts.map(\.document))
        return document
    }
}

/// Compiles TOSCA files to designs. It runs no code of theirs and looks at nothing but files.
///
/// Where nothing else is said, files are those of this machine.
public struct Compiler: Sendable {
    private let profiles: [String]

    /// Makes a compiler.
    ///
    /// - Parameter profiles: the folders in which folders of profiles are looked for, first one first.
    public init(profiles: [String]) { self.profiles = profiles }

    /// Compiles the service template of a file.
    ///
    /// - Parameters:
    ///   - file: the path of the file.
    ///   - repository: where it lies.
    ///   - service: the service's name, which the templates are kept under.
    /// - Throws: all problems that were found, in order of place.
    public func compile(
        file: String, in repository: any FileRepository = LocalFiles(), service: String
    ) throws(Problems) -> CompiledDesign {
        let run = CompilerRun(profiles: profiles, for: .compiling)
        let place = FilePlace(repository: repository, path: file)
        let template = run.check(place, name: service)
        if template == nil, !run.diagnostics.hasErrors {
            run.diagnostics.report(
                "tosca.no-service-template", "the file has no ‘service_template’, so that there is nothing to compile",
                at: SourceLocation(file: place.name, row: 1, column: 1))
        }
        let warnings = try run.diagnostics.finish()
        guard let template else {
            throw Problems([Problem("tosca.no-service-template", "there is no service template in ‘\(place.name)’")])
        }
        var emitter = Emitter(service: service, types: run.types)
        let design = emitter.emit(template)
        let files = template.nodes.flatMap { $0.artifacts.compactMap(\.content) } + run.implementations
        let artifacts = Dictionary(files.map { ($0.digest, $0) }) { first, _ in first }
        return CompiledDesign(
            design: design, artifacts: artifacts.values.sorted { $0.file < $1.file }, warnings: warnings,
            inputs: template.inputs.map { Input($0, types: run.types?.schemas ?? [:]) })
    }

    /// Checks a file, which need not have a service template. Artifacts may be missing, and inputs have no values.
    ///
    /// - Parameters:
    ///   - file: the path of the file.
    ///   - repository: where it lies.
    /// - Returns: the warnings.
    /// - Throws: all problems that were found, in order of place.
    public func validate(
        file: String, in repository: any FileRepository = LocalFiles()
    ) throws(Problems) -> [Problem] {
        let run = CompilerRun(profiles: profiles, for: .validating)
        _ = run.check(FilePlace(repository: repository, path: file), name: "service")
        return try run.diagnostics.finish()
    }
}

/// One run of the compiler over one file and what it imports.
final class CompilerRun {
    let diagnostics: Diagnostics
    private(set) var types: TypeSystem?
    /// The files that implement operations.
    private(set) var implementations: [ArtifactFile] = []
    private let profiles: [String]

    init(profiles: [String], for purpose: Purpose) {
        self.profiles = profiles
        diagnostics = Diagnostics(purpose)
    }

    /// Reports all that is wrong; the complete service template if there is one.
    func check(_ place: FilePlace, name: String) -> ServiceTemplate? {
        let loader = Loader(diagnostics: diagnostics, profiles: ProfileFinder(folders: profiles))
        guard let file = loader.load(place) else { return nil }
        let calls = CallLog()
        let types = TypeSystem(TypeCatalogue(files: loader.files, diagnostics: diagnostics), calls: calls)
        self.types = types
        types.complete()
        for file in loader.files { Repositories.check(file, diagnostics) }
        let artifacts = ArtifactReader()
        if diagnostics.purpose == .validating {
            for type in types.catalogue.types where type.kind == .node || type.kind == .relationship {
                Completion(file: type.file, types: types, artifacts: artifacts).check(type)
            }
        }
        guard let entry = file.root.entries.first(where: { $0.name == "service_template" }), entry.value.isMapping else {
            return nil
        }
        let completion = Completion(file: file, types: types, artifacts: artifacts)
        let template = completion.complete(entry.value, at: entry.key.location, name: name)
        CallChecker(types: types, service: template, nodeTypes: completion.nodeTypes).check(calls)
        implementations = completion.implementations
        return template
    }
}
