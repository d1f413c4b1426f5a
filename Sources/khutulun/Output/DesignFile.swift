// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import Support
import TOSCA

/// A file with a design, an archive of one, or either from the standard input.
struct DesignFile {
    let path: String
    let service: String
    let archive: ArchiveOptions
    let texts: SourceTexts

    init(_ path: String, service: String = "service", archive: ArchiveOptions, screen: Screen) {
        self.path = path
        self.service = service
        self.archive = archive
        texts = screen.texts
    }

    /// Compiles the design with the profiles that came with the program.
    ///
    /// - Throws: `command.unreadable`, `command.not-installed`, `tosca.*`, `yaml.*`, `csar.*`.
    func compile(_ substitutions: SubstitutionOptions) throws(Problems) -> CompiledDesign {
        let files = substitutions.files
        for file in files { try Files.check(file) }
        let compiler = try Self.compiler()
        let places = files.map { FilePlace(path: $0) }
        switch try open() {
        case .package(let package): return try package.compile(with: compiler, service: service, substitutions: places)
        case .file(let repository):
            return try compiler.compile(file: path, in: repository, service: service, substitutions: places)
        }
    }

    /// The name of a service whose name isn't told: that of its file, without what follows a dot.
    static func serviceName(of file: String) -> String {
        let base = file.split(separator: "/").last ?? ""
        let name = String(base.prefix { $0 != "." })
        return name.isEmpty || name == "-" ? "service" : name
    }

    /// Checks the file, and gives the warnings. It need not have a service template.
    func validate() throws(Problems) -> [Problem] {
        let compiler = try Self.compiler()
        switch try open() {
        case .package(let package): return try package.validate(with: compiler, needsArtifacts: false)
        case .file(let repository): return try compiler.validate(file: path, in: repository)
        }
    }

    /// The types and functions that the file can name.
    func vocabulary() throws(Problems) -> Vocabulary {
        let compiler = try Self.compiler()
        switch try open() {
        case .package(let package):
            return try compiler.vocabulary(of: FilePlace(repository: package.archive, path: package.layout.entryDefinitions))
        case .file(let repository): return try compiler.vocabulary(of: FilePlace(repository: repository, path: path))
        }
    }

    /// A compiler that knows the profiles that came with the program.
    static func compiler() throws(Problems) -> Compiler { Compiler(profiles: [try Installation.find().profiles]) }

    private enum Opened {
        case package(Package)
        case file(any FileRepository)
    }

    private func open() throws(Problems) -> Opened {
        let (format, input) = try archive.open(path)
        if format == nil {
            let content = try raising { () throws(Problem) in try input.content(limit: CodecLimits.standard.size) }
            let repository = GivenFile(path: path, content: content)
            texts.add(repository)
            return .file(repository)
        }
        let package = try Package(input, limits: archive.limits)
        texts.add(package.archive)
        return .package(package)
    }
}

/// A file that is open already, among those of this machine: what comes through a pipe can be read once.
private struct GivenFile: FileRepository {
    let path: String
    let content: any FileContent
    private var others: LocalFiles { LocalFiles() }

    init(path: String, content: any FileContent) {
        self.path = path
        self.content = content
    }

    func name(of path: String) -> String { others.name(of: path) }

    func identity(of path: String) -> String { others.identity(of: path) }

    func open(_ path: String) throws(Problem) -> any FileContent { path == self.path ? content : try others.open(path) }
}
