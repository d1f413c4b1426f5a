// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension ID {
    /// The form in documents, kind included: `vertex:shop/web-0`.
    public var documentText: String { "\(kind.rawValue):\(description)" }

    /// Parses the form in documents.
    ///
    /// - Throws: `floria.malformed-id`.
    public init(documentText text: String) throws(Problem) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), let kind = EntityKind(rawValue: String(text[..<colon]))
        else {
            throw Problem(
                "floria.malformed-id", "‘\(text)’ is no identifier in a document",
                hint: "write KIND:DIRECTORY/NAME; the kinds are \(EntityKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        try self.init(kind, parsing: String(text[text.utf8.index(after: colon)...]))
    }

    /// Fails if a name in it isn't valid.
    func check() throws(Problem) {
        try directory.check()
        try ID.check(name: name)
    }
}
