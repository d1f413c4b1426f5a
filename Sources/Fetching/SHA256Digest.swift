// SPDX-License-Identifier: Apache-2.0 OR MIT
import Crypto
import Support
import TOSCA

/// The names of contents.
enum SHA256Digest {
    /// The digest of a file's content in lower-case hexadecimal digits.
    ///
    /// - Throws: what reading throws.
    static func hexadecimal(of content: any FileContent) throws(Problem) -> String {
        var function = SHA256()
        try content.forEachPiece { function.update(data: $0) }
        return text(of: function.finalize())
    }

    /// The digest of a text.
    static func hexadecimal(of string: String) -> String { text(of: SHA256.hash(data: Array(string.utf8))) }

    private static func text(of digest: SHA256.Digest) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
