// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A command as a person would type it in a POSIX shell.
func shellCommand(_ arguments: [String]) -> String {
    var command = ""
    for argument in arguments {
        if !command.isEmpty { command += " " }
        command += shellQuoted(argument)
    }
    return command
}

/// One word of a POSIX shell.
func shellQuoted(_ text: String) -> String {
    if !text.isEmpty && text.utf8.allSatisfy(isPlain) { return text }
    var quoted: [UInt8] = [UInt8(ascii: "'")]
    for byte in text.utf8 {
        if byte == UInt8(ascii: "'") {
            quoted += Array("'\\''".utf8)
        } else {
            quoted.append(byte)
        }
    }
    quoted.append(UInt8(ascii: "'"))
    return String(decoding: quoted, as: UTF8.self)
}

private func isPlain(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || "-_./:=@%+,".utf8.contains(byte)
}
