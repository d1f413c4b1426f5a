// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
public import Support

/// A component that comes with a design and implements operations: the call `khutulun:component(DIGEST, NAME, FUNCTION)`.
public enum DesignComponent {
    /// The name of the function that calls one.
    public static let function = "component"

    /// What each is granted, whatever it asks for: the folder of the node that it is called for, and the service's directory.
    public static let grants: Value = ["files": ["$NODE"], "directories": ["$SERVICE"]]

    /// The name of the file that a call's component was; nil if it calls something else.
    static func name(_ call: Call) -> String? {
        guard call.function.plugin == "khutulun", call.function.name == function, call.arguments.count > 1 else { return nil }
        return call.arguments[1].text
    }
}
