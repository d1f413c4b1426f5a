// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// The attributes that properties have: section 9.5 of the standard.
///
/// An attribute is created for every property, and begins with its value. As long as nothing else gives it one, the property
/// stands for it; where outputs go to it, it is a property of the graph by itself.
enum ReflectedAttribute {
    /// Its name in the graph.
    static func name(_ property: String) -> String { "attribute.\(property)" }

    /// The expression that gives its first value.
    ///
    /// - Parameter path: the path that leads to what has the property.
    static func value(of property: String, at path: [Value]) -> Value {
        .call(Call(FunctionName(plugin: TOSCAFunctions.name, name: "get_property"), path + [.text(property)]))
    }
}

extension NodeTemplate {
    /// Gives the properties to which outputs of operations go attributes of their own.
    mutating func reflectAttributes() {
        var names: Set<[String]> = []
        interfaces.redirectOutputs { capability, name in
            let owner = capability.isEmpty ? properties : capabilities.first { $0.about.name == capability }?.properties ?? []
            guard owner.hasProperty(name) else { return false }
            names.insert([capability, name])
            return true
        }
        for target in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            if target[0].isEmpty {
                properties.reflect(target[1], at: ["SELF"])
            } else if let index = capabilities.firstIndex(where: { $0.about.name == target[0] }) {
                capabilities[index].properties.reflect(target[1], at: ["SELF", "CAPABILITY", .text(target[0])])
            }
        }
        for index in requirements.indices { requirements[index].reflectAttributes() }
    }
}

extension RequirementAssignment {
    fileprivate mutating func reflectAttributes() {
        var names: Set<String> = []
        interfaces.redirectOutputs { _, name in
            guard properties.hasProperty(name) else { return false }
            names.insert(name)
            return true
        }
        for name in names.sorted() { properties.reflect(name, at: ["SELF"]) }
    }
}

extension [InterfaceAssignment] {
    /// Lets outputs go to the attributes of properties.
    fileprivate mutating func redirectOutputs(_ isReflected: (_ capability: String, _ name: String) -> Bool) {
        for index in indices {
            for position in self[index].operations.indices {
                for (output, target) in self[index].operations[position].outputs
                where isReflected(target.capability, target.attribute) {
                    self[index].operations[position].outputs[output]?.attribute = ReflectedAttribute.name(target.attribute)
                }
            }
        }
    }
}

extension [Assigned] {
    fileprivate func hasProperty(_ name: String) -> Bool { contains { $0.kind == "property" && $0.definition.name == name } }

    fileprivate mutating func reflect(_ name: String, at path: [Value]) {
        guard var attribute = first(where: { $0.definition.name == name }) else { return }
        attribute.kind = "attribute"
        attribute.definition.name = ReflectedAttribute.name(name)
        attribute.expression = ReflectedAttribute.value(of: name, at: path)
        append(attribute)
    }
}
