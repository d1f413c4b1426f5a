// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension Store {
    /// How often a change of a directory is computed anew after something else was changed in between.
    private static var attemptLimit: Int { 64 }

    /// Deletes a directory: everything that lies in it and below, its secrets, and what designs made there.
    ///
    /// - Throws: `directory.unknown`, `directory.invalid` for the root, `directory.in-use` or `store.invalid` naming what outside needs
    ///   something in it, and what committing throws.
    @discardableResult
    public func delete(_ directory: Directory, provenance: Provenance? = nil) async throws(Problem) -> Commit {
        try await commit(provenance) { snapshot throws(Problem) in try Transaction(deleting: directory, in: snapshot) }
    }

    /// Moves a directory: everything that lies in it and below gets an identifier below the target, and whatever refers to it, from
    /// within or from elsewhere, refers to that.
    ///
    /// - Throws: `directory.unknown`, `directory.invalid` for the root or a target within the directory or above it, `directory.in-use`
    ///   if the target is there, and what committing throws.
    @discardableResult
    public func move(_ directory: Directory, to target: Directory, provenance: Provenance? = nil) async throws(Problem)
        -> Commit
    {
        try await commit(provenance) { snapshot throws(Problem) in try Transaction(moving: directory, to: target, in: snapshot)
        }
    }

    private func commit(
        _ provenance: Provenance?, _ change: @escaping @Sendable (any Snapshot) throws(Problem) -> Transaction
    ) async throws(Problem) -> Commit {
        var attempts = 0
        while true {
            attempts += 1
            let (read, position) = try await read { snapshot throws(Problem) in (try change(snapshot), snapshot.position) }
            var transaction = read
            transaction.provenance = provenance
            do throws(Problem) {
                return try await commit(transaction)
            } catch {
                guard attempts < Self.attemptLimit else { throw error }
                // What refers to something in the directory since then breaks a rule, and is known the next time.
                if error.code == "store.invalid" {
                    let now = try await self.read { snapshot throws(Problem) in snapshot.position }
                    if now == position { throw error }
                } else if error.code != "store.conflict" {
                    throw error
                }
            }
        }
    }
}

extension Transaction {
    /// What deletes a directory with all that is in it and below, as long as it is as the snapshot shows it.
    ///
    /// - Throws: `directory.unknown`, `directory.invalid`, `directory.in-use` if a property elsewhere reads one in it.
    public init(deleting directory: Directory, in snapshot: any Snapshot) throws(Problem) {
        self.init()
        try directory.checkIsNotRoot()
        for kind in EntityKind.allCases {
            try snapshot.visit(.directory(kind, directory, isDeep: true)) { entity in
                deletions.append(entity.id)
                expectations[entity.id] = entity.header.version
                guard entity.isInstance else { return }
                alterations.formUnion(Structure.changes(from: entity, to: nil))
                for name in entity.properties.keys {
                    readerExpectations.insert(PropertyReference(entity.id, name))
                }
            }
            try snapshot.visitBaseline(kind, within: directory) { baselineDeletions.append($0.id) }
        }
        for secret in try snapshot.secrets(in: directory) { remove(secret) }
        for attached in try snapshot.attachedRecords(within: directory) { remove(attached.record) }
        if deletions.isEmpty && baselineDeletions.isEmpty { throw directory.unknown }
        let gone = Set(deletions)
        let readers = try snapshot.readers(of: Array(alterations)).filter { !gone.contains($0.entity) }
        let problems = readers.prefix(10).map { reader in
            Problem(
                "directory.in-use", "the directory ‘\(directory)’ cannot be deleted: ‘\(reader)’ reads a property in it",
                at: .entity(reader.entity.description, property: reader.name), hint: "change or delete that first")
        }
        if let problem = StoreProblem.joined(
            problems, "the directory ‘\(directory)’ cannot be deleted: \(readers.count) properties elsewhere read what is in it"
        ) {
            throw problem
        }
    }

    /// What moves a directory with all that is in it and below, as long as that and what refers to it is as the snapshot shows it.
    ///
    /// Every text of an entity or a record that is an identifier in the form of documents is taken for a reference, also in values
    /// and in the arguments of calls.
    ///
    /// - Throws: `directory.unknown`, `directory.invalid`, `directory.in-use`.
    public init(moving directory: Directory, to target: Directory, in snapshot: any Snapshot) throws(Problem) {
        self.init()
        try directory.checkIsNotRoot()
        try target.checkIsNotRoot()
        try target.check()
        guard !target.isWithin(directory), !directory.isWithin(target) else {
            throw Problem(
                "directory.invalid", "the directory ‘\(directory)’ cannot be moved to ‘\(target)’: one lies within the other")
        }
        if let secret = try snapshot.secrets(in: directory).first {
            throw Problem(
                "directory.in-use", "the directory ‘\(directory)’ cannot be moved: it holds the secret ‘\(secret.name.key)’",
                hint: "its content is bound to its name: remove it, move the directory, and set it anew")
        }
        keepsStamps = true
        let move = DirectoryMove(from: directory, to: target)
        for kind in EntityKind.allCases {
            try move.checkIsFree(kind, snapshot)
            try snapshot.visit(.directory(kind, .root, isDeep: true)) { entity throws(Problem) in
                guard let moved = try move.moved(entity) else { return }
                puts.append(moved)
                expectations[entity.id] = entity.header.version
                if moved.id == entity.id { return }
                deletions.append(entity.id)
                expectations[moved.id] = 0
                for name in entity.properties.keys where entity.isInstance {
                    readerExpectations.insert(PropertyReference(entity.id, name))
                }
            }
            try snapshot.visitBaseline(kind, within: .root) { entity throws(Problem) in
                guard let moved = try move.moved(entity) else { return }
                baseline.append(moved)
                if moved.id != entity.id { baselineDeletions.append(entity.id) }
            }
        }
        if deletions.isEmpty && baselineDeletions.isEmpty { throw directory.unknown }
        readerExpectations.formUnion(try snapshot.readers(of: readerExpectations.map(Read.property)))
        try addRecords(move, snapshot)
    }

    private mutating func addRecords(_ move: DirectoryMove, _ snapshot: any Snapshot) throws(Problem) {
        let attached = try snapshot.attachedRecords(within: .root)
        for (record, target) in attached {
            let moved = try move.moved(record, of: target)
            if moved.name != record.name { remove(record) } else if moved == record { continue }
            records.append(moved)
            recordExpectations[moved.name] = moved.name == record.name ? record.version : 0
        }
        let collections = Set(attached.map(\.record.name.collection))
        for collection in try snapshot.collections() where !collections.contains(collection) {
            try snapshot.visitRecords(of: collection) { record in
                guard let value = move.moved(record.value) else { return }
                records.append(Record(collection, record.name.key, value))
                recordExpectations[record.name] = record.version
            }
        }
    }
}

extension Snapshot {
    /// The records of the secrets in a directory and below.
    fileprivate func secrets(in directory: Directory) throws(Problem) -> [Record] {
        try records(SecretName.collection, prefix: "\(directory)/", after: nil, limit: .max)
    }
}

extension Transaction {
    private mutating func remove(_ record: Record) {
        recordDeletions.append(record.name)
        recordExpectations[record.name] = record.version
    }
}

/// What becomes of references when a directory is moved.
private struct DirectoryMove {
    private let directory: Directory
    private let target: Directory
    /// What identifiers of each kind in the directory begin with in documents, before and after.
    private let prefixes: [(old: String, new: String)]

    init(from directory: Directory, to target: Directory) {
        self.directory = directory
        self.target = target
        prefixes = EntityKind.allCases.map { ("\($0.rawValue):\(directory)/", "\($0.rawValue):\(target)/") }
    }

    func checkIsFree(_ kind: EntityKind, _ snapshot: any Snapshot) throws(Problem) {
        let entity = try snapshot.entities(.directory(kind, target, isDeep: true)).first
        let made = try snapshot.baseline(kind, within: target).first
        guard let there = entity ?? made else { return }
        throw Problem(
            "directory.in-use", "the directory ‘\(target)’ is there already: it holds the \(kind.label) ‘\(there.id)’",
            hint: "choose another name, or delete that directory first")
    }

    /// The entity with other references; nil if none is another.
    func moved(_ entity: Entity) throws(Problem) -> Entity? {
        guard let document = moved(entity.document) else { return nil }
        return try Entity(document: document)
    }

    /// The value with other references; nil if none is another.
    func moved(_ value: Value) -> Value? {
        switch value {
        case .null, .integer, .unsigned, .float, .boolean, .blob: return nil
        case .text(let text): return moved(text).map(Value.text)
        case .list(let items): return moved(items).map(Value.list)
        case .map(let map):
            guard let items = moved(map.map(\.value)) else { return nil }
            return .map(ValueMap(zip(map.map(\.key), items).map { ($0, $1) }))
        case .custom(let kind, let inner): return moved(inner).map { .custom(kind: kind, value: $0) }
        case .call(var call):
            guard let arguments = moved(call.arguments) else { return nil }
            call.arguments = arguments
            return .call(call)
        }
    }

    /// A record of what is attached to something, as it is after the move.
    func moved(_ record: Record, of attached: EventTarget) throws(Problem) -> Record {
        var moved = attached
        switch attached {
        case .entity(let id): if let text = self.moved(id.documentText) { moved = try EventTarget(documentText: text) }
        case .directory(let other) where other.isWithin(directory):
            moved = .directory(Directory(target.names + other.names.dropFirst(directory.names.count)))
        case .directory: break
        }
        return try record.attached(to: moved, self.moved(record.value) ?? record.value)
    }

    private func moved(_ items: [Value]) -> [Value]? {
        var isMoved = false
        let result = items.map { item in
            guard let moved = moved(item) else { return item }
            isMoved = true
            return moved
        }
        return isMoved ? result : nil
    }

    private func moved(_ text: String) -> String? {
        for (old, new) in prefixes where text.utf8.starts(with: old.utf8) {
            return new + String(decoding: text.utf8.dropFirst(old.utf8.count), as: UTF8.self)
        }
        return nil
    }
}

extension Directory {
    fileprivate var unknown: Problem { Problem("directory.unknown", "there is no directory ‘\(self)’") }

    fileprivate func checkIsNotRoot() throws(Problem) {
        if names.isEmpty { throw Problem("directory.invalid", "the root can be neither moved nor deleted") }
    }
}
