// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Entity {
    /// The commands that set what a person has set of it, `{"comment", "command"}` each, in order of name. What is sensitive is
    /// left out.
    var commandsByHand: [Value] {
        properties.sorted { $0.key < $1.key }.compactMap { name, property in
            guard let person = property.provenance, person.author == .person, !property.isSensitive else { return nil }
            var words = ["khutulun", "node", "set", id.description, name]
            if let expression = property.ownUpdater {
                words += ["--expression", Notation.encode(expression)]
            } else if let value = property.value {
                let word = value.argument
                words += word.hasPrefix("-") ? ["--", word] : [word]
            } else {
                return nil
            }
            return [
                "comment": .text("set by \(person.name)"), "command": .text(words.map(\.shellWord).joined(separator: " ")),
            ]
        }
    }
}

extension Value {
    /// The argument of a command that is read as this value: a text as it is, unless it would be read as something else.
    fileprivate var argument: String {
        guard case .text(let text) = self else { return JSON.encode(self) }
        let isPlain = text.first.map { !"[{\"'".contains($0) } == true && YAMLNode.resolve(plain: text) == self
        let notation = Notation.encode(self)
        // The notation has an escape sequence for what doesn't show.
        return isPlain && notation == "\"\(text)\"" ? text : notation
    }
}

extension String {
    /// The text as one word of a shell.
    fileprivate var shellWord: String {
        let isPlain =
            !isEmpty
            && unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                        || "_-./:=@,+".unicodeScalars.contains(scalar))
            }
        return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
    }
}
