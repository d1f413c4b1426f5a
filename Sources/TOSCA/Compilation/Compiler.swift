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
    let profiles: [String]
    let addresses: any AddressResolver

    /// Makes a compiler.
    ///
    /// - Parameters:
    ///   - profiles: the folders in which profiles are looked for, first one first.
    ///   - addresses: what finds the files that are named by addresses.
    public init(profiles: [String], addresses: any AddressResolver = LocalAddresses()) {
        self.profiles = profiles
        self.addresses = addresses
    }

    /// A run over files that are read for a purpose.
    func run(_ purpose: Purpose) -> CompilerRun {
        CompilerRun(profiles: profiles, addresses: addresses, for: purpose)
    }

    /// Compiles the service template of a file.
    ///
    /// - Parameters:
    ///   - file: the path of the file.
    ///   - repository: where it lies.
    ///   - service: the service's name, which the templates are kept under.
    ///   - substitutions: where further files lie, by whose service templates nodes may be substituted. Those of the file
    ///     itself and of what is imported are candidates anyway.
    /// - Throws: all problems that were found, in order of place.
    public func compile(
        file: String, in repository: any FileRepository = LocalFiles(), service: String, substitutions: [FilePlace] = []
    ) throws(Problems) -> CompiledDesign {
        let run = run(.compiling)
        let place = FilePlace(repository: repository, path: file)
        let template = run.check(place, name: service, substitutions)
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
        let design = emitter.emit(template, run.candidates)
        let templates = [template] + run.candidates.used.map(\.template)
        let files = templates.flatMap(\.nodes).flatMap { $0.artifacts.compactMap(\.content) } + run.implementations
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
        let run = run(.validating)
        _ = run.check(FilePlace(repository: repository, path: file), name: "service")
        return try run.diagnostics.finish()
    }
}

/// One run of the compiler over one file and what it imports.
final class CompilerRun {
    let diagnostics: Diagnostics
    private(set) var types: TypeSystem?
    /// The file that was checked.
    private(set) var file: SourceFile?
    /// The files that implement operations.
    private(set) var implementations: [ArtifactFile] = []
    /// The service templates by which nodes may be substituted.
    private(set) var candidates = Candidates()
    private let artifacts: ArtifactReader
    private let profiles: [String]

    init(profiles: [String], addresses: any AddressResolver, for purpose: Purpose) {
        self.profiles = profiles
        artifacts = ArtifactReader(addresses: addresses)
        diagnostics = Diagnostics(purpose)
    }

    // Files that import each other would hold each other for ever.
    deinit { for file in diagnostics.files { file.imports = [] } }

    /// Reports all that is wrong; the complete service template if there is one.
    func check(_ place: FilePlace, name: String, _ substitutions: [FilePlace] = []) -> ServiceTemplate? {
        let imports = ImportResolver(
            diagnostics: diagnostics, profiles: ProfileFinder(folders: profiles), addresses: artifacts.addresses)
        let loader = Loader(diagnostics: diagnostics, imports: imports)
        let loaded = loader.load(place)
        for place in substitutions { _ = loader.load(place) }
        diagnostics.files = loader.files
        guard let file = loaded else { return nil }
        self.file = file
        let log = ExpressionLog()
        let catalogue = TypeCatalogue(files: loader.files, diagnostics: diagnostics)
        let functions = FunctionCatalogue(files: loader.files, diagnostics: diagnostics)
        let types = TypeSystem(catalogue, functions, log: log)
        self.types = types
        types.complete()
        for file in loader.files { Repositories.check(file, diagnostics) }
        if diagnostics.purpose == .validating {
            for type in types.catalogue.types where type.kind == .node || type.kind == .relationship {
                Completion(file: type.file, types: types, artifacts: artifacts).check(type)
            }
        }
        guard let template = complete(file, name, log) else {
            ExpressionCheck(types: types, surroundings: Surroundings()).check(log)
            return nil
        }
        // To be valid a node needs no candidate.
        guard diagnostics.purpose == .compiling, template.nodes.contains(where: { $0.directives.contains(.substitute) }) else {
            return template
        }
        findCandidates(loader.files, template, log)
        return template
    }

    /// Completes and checks the service template of a file; nil if there is none.
    private func complete(_ file: SourceFile, _ name: String, _ log: ExpressionLog) -> ServiceTemplate? {
        guard let types, let entry = file.root.entries.first(where: { $0.name == "service_template" }), entry.value.isMapping
        else { return nil }
        let completion = Completion(file: file, types: types, artifacts: artifacts)
        let template = completion.complete(entry.value, at: entry.key.location, name: name)
        ExpressionCheck(types: types, surroundings: completion.surroundings).check(log)
        log.clear()
        implementations += completion.implementations
        return template
    }

    /// Completes the service templates that nodes of another one may be substituted by: its own first, and then those of all
    /// files in the order in which they were read.
    private func findCandidates(_ files: [SourceFile], _ template: ServiceTemplate, _ log: ExpressionLog) {
        var all: [Candidate] = []
        for file in files where file.root["service_template"]?["substitution_mappings"] != nil {
            let name = freeName(for: file, among: all)
            guard let service = file.index == 0 ? template : complete(file, name, log),
                let mapping = service.substitution, let types
            else { continue }
            let requirements = types.content(of: mapping.nodeType).requirements
            let bounds = Dictionary(requirements.map { ($0.name, $0.lowerBound) }) { first, _ in first }
            all.append(
                Candidate(
                    name: name, template: service, mapping: mapping,
                    relationships: service.mappedRelationships(mapping, lowerBounds: bounds)))
        }
        candidates = Candidates(all)
        candidates.use(for: template)
        for service in [template] + candidates.used.map(\.template) { warn(of: service) }
    }

    /// The name of a candidate: that of its file without the extension, and a number if another one has that.
    private func freeName(for file: SourceFile, among all: [Candidate]) -> String {
        let parts = (file.path.split(separator: "/").last ?? "").split(separator: ".", omittingEmptySubsequences: false)
        let base = parts.dropLast(parts.count > 1 ? 1 : 0).joined(separator: ".")
        var name = base
        var number = 2
        while all.contains(where: { $0.name == name }) {
            name = "\(base)-\(number)"
            number += 1
        }
        return name
    }

    /// Warns of nodes for which nothing can be a substitution.
    private func warn(of service: ServiceTemplate) {
        for node in service.nodes where node.directives.contains(.substitute) && candidates.matching(node.type).isEmpty {
            diagnostics.report(
                "tosca.no-substitution", "no service template is given that can be a substitution for ‘\(node.about.name)’",
                at: node.about.location,
                hint: "name a file with one for ‘\(node.type.name)’ with ‘--substitution’", severity: .warning)
        }
    }
}
