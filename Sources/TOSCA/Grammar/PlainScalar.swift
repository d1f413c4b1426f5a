// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What a scalar means by the core schema of YAML 1.2, and by its tag if it has one.
struct PlainScalar {
    /// The value; nil if it isn't a scalar, or if its tag does not fit its text or the language.
    let value: Value?

    init(_ node: YAMLNode) {
        guard node.text != nil else {
            value = nil
            return
        }
        let resolved = node.value
        switch node.tag {
        case nil, "!", "tag:yaml.org,2002:str": value = resolved
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null":
            value = resolved.text == nil ? resolved : nil
        default: value = nil
        }
    }
}
