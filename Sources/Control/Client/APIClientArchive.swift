// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// All of these take as long as they take.
extension APIClient {
    /// A copy of the store, and its size in bytes.
    public func backUpStore() async throws(Problems) -> (bytes: APIStream<[UInt8]>, size: Int) {
        try await bytes("backup", [:])
    }

    /// What is wrong with the store; empty if all is well.
    public func checkStore() async throws(Problems) -> [Problem] {
        let answer = try await value(.get, "store", "check", patience: APIRequest.endless)
        guard let list = answer["problems"]?.list else { throw APIClient.malformed("no ‘problems’") }
        return list.map(Problem.init(value:))
    }

    /// An export, and its size in bytes.
    public func exportStore(_ scope: ExchangeScope, as format: ExchangeFormat) async throws(Problems)
        -> (bytes: APIStream<[UInt8]>, size: Int)
    {
        var query = ["form": format.rawValue]
        switch scope {
        case .everything: break
        case .directory(let directory): query["directory"] = directory.description
        case .service(let name): query["service"] = name
        }
        return try await bytes("export", query)
    }

    /// Puts an export into the store, whole or not at all. Returns `{"entities", "records", "events", "removed"}`.
    public func importStore(_ export: APIStream<[UInt8]>, length: Int?, replaces: Bool) async throws(Problems) -> Value {
        let request = APIRequest(
            .post, ["store", "import"], query: replaces ? ["replace": "true"] : [:], body: .bytes(export, length: length),
            patience: APIRequest.endless)
        guard let summary = try await send(request).body.document else { throw APIClient.malformed("no document") }
        return summary
    }

    private func bytes(_ name: String, _ query: [String: String]) async throws(Problems)
        -> (bytes: APIStream<[UInt8]>, size: Int)
    {
        let request = APIRequest(.get, ["store", name], query: query, patience: APIRequest.endless)
        guard case .bytes(let bytes, let length) = try await send(request).body else { throw APIClient.malformed("no bytes") }
        return (bytes, length)
    }
}
