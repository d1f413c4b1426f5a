// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// Keeps secrets in a store, encrypted with keys that lie outside of it.
///
/// A secret has versions; the graph refers to it by ``SecretReference``. Every commit that writes something encrypted expects
/// that the current key is still current, so that nothing is written with a key that is about to go.
public struct Secrets: Sendable {
    /// The largest content, in bytes of CBOR.
    public static let sizeLimit = 256 << 10
    static let attemptLimit = 20

    let store: any Store
    let keys: SecretKeys
    let failpoint: Failpoint
    let now: @Sendable () -> Int64

    /// Makes the secrets of a store.
    ///
    /// - Parameter now: The time in milliseconds since 1970 UTC.
    public init(store: any Store, keys: SecretKeys, failpoint: Failpoint = .none, now: @escaping @Sendable () -> Int64) {
        self.store = store
        self.keys = keys
        self.failpoint = failpoint
        self.now = now
    }

    // MARK: Looking

    /// The secrets of a directory and below, in order of name.
    public func list(within directory: Directory = .root) async throws(Problem) -> [SecretDescription] {
        try await store.read { snapshot throws(Problem) in
            let prefix = directory.names.isEmpty ? "" : "\(directory)/"
            var all: [SecretDescription] = []
            for record in try snapshot.records(StoredSecret.collection, prefix: prefix, after: nil, limit: .max) {
                all.append(try StoredSecret(record: record).description)
            }
            return all.sorted { $0.name < $1.name }
        }
    }

    /// What may be told of a secret.
    ///
    /// - Throws: `secret.unknown`.
    public func describe(_ name: SecretName) async throws(Problem) -> SecretDescription {
        try await required(name).description
    }

    /// The properties whose values refer to a secret, in order.
    public func users(of name: SecretName) async throws(Problem) -> [PropertyReference] {
        try await store.read { snapshot throws(Problem) in
            var entities: [Entity] = []
            for kind in [EntityKind.vertex, .edge] {
                entities += try snapshot.entities(.directory(kind, name.directory, isDeep: true))
            }
            if let service = name.directory.names.last {
                let above = Directory(Array(name.directory.names.dropLast()))
                if let root = try snapshot.entity(.vertex(above, service)) { entities.append(root) }
            }
            return entities.flatMap { entity in
                entity.properties.filter { $0.value.refers(to: name) }.map { PropertyReference(entity.id, $0.key) }
            }.sorted()
        }
    }

    /// The contents of secrets, for an entity that uses them.
    ///
    /// - Throws: `secret.unknown`, `secret.out-of-scope`, `secret.tampered`, `secret.no-key`.
    public func open(
        _ references: Set<SecretReference>, for entity: ID
    ) async throws(Problem) -> [SecretReference: Value] {
        var contents: [SecretReference: Value] = [:]
        for case .stored(let name, let version) in references {
            contents[.stored(name, version: version)] = try await usable(name, version, by: entity).open(of: name, in: keys)
        }
        return contents
    }

    /// Makes sure that secrets are there and that an entity may use them.
    ///
    /// - Throws: `secret.unknown`, `secret.out-of-scope`.
    public func check(_ references: Set<SecretReference>, for entity: ID) async throws(Problem) {
        for case .stored(let name, let version) in references { _ = try await usable(name, version, by: entity) }
    }

    /// A version of a secret that an entity may use.
    private func usable(_ name: SecretName, _ version: UInt64?, by entity: ID) async throws(Problem) -> SealedContent {
        guard name.isUsable(by: entity) else {
            throw Problem(
                "secret.out-of-scope", "‘\(entity)’ may not use the secret ‘\(name)’",
                at: .entity(entity.description, property: nil),
                hint: "a secret can be used in its directory and below; those without a directory everywhere")
        }
        return try await required(name).version(version)
    }

    // MARK: Changing

    /// Makes a secret, or a new version of it. The same content again is no new version.
    ///
    /// - Returns: its newest version.
    /// - Throws: `secret.too-large`, and problems of the keys and the store.
    @discardableResult
    public func set(_ name: SecretName, to content: Value, provenance: Provenance? = nil) async throws(Problem) -> UInt64 {
        try await retrying { () throws(Problem) in
            var draft = SecretDraft()
            let reference = try await seal(content, as: name, in: &draft)
            var transaction = Transaction()
            transaction.provenance = provenance
            draft.add(to: &transaction)
            failpoint.reach("secret.before-commit")
            if !draft.records.isEmpty { try await store.commit(transaction) }
            failpoint.reach("secret.after-commit")
            guard case .stored(_, let version?) = reference else { return 0 }
            return version
        }
    }

    /// Encrypts a content, to be stored by whoever commits the draft.
    ///
    /// - Returns: a reference to the version: a new one, or the newest that is there if it has the same content.
    /// - Throws: `secret.too-large`, and problems of the keys and the store.
    public func seal(
        _ content: Value, as name: SecretName, in draft: inout SecretDraft
    ) async throws(Problem) -> SecretReference {
        let size = CBOR.encode(content).count
        guard size <= Self.sizeLimit else {
            throw Problem(
                "secret.too-large", "the secret ‘\(name)’ has \(size) bytes, more than the \(Self.sizeLimit) that are allowed")
        }
        let state = try await currentKey()
        var secret = try await stored(name)
        if let newest = secret?.versions.last, (try? newest.open(of: name, in: keys)) == content {
            return .stored(name, version: newest.version)
        }
        let version = (secret?.versions.last?.version ?? 0) + 1
        let sealed = try SealedContent(content, of: name, version: version, key: state.current, in: keys, time: now())
        // What cannot be opened any more is let go of: it would be in the way of every rotation.
        let usable = secret?.versions.filter { (try? $0.open(of: name, in: keys)) != nil } ?? []
        secret?.versions = (usable + [sealed]).suffix(StoredSecret.versionLimit)
        draft.add(secret ?? StoredSecret(name, sealed), state)
        return .stored(name, version: version)
    }

    /// Removes a secret with all its versions.
    ///
    /// - Parameter isForced: also if something refers to it.
    /// - Throws: `secret.unknown`, `secret.in-use`.
    public func remove(_ name: SecretName, isForced: Bool = false, provenance: Provenance? = nil) async throws(Problem) {
        guard try await recordVersion(of: name) > 0 else { throw .unknownSecret(name) }
        let users = isForced ? [] : try await users(of: name)
        guard users.isEmpty else {
            let shown = users.prefix(3).map { "‘\($0)’" }.joined(separator: ", ")
            throw Problem(
                "secret.in-use",
                "the secret ‘\(name)’ is used by \(shown)\(users.count > 3 ? " and \(users.count - 3) more" : "")",
                hint: "remove what uses it first; with ‘--force’ it is removed, and what uses it fails at its next start")
        }
        try await retrying { () throws(Problem) in
            var transaction = Transaction()
            transaction.provenance = provenance
            transaction.recordDeletions = [StoredSecret.key(name)]
            transaction.recordExpectations[StoredSecret.key(name)] = try await recordVersion(of: name)
            failpoint.reach("secret.before-commit")
            try await store.commit(transaction)
            failpoint.reach("secret.after-commit")
        }
    }

    /// The names of the records of the secrets that lie in a directory and below, to be removed with it.
    public static func records(within directory: Directory, in snapshot: any Snapshot) throws(Problem) -> [RecordKey] {
        try snapshot.records(StoredSecret.collection, prefix: "\(directory)/", after: nil, limit: .max).map(\.name)
    }

    // MARK: Parts

    private func record(of name: SecretName) async throws(Problem) -> Record? {
        let key = StoredSecret.key(name)
        return try await store.read { snapshot throws(Problem) in try snapshot.record(key.collection, key.key) }
    }

    /// The version of a secret's record, whatever is in it; 0 if there is none.
    private func recordVersion(of name: SecretName) async throws(Problem) -> UInt64 { try await record(of: name)?.version ?? 0 }

    func stored(_ name: SecretName) async throws(Problem) -> StoredSecret? {
        try await record(of: name).map { record throws(Problem) in try StoredSecret(record: record) }
    }

    private func required(_ name: SecretName) async throws(Problem) -> StoredSecret {
        guard let secret = try await stored(name) else { throw .unknownSecret(name) }
        return secret
    }

    func retrying<Result>(_ body: () async throws(Problem) -> Result) async throws(Problem) -> Result {
        for _ in 1..<Self.attemptLimit {
            do throws(Problem) { return try await body() } catch {
                guard error.code == "store.conflict" else { throw error }
            }
        }
        return try await body()
    }
}

/// Encrypted secrets that are still to be stored, together with what refers to them.
public struct SecretDraft: Sendable {
    /// What is to be stored.
    package private(set) var records: [Record] = []
    private var expectations: [RecordKey: UInt64] = [:]

    /// A draft of nothing.
    public init() {}

    /// Adds what is to be stored to a transaction, which then fails with `store.conflict` if any of it, or the current key,
    /// was changed since.
    public func add(to transaction: inout Transaction) {
        transaction.records += records
        transaction.recordExpectations.merge(expectations) { own, _ in own }
    }

    /// Whether a secret that is referred to is among what is to be stored.
    public func holds(_ reference: SecretReference) -> Bool {
        guard case .stored(let name, _) = reference else { return false }
        return records.contains { $0.name == StoredSecret.key(name) }
    }

    /// The draft as a document. What is secret in it is encrypted.
    public var document: Value {
        .list(
            expectations.sorted { ($0.key.collection, $0.key.key) < ($1.key.collection, $1.key.key) }.map { key, version in
                var item: Value = [
                    "collection": .text(key.collection), "key": .text(key.key), "version": .number(version),
                ]
                item["content"] = records.first { $0.name == key }?.value
                return item
            })
    }

    /// Reads a draft's document.
    ///
    /// - Throws: `secret.malformed`.
    public init(document: Value) throws(Problem) {
        for item in document.list ?? [] {
            guard let collection = item["collection"]?.text, let key = item["key"]?.text,
                let version = item["version"]?.integer.flatMap(UInt64.init(exactly:))
            else { throw Problem("secret.malformed", "a draft of secrets cannot be read") }
            expectations[RecordKey(collection, key)] = version
            if let content = item["content"] { records.append(Record(collection, key, content, version: version)) }
        }
    }

    mutating func add(_ secret: StoredSecret, _ state: KeyState) {
        records.removeAll { $0.name == StoredSecret.key(secret.name) }
        records.append(secret.record)
        expectations[StoredSecret.key(secret.name)] = secret.recordVersion
        expectations[KeyState.key] = state.version
    }
}

extension Property {
    /// Whether its value, or what gives it one, refers to a secret.
    fileprivate func refers(to name: SecretName) -> Bool {
        [value, updater].contains { value in
            guard let value, value.holdsSecret, let found = try? value.storedSecrets() else { return false }
            return found.contains { if case .stored(name, _) = $0 { true } else { false } }
        }
    }
}

extension Problem {
    fileprivate static func unknownSecret(_ name: SecretName) -> Problem {
        Problem("secret.unknown", "there is no secret ‘\(name)’", hint: "‘khutulun secret set \(name)’ makes it")
    }
}
