// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// A secret as it is stored: the encrypted contents of its last versions.
struct StoredSecret: Sendable {
    static let collection = SecretName.collection
    /// How many versions are kept.
    static let versionLimit = 10

    let name: SecretName
    /// From the oldest to the newest; never empty.
    var versions: [SealedContent]
    /// The version of the record.
    var recordVersion: UInt64

    /// Reads a record.
    ///
    /// - Throws: `secret.malformed`.
    init(record: Record) throws(Problem) {
        let items = record.value["versions"]?.list ?? []
        let versions = items.compactMap(SealedContent.init(document:))
        guard let name = try? SecretName(parsing: record.name.key), !versions.isEmpty, versions.count == items.count else {
            throw Problem("secret.malformed", "the record of the secret ‘\(record.name.key)’ cannot be read")
        }
        self.name = name
        self.versions = versions
        recordVersion = record.version
    }

    /// A secret of one version.
    init(_ name: SecretName, _ content: SealedContent) {
        self.name = name
        versions = [content]
        recordVersion = 0
    }

    static func key(_ name: SecretName) -> RecordKey { RecordKey(collection, name.description) }

    var record: Record {
        Record(Self.collection, name.description, ["versions": .list(versions.map(\.document))], version: recordVersion)
    }

    /// One version, or the newest.
    ///
    /// - Throws: `secret.unknown`.
    func version(_ number: UInt64?) throws(Problem) -> SealedContent {
        let found = number == nil ? versions.last : versions.first { $0.version == number }
        guard let found else {
            throw Problem(
                "secret.unknown", "the secret ‘\(name)’ has no version \(number ?? 0) any more",
                hint: "it has \(versions.map { "\($0.version)" }.joined(separator: ", ")); deploy again what uses it")
        }
        return found
    }

    /// What may be told of it.
    var description: SecretDescription {
        SecretDescription(
            name: name, version: versions.last?.version ?? 0, versions: versions.map(\.version), key: versions.last?.key ?? "",
            updated: versions.last?.time ?? 0)
    }
}

/// What may be told of a secret.
public struct SecretDescription: Sendable, Hashable {
    /// Its name.
    public var name: SecretName
    /// Its newest version.
    public var version: UInt64
    /// The versions that are kept, oldest first.
    public var versions: [UInt64]
    /// The ID of the key that the newest is encrypted with.
    public var key: String
    /// When the newest was made, in milliseconds since 1970 UTC.
    public var updated: Int64

    /// `{"name", "version", "versions", "key", "updated"}`.
    public var document: Value {
        [
            "name": .text(name.description), "version": .number(version), "versions": .list(versions.map(Value.number)),
            "key": .text(key), "updated": .integer(updated),
        ]
    }
}
