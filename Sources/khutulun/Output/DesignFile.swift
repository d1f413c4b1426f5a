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
    func compile() throws(Problems) -> CompiledDesign { try compiler().compile(file: path, service: service) }

    /// Checks the file, and gives the warnings. It need not have a service template.
    func validate() throws(Problems) -> [Problem] { try compiler().validate(file: path) }

    private func compiler() throws(Problems) -> Compiler {
        try Files.check(path)
        return Compiler(profiles: [try Installation.find().profiles])
    }
}
