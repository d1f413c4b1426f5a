// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Checks the names and values of a `TOSCA.meta` (17.2.1, 17.2.2).
enum MetaCheck {
    static func problems(_ meta: TOSCAMeta, file: String) -> [Problem] {
        var problems = meta.blocks.flatMap(duplicates)
        for field in meta.blocks.first ?? [] {
            if TOSCAMeta.keynames.contains(field.name) {
                if field.value.isEmpty { problems.append(empty(field)) }
            } else {
                problems.append(unknown(field))
            }
        }
        for field in meta.customBlocks.joined() { problems += custom(field) }
        if let version = meta.field("CSAR-Version") {
            if version.value != TOSCAMeta.version, !version.value.isEmpty { problems.append(unknownVersion(version)) }
        } else {
            problems.append(
                Problem(
                    "csar.missing-keyname", "‘CSAR-Version’ is missing",
                    at: .source(meta.blocks.first?.first?.location ?? SourceLocation(file: file, row: 1, column: 1)),
                    hint: "begin with ‘CSAR-Version: \(TOSCAMeta.version)’"))
        }
        if let others = meta.field("Other-Definitions") { problems += NameList(others).problems }
        return problems
    }

    /// Where a problem is, for sorting.
    static func place(_ problem: Problem) -> (Int, Int) {
        guard case .source(let location) = problem.place else { return (0, 0) }
        return (location.row, location.column)
    }

    private static func duplicates(_ block: [TOSCAMeta.Field]) -> [Problem] {
        var first: [String: TOSCAMeta.Field] = [:]
        return block.compactMap { field in
            guard let other = first[field.name] else {
                first[field.name] = field
                return nil
            }
            return Problem(
                "csar.duplicate-keyname", "‘\(field.name)’ stands twice in a block", at: .source(field.location),
                related: [.init("first here", at: .source(other.location))])
        }
    }

    private static func empty(_ field: TOSCAMeta.Field) -> Problem {
        Problem("csar.malformed-meta", "‘\(field.name)’ has no value", at: .source(field.location))
    }

    private static func unknown(_ field: TOSCAMeta.Field) -> Problem {
        let similar = TOSCAMeta.keynames.first { $0.lowercased() == field.name.lowercased() }
        let hint =
            similar.map { "did you mean ‘\($0)’?" }
            ?? (field.name == "TOSCA-Meta-File-Version"
                ? "it belongs to TOSCA 1; remove it"
                : "put an empty line before names of your own: they belong to a block of their own")
        return Problem("csar.unknown-keyname", "‘\(field.name)’ is no name of block 0", at: .source(field.location), hint: hint)
    }

    private static func custom(_ field: TOSCAMeta.Field) -> [Problem] {
        if TOSCAMeta.keynames.contains(field.name) {
            return [
                Problem(
                    "csar.reserved-keyname", "‘\(field.name)’ belongs to block 0", at: .source(field.location),
                    hint: "put it before the first empty line")
            ]
        }
        guard field.name.hasPrefix("TOSCA") || field.name.hasPrefix("tosca") else { return [] }
        return [
            Problem(
                "csar.reserved-keyname", "‘\(field.name)’ begins with a word that the standard keeps for itself",
                at: .source(field.location), hint: "begin your own names with something else, such as your organization")
        ]
    }

    private static func unknownVersion(_ field: TOSCAMeta.Field) -> Problem {
        Problem(
            "csar.unknown-version", "the version ‘\(field.value)’ is not supported",
            at: .source(field.places.first ?? field.location),
            hint: "the supported version is \(TOSCAMeta.version)")
    }
}
