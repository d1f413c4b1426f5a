// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

/// How what is wrong with files is written.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, yaml
    /// For tools that show the problems of many checkers: SARIF 2.1.0.
    case sarif

    /// How other results are written beside it.
    var output: OutputFormat { OutputFormat(rawValue: rawValue) ?? .json }
}

/// What every command takes that checks files.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How to write the result: table, json, yaml or sarif.", valueName: "format"))
    var format = ReportFormat.table
}
