// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The targets and their dependencies as `Package.swift` declares them.
struct Manifest {
    /// The names of the targets below `Sources`, with what each may import.
    var imports: [String: Set<String>] = [:]

    /// Reads the manifest's text.
    init(_ file: Repository.File) {
        let text = file.lines.filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
        let products = Self.constants(text)
        for opening in ["library(", ".executableTarget(", ".target(", ".systemLibrary("] {
            for range in text.ranges(of: opening) where !text[..<range.lowerBound].hasSuffix("func ") {
                let call = Self.balanced(text[range.upperBound...])
                guard let name = Self.strings(call).first, !Self.isHelper(call) else { continue }
                let list = opening == "library(" ? call : call.ranges(of: "dependencies:").first.map { call[$0.upperBound...] }
                imports[name] = Self.dependencies(list ?? "", products: products)
            }
        }
    }

    /// The helper functions and the list of products take their names from variables or stand before the targets.
    private static func isHelper(_ call: Substring) -> Bool { call.contains("name: name") || call.contains("targets:") }

    /// The call's text up to its closing parenthesis.
    private static func balanced(_ text: Substring) -> Substring {
        var depth = 1
        return text.prefix { character in
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            return depth > 0
        }
    }

    private static func strings(_ text: Substring) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map {
            String($0.element)
        }
    }

    /// `let crypto = Target.Dependency.product(name: "Crypto", …)` gives `crypto` → `Crypto`.
    private static func constants(_ text: String) -> [String: String] {
        var products: [String: String] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("let ") && line.contains(".product(") {
            let name = line.dropFirst(4).prefix { $0 != " " }
            products[String(name)] = strings(line).first
        }
        return products
    }

    /// The names in the next list of a text: targets, modules of products, and constants that stand for them.
    private static func dependencies(_ list: Substring, products: [String: String]) -> Set<String> {
        var names: Set<String> = []
        for item in items(list.drop { $0 != "[" }.dropFirst().prefix { $0 != "]" }) {
            if item.hasPrefix("\"") || item.hasPrefix(".product(") || item.hasPrefix(".target(") {
                if let module = strings(item).first { names.insert(module) }
            } else if let module = products[String(item)] {
                names.insert(module)
            }
        }
        return names
    }

    /// The items of a list, split at the commas outside parentheses.
    private static func items(_ list: Substring) -> [Substring] {
        var depth = 0
        return list.split { character in
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            return character == "," && depth == 0
        }.map { item in
            item.drop { $0.isWhitespace }
        }.filter { !$0.isEmpty }.map { item in
            item.lastIndex { !$0.isWhitespace }.map { item[...$0] } ?? item
        }
    }
}

/// The order of the targets in the table of `docs/architecture.md`, highest first, with the arrows it draws.
struct ArchitectureTable {
    var rows: [(target: String, uses: Set<String>)] = []

    /// Reads the rows `| [`target`](…) | what it uses | …` below the heading `## The targets`.
    init(_ file: Repository.File) {
        let section = file.lines.drop { $0 != "## The targets" }.dropFirst().prefix { !$0.hasPrefix("## ") }
        for line in section where line.hasPrefix("| [`") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { Self.quoted($0) }
            guard cells.count > 2, let target = cells[1].first else { continue }
            rows.append((target, Set(cells[2])))
        }
    }

    /// The words between backticks.
    private static func quoted(_ cell: Substring) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map {
            String($0.element)
        }
    }
}
