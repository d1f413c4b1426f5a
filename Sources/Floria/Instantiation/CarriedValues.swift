// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension [String: Property] {
    /// The properties of a template, with the values that a running instance has got since it was made.
    func carrying(_ present: [String: Property]?) -> [String: Property] {
        guard let present else { return self }
        var properties = self
        for name in carried(from: present) {
            if let old = present[name] { properties[name]?.takeValue(of: old) }
        }
        return properties
    }

    /// The names of the properties whose values are carried over: attributes that the design doesn't compute, and whatever
    /// an operation or a plugin has set. An updater that a person has set is not: comparing with what the design wants keeps it.
    func carried(from present: [String: Property]?) -> Set<String> {
        guard let present else { return [] }
        return Set(
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
