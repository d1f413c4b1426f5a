// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

public struct TOSCAFunctions: Sendable {
    static let name = "tosca"
}
