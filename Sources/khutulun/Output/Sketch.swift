// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Floria
import Support
import TOSCA

/// A design of which a graph is made without an agent and without a store.
struct SketchOptions: ParsableArguments {
    @Argument(help: "The design's file, an archive, or the address of either; - is the standard input.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The service's name; otherwise that of the file.", valueName: "name"))
    var service: String?

    @OptionGroup var inputs: InputOptions
    @OptionGroup var substitutions: SubstitutionOptions
    @OptionGroup var archive: ArchiveOptions

    /// The graph, and why it is so. Warnings are shown at once.
    ///
    /// - Throws: what compiling throws, `tosca.missing-input` and whatever else is wrong with inputs, and what instantiating throws.
    func instantiate(_ screen: Screen, explains: Bool) async throws(Problems) -> Instantiation {
        let name = service ?? DesignFile.serviceName(of: file)
        let compiled = try DesignFile(file, service: name, archive: archive, screen: screen).compile(substitutions)
        screen.report(compiled.warnings + inputs.exposed(in: compiled))
        var values = try inputs.values(for: compiled)
        for input in compiled.inputs where input.isSecret {
            // Its content is of no use here, and must not be shown.
            guard let value = values[input.name], SecretReference(value) == nil else { continue }
            let secret = try raising { () throws(Problem) in try SecretName(Directory([name]), "input.\(input.name)") }
            values[input.name] = SecretReference.stored(secret, version: nil).value
        }
        let functions = Functions([TOSCAFunctions.name: TOSCAFunctions()], plugins: AbsentPlugins())
        return try await Instantiator(functions: functions, now: Timestamp.now).instantiate(
            compiled.design, name: name, inputs: values, explains: explains)
    }
}

/// The files by whose service templates nodes may be substituted.
struct SubstitutionOptions: ParsableArguments {
    @Option(
        name: .customLong("substitution"),
        help: ArgumentHelp(
            "A further file by whose service template nodes may be substituted; may be given several times.", valueName: "file"
        ), completion: .file(extensions: ["yaml", "yml"]))
    var files: [String] = []
}

/// Stands in for plugins where none may run: what they give is known later.
private struct AbsentPlugins: FunctionLibrary {
    let answersAtOnce = true

    func dispatch(_ function: String, _ arguments: [Value], _ evaluation: Evaluation) async throws(EvaluationFailure) -> Value {
        throw .pending(Problem("command.no-plugins", "what ‘\(function)’ gives is known when an agent makes the service"))
    }
}
