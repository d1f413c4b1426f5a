// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// The name of a secret: a directory and a name in it.
///
/// What lies in a directory, or below it, may use the secrets of that directory. Those of the root are everybody's.
public struct SecretName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The collection of records that hold secrets, by name.
    public static let collection = "secrets"

    /// Where it is.
    public let directory: Directory
    /// Its name there.
    public let name: String

    /// Makes a name.
    ///
    /// - Throws: `floria.malformed-id`.
    public init(_ directory: Directory, _ name: String) throws(Problem) {
        for name in directory.names + [name] { try ID.check(name: name) }
        self.directory = directory
        self.name = name
    }

    /// Parses the form of ``description``.
    ///
    /// - Throws: `floria.malformed-id`.
    public init(parsing text: String) throws(Problem) {
        let names = try Directory(parsing: text).names
        guard let name = names.last else { throw Problem("floria.malformed-id", "the name of a secret is empty") }
        self.directory = Directory(Array(names.dropLast()))
        self.name = name
    }

    /// Directory and name joined with `/`.
    public var description: String { directory.names.isEmpty ? name : "\(directory)/\(name)" }

    /// Whether an entity may use the secret.
    public func isUsable(by entity: ID) -> Bool {
        entity.directory.isWithin(directory) || entity.directory.appending(entity.name).isWithin(directory)
    }

    /// Order by directory, then by name.
    public static func < (left: SecretName, right: SecretName) -> Bool {
        left.directory == right.directory ? left.name < right.name : left.directory < right.directory
    }
}
