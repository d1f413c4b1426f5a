// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Checks files one after the other, and tells of each whether it is valid.
enum Validation {
    /// - Parameter check: gives the warnings of a file, or throws what is wrong.
    /// - Throws: what is wrong with any of them. It was shown.
    static func perform(
        _ files: [String], _ format: ReportFormat, _ screen: Screen, check: (String) throws(Problems) -> [Problem]
    ) throws(Problems) {
        var results: [Value] = []
        var all: [Problem] = []
        for file in files {
            let found: [Problem]
            do throws(Problems) { found = try check(file) } catch { found = error.all }
            let errors = found.filter { $0.severity == .error }
            all += found
            results.append(["file": .text(file), "valid": .boolean(errors.isEmpty), "problems": .list(found.map(\.value))])
            if format == .table { screen.report(found) }
        }
        let problems = all.filter { $0.severity == .error }
        if format == .sarif {
            screen.show(SARIF.document(all, version: Khutulun.version)) { _ in "" }
            if !problems.isEmpty { throw Problems(problems) }
            return
        }
        screen.show(.list(results)) { palette in
            results.filter { $0["valid"]?.boolean == true }.map {
                "\($0.words("file").visible) is \(palette.paint("valid", .good))\n"
            }.joined()
        }
        if !problems.isEmpty { throw Problems(problems) }
    }
}
