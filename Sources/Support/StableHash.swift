// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The 64-bit FNV-1a hash: the same in every process, and no protection against forgery.
package struct StableHash: Sendable {
    /// The hash of what was added.
    package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    /// The hash of nothing.
    package init() {}

    /// The hash of some bytes.
    package init(_ bytes: some Sequence<UInt8>) { add(bytes) }

    /// Adds bytes.
    package mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
}
