// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
public import Support

/// Which key is used: the record beside the secrets. The keys themselves are never stored.
struct KeyState: Sendable {
    static let key = RecordKey("secret-keys", "current")

    /// The key that everything is encrypted with from now on.
    var current: String
    /// Keys that were used before, and may still be.
    var retiring: [String] = []
    /// The version of the record.
    var version: UInt64 = 0

    var record: Record {
        Record(
            Self.key.collection, Self.key.key,
            ["current": .text(current), "retiring": .list(retiring.map(Value.text))], version: version)
    }

    init(current: String, retiring: [String] = []) {
        self.current = current
        self.retiring = retiring
    }

    init(record: Record) throws(Problem) {
        guard let current = record.value["current"]?.text, let retiring = record.value["retiring"]?.list?.compactMap(\.text)
        else {
            throw Problem("secret.malformed", "the record of the current key cannot be read")
        }
        self.current = current
        self.retiring = retiring
        version = record.version
    }
}

extension Secrets {
    /// Encrypts everything anew with a new key, while secrets are used, and removes the old key once nothing uses it.
    ///
    /// It may be killed at any step: ``recover()`` goes on with it.
    ///
    /// - Returns: the new key's ID, and the number of secrets.
    @discardableResult
    public func rotate() async throws(Problem) -> (key: String, secrets: Int) {
        if try await keyState()?.retiring.isEmpty == false { _ = try await finish() }
        let id: String = try await retrying { () throws(Problem) in
            let old = try await keyState()
            var state = KeyState(current: "", retiring: old.map { $0.retiring + [$0.current] } ?? [])
            state.version = old?.version ?? 0
            return try await begin(&state)
        }
        return (id, try await finish())
    }

    /// Finishes a rotation that was interrupted, and removes keys that were made and never used. Called once, before anything
    /// else is asked for.
    public func recover() async throws(Problem) {
        let state = try await keyState()
        for id in keys.unused {
            if id == state?.current || state?.retiring.contains(id) == true { try keys.keep(id) } else { try keys.remove(id) }
        }
        if state?.retiring.isEmpty == false { _ = try await finish() }
    }

    /// The key that is used; makes it if it is the first.
    func currentKey() async throws(Problem) -> KeyState {
        try await retrying { () throws(Problem) in
            if let state = try await keyState() { return state }
            var state = KeyState(current: "")
            _ = try await begin(&state)
            return state
        }
    }

    /// Makes a key and commits that it is the current one from now on.
    private func begin(_ state: inout KeyState) async throws(Problem) -> String {
        failpoint.reach("secret.before-key")
        state.current = try keys.make()
        failpoint.reach("secret.after-key")
        do throws(Problem) { state.version = try await commit(state) } catch {
            // After any other failure it may have been stored nevertheless; ``recover()`` knows.
            if error.code == "store.conflict" { try keys.remove(state.current) }
            throw error
        }
        try keys.keep(state.current)
        return state.current
    }

    private func keyState() async throws(Problem) -> KeyState? {
        let record = try await store.read { snapshot throws(Problem) in
            try snapshot.record(KeyState.key.collection, KeyState.key.key)
        }
        return try record.map { record throws(Problem) in try KeyState(record: record) }
    }

    private func commit(_ state: KeyState) async throws(Problem) -> UInt64 {
        var transaction = Transaction()
        transaction.records = [state.record]
        transaction.recordExpectations[KeyState.key] = state.version
        failpoint.reach("secret.before-commit")
        let position = try await store.commit(transaction).position
        failpoint.reach("secret.after-commit")
        return position
    }

    /// Encrypts anew what isn't encrypted with the current key, then lets go of the others.
    private func finish() async throws(Problem) -> Int {
        guard var state = try await keyState() else { return 0 }
        try keys.keep(state.current)
        let all = try await list()
        for secret in all { try await encryptAnew(secret.name, state) }
        failpoint.reach("secret.before-removal")
        for id in state.retiring where id != state.current { try keys.remove(id) }
        failpoint.reach("secret.after-removal")
        state.retiring = []
        _ = try await commit(state)
        return all.count
    }

    private func encryptAnew(_ name: SecretName, _ state: KeyState) async throws(Problem) {
        try await retrying { () throws(Problem) in
            guard try await keyState()?.version == state.version else {
                throw Problem("secret.busy", "another rotation of the keys has begun", hint: "wait for it")
            }
            guard var secret = try await stored(name), secret.versions.contains(where: { $0.key != state.current }) else {
                return
            }
            for (index, sealed) in secret.versions.enumerated() where sealed.key != state.current {
                secret.versions[index] = try SealedContent(
                    try sealed.open(of: name, in: keys), of: name, version: sealed.version, key: state.current, in: keys,
                    time: sealed.time)
            }
            var transaction = Transaction()
            transaction.records = [secret.record]
            transaction.recordExpectations = [StoredSecret.key(name): secret.recordVersion, KeyState.key: state.version]
            failpoint.reach("secret.before-commit")
            try await store.commit(transaction)
            failpoint.reach("secret.after-commit")
        }
    }
}
