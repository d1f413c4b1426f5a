// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A problem: what a function of a plugin, or of the host, fails with. It crosses the interface as a document.
public struct PluginError: Error, Equatable {
    /// The document: `code`, `message` and optionally `place`, `causes`, `hint`.
    public var document: JSON

    /// Makes a problem: a code `area.name`, one sentence that says what failed, and what to do next.
    public init(_ code: String, _ message: String, hint: String? = nil, because cause: PluginError? = nil) {
        document = ["code": .text(code), "message": .text(message)]
        if let hint { document["hint"] = .text(hint) }
        if let cause { document["causes"] = [cause.document] }
    }

    /// Makes a problem of its document.
    public init(document: JSON) { self.document = document }

    /// The code.
    public var code: String { document["code"]?.text ?? "" }
    /// What failed.
    public var message: String { document["message"]?.text ?? "" }
    /// What to do next.
    public var hint: String? { document["hint"]?.text }
}
