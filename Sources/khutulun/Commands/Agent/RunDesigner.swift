// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Support
import Synchronization
import TOSCA

/// Makes services of commands: from the design that lies beside the profile for processes.
final class RunDesigner: Sendable {
    private let profiles: String
    private let compiled = Mutex<Design?>(nil)

    init(profiles: String) { self.profiles = profiles }

    /// The design of a command, and the values of its inputs.
    func design(_ request: RunRequest) throws(Problems) -> (design: Design, inputs: [String: Value]) {
        var design = try base()
        try setPorts(request.ports, in: &design)
        var inputs: [String: Value] = [
            "command": .list(request.arguments.map(Value.text)),
            "environment": .object(request.environment),
        ]
        inputs["directory"] = request.directory.map(Value.text)
        return (design, inputs)
    }

    private func base() throws(Problems) -> Design {
        if let design = compiled.withLock({ $0 }) { return design }
        let file = "\(profiles)/khutulun-process/run.yaml"
        let design = try Compiler(profiles: [profiles]).compile(file: file, service: "run").design
        compiled.withLock { $0 = design }
        return design
    }

    /// Puts a capability of each name in the place of the one that stands for them.
    private func setPorts(_ names: [String], in design: inout Design) throws(Problems) {
        guard let model = design.vertexTemplates.first(where: { $0.instanceName == "capability.port" }),
            let node = design.vertexTemplates.firstIndex(where: { $0.contained.contains(model.header.id) })
        else { return }
        design.vertexTemplates[node].contained.removeAll { $0 == model.header.id }
        for name in Set(names).sorted() {
            var port = model
            let id = model.header.id
            port.header = EntityHeader(
                ID(id.kind, id.directory, "\(id.name).\(name)"), metadata: model.header.metadata,
                provenance: model.header.provenance)
            port.header.metadata["name"] = .text(name)
            port.instanceName = "capability.\(name)"
            design.vertexTemplates.append(port)
            design.vertexTemplates[node].contained.append(port.header.id)
        }
    }
}
