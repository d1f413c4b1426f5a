// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Tells what is not in its final state, why, since when, until when, and what to do about it:
/// `{"what", "reason", "age", "deadline", "cure"}`, where `age` is in milliseconds.
struct Unfinished {
    /// Now, in milliseconds since 1970 UTC.
    let time: Int64

    /// All that is unfinished in a service.
    func all(_ ledger: LedgerRows, _ vertexes: [Vertex]) -> [Value] {
        let operations = operations(ledger)
        let last = operations.compactMap { $0["deadline"]?.integer }.max()
        return operations + nodes(of: vertexes, besides: ledger) + properties(of: vertexes, deadline: last.map(Value.integer))
    }

    /// The operations.
    func operations(_ ledger: LedgerRows) -> [Value] {
        var deadlines = Deadlines(ledger, at: time)
        let states = Dictionary(ledger.rows.map { ($0["id"]?.text ?? "", $0["state"]?.text) }) { $1 }
        return ledger.unfinished.map { row in
            let key = "\(row["service"]?.text ?? "")/\(row["id"]?.text ?? "")"
            let (reason, cure) =
                switch row["state"]?.text {
                case "failed":
                    (row["problem"].map { Problem(value: $0).reason } ?? "it failed", "khutulun operation retry \(key)")
                case "cancelled":
                    ("it was cancelled; what it had begun may be there", "khutulun operation retry \(key)")
                case "started":
                    ("it runs on ‘\(row["host"]?.text ?? "?")’", "khutulun service wait \(row["service"]?.text ?? "")")
                default:
                    (waiting(row, states), "khutulun operation show \(key)")
                }
            return document(
                what: "\(row["operation"]?.text ?? "?") of \(row["node"]?.text ?? "?")", reason: reason,
                since: row["started"] ?? row["planned"],
                deadline: deadlines.deadline(of: row["id"]?.text ?? "").map { .integer($0) }, cure: cure)
        }
    }

    /// The nodes that aren't as they were made, but for those of which an operation says so already.
    func nodes(of vertexes: [Vertex], besides ledger: LedgerRows) -> [Value] {
        let told = Set(ledger.unfinished.compactMap { $0["node"]?.text })
        return vertexes.filter { $0.kind == "node" && !told.contains("\($0.header.id)") }.compactMap { vertex in
            let id = vertex.header.id
            let state = vertex.properties["state"]
            let cure: String
            switch state?.value?.text {
            case "failed": cure = "khutulun node restart \(id)"
            case "restarting": cure = "khutulun node logs \(id)"
            default: return nil
            }
            return document(
                what: "\(id)", reason: vertex.properties["reason"]?.value?.text ?? "it is \(state?.value?.text ?? "")",
                since: (state?.provenance?.time).map { .integer($0) },
                deadline: state?.value == "restarting" ? vertex.properties["restart_deadline"]?.value : nil, cure: cure)
        }
    }

    /// The properties that have no value yet, or no new one. What is under way, until a deadline, may give them one.
    func properties(of vertexes: [Vertex], deadline: Value?) -> [Value] {
        vertexes.flatMap { vertex in
            vertex.properties.sorted { $0.key < $1.key }.compactMap { name, property in
                let reference = PropertyReference(vertex.header.id, name)
                let cure = "khutulun node show \(vertex.header.id)"
                return switch property.status {
                case .pending(let problem), .failed(let problem):
                    document(
                        what: "\(reference)", reason: problem.message, since: .integer(vertex.header.updated),
                        deadline: deadline, cure: cure)
                case .stale:
                    document(
                        what: "\(reference)", reason: "what it is made from has changed",
                        since: .integer(vertex.header.updated), deadline: deadline, cure: cure)
                case .unset, .valid: nil
                }
            }
        }
    }

    private func waiting(_ row: Value, _ states: [String: String?]) -> String {
        let open = (row["waits-for"]?.list ?? []).compactMap(\.text).filter { states[$0] != "done" }
        return open.isEmpty ? "it is about to be started" : "it waits for \(open.joined(separator: ", "))"
    }

    private func document(what: String, reason: String, since: Value?, deadline: Value?, cure: String) -> Value {
        var document: Value = ["what": .text(what), "reason": .text(reason), "cure": .text(cure)]
        if let since = since?.integer { document["age"] = .integer(max(0, time - Int64(since))) }
        document["deadline"] = deadline ?? .null
        return document
    }
}
