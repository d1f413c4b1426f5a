// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension Problem {
    /// The status code of HTTP for an answer that begins with this problem. It follows from the code alone: from the
    /// part after the area, or from how that part begins.
    public var status: Int {
        let name = code.split(separator: ".", maxSplits: 1).last.map(String.init) ?? code
        if let status = Problem.statuses[name] { return status }
        if code.hasPrefix("json.") { return 400 }
        if name.hasPrefix("malformed-") || name.hasPrefix("invalid-") { return 400 }
        if name.hasPrefix("no-such-") || name.hasPrefix("unknown-") { return 404 }
        if name.hasPrefix("already-") { return 409 }
        return 422
    }

    private static let statuses: [String: Int] = [
        "invalid": 400, "malformed": 400, "denied": 403, "not-found": 404, "unknown": 404, "method-not-allowed": 405,
        "conflict": 409, "busy": 409, "idle": 409, "exists": 409, "name-taken": 409, "contended": 409, "outdated": 409,
        "too-large": 413,
        "unavailable": 503, "offline": 503, "timeout": 503, "unreachable": 503,
    ]

    /// Whether it says that the agent could not be reached or read from, rather than that it refused or failed.
    public var meansUnreachable: Bool {
        ["api.unreachable", "api.timeout", "api.stream-broken", "api.malformed-answer"].contains(code)
    }
}

/// Runs what throws one problem where several may be thrown.
func lifting<Result>(_ body: () async throws(Problem) -> Result) async throws(Problems) -> Result {
    do {
        return try await body()
    } catch {
        throw Problems([error])
    }
}

/// Runs what throws one problem where several may be thrown.
func lifting<Result>(_ body: () throws(Problem) -> Result) throws(Problems) -> Result {
    do {
        return try body()
    } catch {
        throw Problems([error])
    }
}
