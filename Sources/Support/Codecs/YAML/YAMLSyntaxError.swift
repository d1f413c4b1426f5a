// SPDX-License-Identifier: Apache-2.0 OR MIT

/// What libyaml says about a text that is not YAML, to be said in the words of our messages.
struct YAMLSyntaxError {
    /// libyaml's message.
    let problem: String
    let location: SourceLocation
    /// What libyaml was doing, and where that began.
    let context: String?
    let contextLocation: SourceLocation
    /// The character at the location; nil at the end of the text.
    let found: Unicode.Scalar?

    private static let quoteHint = "a text that holds such characters needs quotes"
    private static let indentationHint = "check the indentation of this line and the ones before it"

    /// The problem for people.
    func described() -> Problem {
        if let problem = tabProblem() ?? scannerProblem() ?? scalarProblem() ?? parserProblem() { return problem }
        return Problem("yaml.syntax", "this is not YAML: \(problem)", at: .source(location), related: related)
    }

    private func tabProblem() -> Problem? {
        let isAboutTab = problem.contains("tab character") || problem.contains("cannot start any token") && found == "\t"
        guard isAboutTab else { return nil }
        return Problem("yaml.tab", "a tab cannot indent in YAML", at: .source(location), hint: "use spaces")
    }

    private func scannerProblem() -> Problem? {
        switch problem {
        case "found character that cannot start any token":
            syntax("\(foundText) cannot begin a value", hint: Self.quoteHint)
        case "mapping values are not allowed in this context":
            syntax("‘:’ cannot stand here", hint: "a text that holds ‘: ’ needs quotes; otherwise check the indentation")
        case "block sequence entries are not allowed in this context":
            syntax("an item of a list cannot begin here", hint: Self.indentationHint)
        case "mapping keys are not allowed in this context":
            syntax("‘?’ cannot begin a key here", hint: Self.quoteHint)
        case "could not find expected ':'":
            syntax("the ‘:’ after this key is missing", at: contextLocation, hint: Self.indentationHint)
        case "did not find expected alphabetic or numeric character":
            syntax("\(foundText) cannot stand in the name of an anchor or alias", hint: Self.quoteHint)
        case "found undefined tag handle":
            syntax("the handle of this tag is not declared")
        case "found incompatible YAML document":
            syntax("this version of YAML is not supported", hint: "write %YAML 1.2 or leave the line out")
        default: nil
        }
    }

    private func scalarProblem() -> Problem? {
        switch problem {
        case "found unexpected end of stream" where context == "while scanning a quoted scalar":
            syntax("the closing quote of this text is missing", at: contextLocation)
        case "found unexpected document indicator":
            syntax("a document's marker stands within a text in quotes", hint: "is a closing quote missing before?")
        case "found unknown escape character":
            syntax("this escape sequence does not exist", hint: "in single quotes ‘\\’ is an ordinary character")
        case "did not find expected hexdecimal number":
            syntax("an escape sequence lacks hexadecimal digits")
        case "found invalid Unicode character escape code":
            syntax("an escape sequence names something that is no character")
        case "did not find expected comment or line break":
            syntax("\(foundText) cannot follow on this line", hint: "a block of text begins on the next line")
        default: nil
        }
    }

    private func parserProblem() -> Problem? {
        switch problem {
        case "did not find expected key":
            syntax("expected a key, found \(foundText)", hint: "check the indentation, and texts that need quotes")
        case "did not find expected '-' indicator":
            syntax("expected ‘-’ and an item, found \(foundText)", hint: Self.indentationHint)
        case "did not find expected ',' or ']'": syntax("expected ‘,’ or ‘]’, found \(foundText)")
        case "did not find expected ',' or '}'": syntax("expected ‘,’ or ‘}’, found \(foundText)")
        case "did not find expected node content":
            syntax("expected a value, found \(foundText)", hint: Self.quoteHint)
        case "did not find expected <document start>":
            syntax("expected the end of the document, found \(foundText)", hint: Self.indentationHint)
        default: nil
        }
    }

    private var foundText: String {
        switch found {
        case nil: "the end of the file"
        case "\n", "\r": "the end of the line"
        case let scalar?: "‘\(scalar)’"
        }
    }

    private func syntax(_ message: String, at place: SourceLocation? = nil, hint: String? = nil) -> Problem {
        Problem("yaml.syntax", message, at: .source(place ?? location), related: place == nil ? related : [], hint: hint)
    }

    private var related: [Problem.Related] {
        let what: String? =
            switch context {
            case "while parsing a block mapping", "while parsing a flow mapping": "the map begins here"
            case "while parsing a block collection", "while parsing a flow sequence": "the list begins here"
            case "while scanning a quoted scalar", "while parsing a quoted scalar": "the text begins here"
            default: nil
            }
        return what.map { [Problem.Related($0, at: .source(contextLocation))] } ?? []
    }
}
