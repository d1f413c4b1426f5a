// SPDX-License-Identifier: Apache-2.0 OR MIT
import Crypto

/// The names of artifacts.
enum Digest {
    /// The SHA-256 digest in lower-case hexadecimal digits.
    static func hexadecimal(of bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined()
    }
}
