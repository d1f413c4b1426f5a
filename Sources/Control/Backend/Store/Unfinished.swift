// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Tells what is not in its final state, why, since when, until when, and what to do about it:
/// `{"what", "reason", "age", "deadline", "cure"}`, where `age` is in milliseconds.
struct Unfinished {
    /// Now, in milliseconds since 1970 UTC.
    let time: Int64

    /// The operations.
    func operations(_ ledger: LedgerRows) -> [Value] {
        let states = Dictionary(ledger.rows.map { ($0["id"]?.text ?? "", $0["state"]?.text) }) { $1 }
        return ledger.unfinished.map { row in
            let key = "\(row["service"]?.text ?? "")/\(row["id"]?.text ?? "")"
            let (reason, cure) =
                switch row["state"]?.text {
                case "failed":
                    (row["problem"].map { Problem(value: $0).message } ?? "it failed", "khutulun operation retry \(key)")
                case "started":
                    ("it runs on ‘\(row["host"]?.text ?? "?")’", "khutulun service wait \(row["service"]?.text ?? "")")
                default:
                    (waiting(row, states), "khutulun operation show \(key)")
                }
            return document(
                what: "\(row["operation"]?.text ?? "?") of \(row["node"]?.text ?? "?")", reason: reason,
                since: row["started"] ?? row["planned"], deadline: row["deadline"], cure: cure)
        }
    }

    /// The properties that have no value yet, or no new one.
    func properties(of vertexes: [Vertex]) -> [Value] {
        vertexes.flatMap { vertex in
            vertex.properties.sorted { $0.key < $1.key }.compactMap { name, property in
                let reference = PropertyReference(vertex.header.id, name)
                let cure = "khutulun node show \(vertex.header.id)"
                return switch property.status {
                case .pending(let problem), .failed(let problem):
                    document(
                        what: "\(reference)", reason: problem.message, since: .integer(vertex.header.updated),
                        deadline: nil, cure: cure)
                case .stale:
                    document(
                        what: "\(reference)", reason: "what it is made from has changed",
                        since: .integer(vertex.header.updated),
                        deadline: nil, cure: cure)
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
