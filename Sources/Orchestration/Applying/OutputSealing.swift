// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSecrets
import Support

/// Makes secrets of outputs of operations, before anything of an outcome is kept.
///
/// The secrets are stored on their own, before the outcome that refers to them: after a crash between the two the operation
/// is executed again, and gives the same version or the next one.
struct OutputSealing: Sendable {
    let store: any Store
    let secrets: Secrets
    let functions: Functions
    let now: @Sendable () -> Int64

    /// The outputs with references in the place of those that are defined as secrets, or go to attributes that are.
    ///
    /// - Throws: `secret.rejected` if an attribute doesn't accept its content, `secret.too-large`, `operation.unknown`, and problems
    ///   of the keys and the store.
    func seal(_ outputs: ValueMap, of row: OperationRecord) async throws(Problem) -> ValueMap {
        if outputs.isEmpty { return outputs }
        let sensitive = try await store.read { snapshot throws(Problem) in
            try OperationImplementation(of: row.operation, subject: row.subject, in: snapshot).sensitiveOutputs(in: snapshot)
        }
        var sealed = outputs
        for (output, property) in sensitive.sorted(by: { $0.key < $1.key }) {
            guard let content = outputs[.text(output)], SecretReference(content) == nil else { continue }
            let name = try SecretName(Directory([row.service]), "\(row.subject.name).\(row.operation).\(output)")
            let prepared = try await property.prepared(content, named: output, at: row.subject, functions)
            let provenance = Provenance(.operation, row.id, time: now())
            let version = try await secrets.set(name, to: prepared, provenance: provenance)
            sealed[.text(output)] = SecretReference.stored(name, version: version).value
        }
        return sealed
    }
}
