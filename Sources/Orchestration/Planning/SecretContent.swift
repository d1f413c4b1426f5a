// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Property {
    /// The content of a secret as the property wants it. Why it doesn't accept it is not told, because that may tell the content.
    ///
    /// - Parameters:
    ///   - name: What is told to be rejected.
    ///   - entity: Where it is prepared.
    /// - Throws: `secret.rejected`.
    func prepared(
        _ content: Value, named name: String, at entity: ID, _ functions: Functions
    ) async throws(Problem) -> Value {
        guard let preparer = contentPreparer else { return content }
        let site = CallSite(entity: entity, property: name)
        do throws(EvaluationFailure) {
            return try await Evaluation(site: site, graph: Graph(), functions: functions, candidate: content).evaluate(preparer)
        } catch {
            throw Problem(
                "secret.rejected", "the value of ‘\(name)’ is not what its type and its validation ask for",
                at: metadata["location"].flatMap(Problem.Place.init(value:)),
                hint: "it is sensitive, so neither the value nor what is wrong with it is shown")
        }
    }
}
