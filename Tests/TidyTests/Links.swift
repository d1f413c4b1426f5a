// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Looks for links from documents to files that aren't there.
enum Links {
    /// The links of a document whose target is neither an address nor one of the paths.
    static func broken(_ file: Repository.File, paths: Set<String>) -> [Finding] {
        let folder = file.path.split(separator: "/").dropLast().map(String.init)
        return file.lines.enumerated().flatMap { index, line in
            targets(line).filter { !paths.contains(resolve($0, in: folder)) }.map {
                Finding(path: file.path, row: index + 1, message: "no \($0)")
            }
        }
    }

    /// The targets of `[text](target)` in a line, without addresses and without the part after `#`.
    private static func targets(_ line: String) -> [String] {
        line.split(separator: "](", omittingEmptySubsequences: false).dropFirst().compactMap { rest in
            let target = rest.prefix { $0 != ")" }.prefix { $0 != "#" }
            return target.isEmpty || target.contains(":") || target.contains(" ") ? nil : String(target)
        }
    }

    private static func resolve(_ target: String, in folder: [String]) -> String {
        var path = folder
        for name in target.split(separator: "/") {
            switch name {
            case ".": break
            case "..": path = path.dropLast()
            default: path.append(String(name))
            }
        }
        return path.joined(separator: "/")
    }
}
