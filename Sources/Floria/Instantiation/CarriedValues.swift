// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension [String: Property] {
    /// The properties of a template, with the values that a running instance has got since it was made; and the names of those.
    func carrying(_ present: [String: Property]?) -> (properties: [String: Property], names: Set<String>) {
        guard let present else { return (self, []) }
        let names = carried(from: present)
        var properties = self
        for name in names {
            if let old = present[name] { properties[name]?.takeValue(of: old) }
        }
        return (properties, names)
    }

    /// The names of the properties whose values are carried over: attributes that the design doesn't compute, and whatever
    /// an operation or a plugin has set. An updater that a person has set is not: comparing with what the design wants keeps it.
    private func carried(from present: [String: Property]) -> Set<String> {
        Set(
            compactMap { name, property in
                guard let old = present[name], old.value != nil else { return nil }
                let isAttribute = property.isAttribute
                switch old.provenance?.author {
                case .operation, .plugin: return name
                case .person: return isAttribute && old.ownUpdater == nil ? name : nil
                case .design, nil: return isAttribute && property.updater == nil ? name : nil
                }
            })
    }
}
