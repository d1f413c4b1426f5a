// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct StoreExport: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a service, a directory or everything to a file; it is the agent's if one runs.",
        discussion: examples(
            "store export --service shop shop.json", "store export --as yaml -       everything, to the standard output",
            "store export --directory types --as cbor types.cbor"))

    @Argument(
        help: ArgumentHelp("The file, which must not be there yet; - is the standard output.", valueName: "file"),
        completion: .file())
    var file: String

    @Option(help: ArgumentHelp("Only this service.", valueName: "name"))
    var service: String?

    @Option(help: ArgumentHelp("Only this directory, with what lies below.", valueName: "path"))
    var directory: String?

    @Option(name: .customLong("as"), help: ArgumentHelp("The form: cbor, json or yaml.", valueName: "form"))
    var form = ExportForm.json

    @OptionGroup var store: StoreOptions

    func validate() throws {
        if service != nil, directory != nil { throw ValidationError("‘--service’ and ‘--directory’ exclude each other") }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let scope = try raising { () throws(Problem) -> ExchangeScope in
            if let service { return .service(try ID(.vertex, parsing: service).name) }
            return try directory.map { text throws(Problem) in .directory(try Directory(parsing: text)) } ?? .everything
        }
        if let client = try await store.client() {
            try raising { () throws(Problem) in try NewFile.check(file) }
            let waiting = Transfer("the agent gathers it", screen)
            let answer = try await client.exportStore(scope, as: form.format)
            withExtendedLifetime(waiting) {}
            try await Transfer.receive(answer, in: file, screen)
        } else {
            try await export(scope)
        }
        if file != "-" { screen.show(["file": .text(file)]) { _ in "it is in ‘\(file)’\n" } }
        screen.tell(Self.rest)
    }

    /// What a person has to see to who wants to go on elsewhere.
    private static let rest = """
        not in it: what runs on hosts, files that designs brought, and the keys of secrets
        elsewhere: nodes have the states that they had here; to have a service run, bring the keys or set the secrets again, \
        delete it and deploy it with its design
        """

    private func export(_ scope: ExchangeScope) async throws(Problems) {
        let exporter = try store.exporter(try store.reading())
        let (file, form) = (file, form.format)
        try await raising { () async throws(Problem) in
            let output = try NewFile(file)
            try await exporter.write(scope, as: form) { bytes throws(Problem) in try output.write(bytes) }
            try output.finish()
        }
    }
}

/// The form of an export as an argument.
enum ExportForm: String, ExpressibleByArgument, CaseIterable {
    case cbor, json, yaml

    /// The form.
    var format: ExchangeFormat {
        switch self {
        case .cbor: .cbor
        case .json: .json
        case .yaml: .yaml
        }
    }
}
