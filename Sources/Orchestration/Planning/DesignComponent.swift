// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
public import Support

/// A component that comes with a design and implements operations: the call `khutulun:component(DIGEST, NAME, FUNCTION)`.
public enum DesignComponent {
    /// The name of the function that calls one.
    public static let function = "component"

    /// What each is granted, whatever it asks for: the folder that the node's process and scripts have, and reading what the
    /// service's directory holds. What it may change there are the attributes that its outputs are mapped to.
    public static let grants: Value = ["files": ["$NODE/home"], "directories": ["read:$SERVICE"]]

    /// The name of the file that a call's component was; nil if it calls something else.
    static func name(_ call: Call) -> String? {
        guard call.function.plugin == "khutulun", call.function.name == function, call.arguments.count > 1 else { return nil }
        return call.arguments[1].text
    }
}
