// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension ShortCommand {
    /// Reads the document that `run` takes.
    ///
    /// - Throws: `command.invalid`.
    init(document: Value) throws(Problem) {
        guard let arguments = document["arguments"]?.list?.compactMap(\.text), !arguments.isEmpty else {
            throw Problem("command.invalid", "a command needs ‘arguments’, which begin with its program")
        }
        self.init(arguments: arguments)
        for (name, value) in document["environment"]?.map ?? ValueMap() {
            guard let name = name.text, let value = value.text else {
                throw Problem("command.invalid", "the environment of a command is a map of texts")
            }
            environment[name] = value
        }
        directory = document["directory"]?.text
        user = document["user"]?.text
        input = document["input"]?.blob ?? Array((document["input"]?.text ?? "").utf8)
        milliseconds = document["timeout"]?.integer.map { UInt64(max(0, $0)) } ?? milliseconds
    }
}
