// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Graph {
    /// How long a design lets an operation of a node or an edge take, in milliseconds; nil if it does not say.
    func timeLimit(of operation: String, for subject: ID) -> Int64? {
        if let edge = edge(subject) { return Self.milliseconds(edge.header.metadata["timeouts"]?[operation]) }
        let interface = operation.split(separator: ".").first.map(String.init)
        let vertex = contained(in: subject).first { $0.kind == "interface" && $0.symbolicName == interface }
        return Self.milliseconds(vertex?.header.metadata["timeouts"]?[operation.operationName])
    }

    private static func milliseconds(_ seconds: Value?) -> Int64? { seconds?.integer.map { Int64($0) * 1000 } }
}
