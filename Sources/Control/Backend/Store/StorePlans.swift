// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Orchestration
public import Support

extension StoreBackend {
    /// The plans that are kept, oldest first.
    public func plans(of service: String?) async throws(Problems) -> [Value] {
        try await read { snapshot throws(Problem) in
            try snapshot.allRecords("plans").map(\.value).filter { service == nil || $0["service"]?.text == service }
        }
    }

    /// A plan as it was shown.
    public func plan(_ id: String) async throws(Problems) -> Value {
        try await read { snapshot throws(Problem) in
            if let shown = try Plan.shown(id, in: snapshot) { return shown }
            throw Problem(
                "plan.unknown", "there is no plan ‘\(id)’", hint: "‘khutulun plan list’ shows those that are there")
        }
    }
}
