// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension TOSCAMeta {
    /// The text of it.
    public var text: String {
        blocks.map { block in
            block.map { "\($0.name): \($0.value)\n" }.joined()
        }.joined(separator: "\n")
    }
}
