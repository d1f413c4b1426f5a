// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import TOSCA

/// A file with a design.
struct DesignFile {
    let path: String
    let service: String

    /// Compiles the design with the profiles that came with the program.
    ///
    /// - Throws: `command.unreadable`, `command.not-installed`, `tosca.*`, `yaml.*`.
    func compile(_ substitutions: SubstitutionOptions) throws(Problems) -> CompiledDesign {
        for file in substitutions.files { try Files.check(file) }
        return try compiler().compile(file: path, service: service, substitutions: substitutions.files)
    }

    /// The name of a service whose name isn't told: that of its file, without what follows a dot.
    static func serviceName(of file: String) -> String {
        let base = file.split(separator: "/").last ?? ""
        let name = String(base.prefix { $0 != "." })
        return name.isEmpty ? "service" : name
    }

    /// Checks the file, and gives the warnings. It need not have a service template.
    func validate() throws(Problems) -> [Problem] { try compiler().validate(file: path) }

    private func compiler() throws(Problems) -> Compiler {
        try Files.check(path)
        return Compiler(profiles: [try Installation.find().profiles])
    }
}
