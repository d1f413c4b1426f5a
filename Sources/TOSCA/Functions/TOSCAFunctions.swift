// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The library `tosca`: the functions of the language.
public struct TOSCAFunctions: Sendable {
    /// The library's name.
    public static let name = "tosca"
}
