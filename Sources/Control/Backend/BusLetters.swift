// SPDX-License-Identifier: Apache-2.0 OR MIT
public import EventBus
public import Support

/// Reaches the events that handlers did not take by asking the hosts over the bus. A letter's ID is its host's name and the ID
/// that it has there.
public struct BusLetters: LettersBackend {
    private let bus: any Bus
    private let hosts: @Sendable () -> [String]

    /// Makes it; `hosts` names all hosts.
    public init(bus: any Bus, hosts: @escaping @Sendable () -> [String]) {
        self.bus = bus
        self.hosts = hosts
    }

    /// All of them, oldest first.
    public func letters() async throws(Problems) -> [Value] {
        var letters: [Value] = []
        for host in hosts() {
            let found = try await ask(host, Message("letters", [:])).list ?? []
            letters += found.map { Self.named($0, on: host) }
        }
        return letters.sorted { ($0["time"]?.integer ?? 0) < ($1["time"]?.integer ?? 0) }
    }

    /// One of them.
    public func letter(_ id: String) async throws(Problems) -> Value {
        let (host, local) = try split(id)
        return Self.named(try await ask(host, Message("letter", ["id": .text(local)])), on: host)
    }

    /// Delivers one again.
    public func retryLetter(_ id: String) async throws(Problems) { try await change("letter-retry", id) }

    /// Forgets one.
    public func dropLetter(_ id: String) async throws(Problems) { try await change("letter-drop", id) }

    private func change(_ subject: String, _ id: String) async throws(Problems) {
        let (host, local) = try split(id)
        _ = try await ask(host, Message(subject, ["id": .text(local)]))
    }

    private func ask(_ host: String, _ message: Message) async throws(Problems) -> Value {
        try await lifting { () async throws(Problem) in try await bus.ask(host, message) }
    }

    private func split(_ id: String) throws(Problems) -> (host: String, local: String) {
        guard let colon = id.lastIndex(of: ":"), hosts().contains(String(id[..<colon])) else {
            throw Problems([
                Problem(
                    "event.unknown-letter", "there is no dead letter ‘\(id)’",
                    hint: "‘khutulun event dead list’ shows those that are there")
            ])
        }
        return (String(id[..<colon]), String(id[id.index(after: colon)...]))
    }

    private static func named(_ letter: Value, on host: String) -> Value {
        var letter = letter
        letter["id"] = .text("\(host):\(letter["id"]?.text ?? "")")
        letter["host"] = .text(host)
        return letter
    }
}
