// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import Support
import TOSCA

/// A file with a design, an archive of one, or either from the standard input.
struct DesignFile {
    let path: String
    let service: String
    let reader: DesignReader

    /// - Throws: `command.unreadable`, `command.not-installed`.
    init(_ path: String, service: String = "service", archive: ArchiveOptions, screen: Screen) throws(Problems) {
        self.init(path, service: service, reader: try DesignReader(archive, screen))
    }

    init(_ path: String, service: String = "service", reader: DesignReader) {
        self.path = path
        self.service = service
        self.reader = reader
    }

    /// Compiles the design.
    ///
    /// - Throws: `command.unreadable`, `tosca.*`, `yaml.*`, `csar.*`, `fetch.*`.
    func compile(_ substitutions: SubstitutionOptions) throws(Problems) -> CompiledDesign {
        let places = try reader.places(of: substitutions.files)
        switch try reader.open(path) {
        case .package(let package):
            return try package.compile(with: reader.compiler, service: service, substitutions: places)
        case .file(let place):
            return try reader.compiler.compile(
                file: place.path, in: place.repository, service: service, substitutions: places)
        }
    }

    /// The name of a service whose name isn't told: that of its file, without what follows a dot.
    static func serviceName(of file: String) -> String {
        let location = file.prefix { $0 != "?" }
        let base = location.split { $0 == "/" || $0 == "!" }.last ?? ""
        let name = String(base.prefix { $0 != "." })
        return name.isEmpty || name == "-" ? "service" : name
    }

    /// Checks the file, and gives the warnings. It need not have a service template.
    func validate() throws(Problems) -> [Problem] {
        switch try reader.open(path) {
        case .package(let package): try package.validate(with: reader.compiler, needsArtifacts: false)
        case .file(let place): try reader.compiler.validate(file: place.path, in: place.repository)
        }
    }

    /// The types and functions that the file can name.
    func vocabulary() throws(Problems) -> Vocabulary {
        switch try reader.open(path) {
        case .package(let package):
            try reader.compiler.vocabulary(
                of: FilePlace(repository: package.archive, path: package.layout.entryDefinitions))
        case .file(let place): try reader.compiler.vocabulary(of: place)
        }
    }
}
