// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A text in double quotes, as JSON and the languages like it write it.
///
/// - Parameter escape: gives the escape sequence of a character that isn't to stand there as it is; nil for the others. It isn't asked
///   about those that always have one.
package func quotedText(_ text: String, escape: (Unicode.Scalar) -> String?) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        default: if let escaped = escape(scalar) { result += escaped } else { result.unicodeScalars.append(scalar) }
        }
    }
    return result + "\""
}
