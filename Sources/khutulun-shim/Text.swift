// SPDX-License-Identifier: Apache-2.0 OR MIT
import CShim

/// Bytes to be written whole. Embedded Swift's `String` would bring tables that are larger than the rest of the shim.
struct Text {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func add(_ text: UnsafePointer<CChar>) {
        UnsafeRawBufferPointer(start: text, count: strlen(text)).forEach { bytes.append($0) }
    }

    mutating func add(_ number: Int64) {
        var digits: [UInt8] = []
        var rest = number.magnitude
        repeat {
            digits.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        if number < 0 { digits.append(UInt8(ascii: "-")) }
        bytes.append(contentsOf: digits.reversed())
    }

    /// Removes the blanks at the end.
    mutating func removeBlanks() {
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    }

    /// Adds `key=text` and a line's end.
    mutating func line(_ key: StaticString, _ text: UnsafePointer<CChar>) {
        add(key)
        add("=")
        add(text)
        add("\n")
    }

    /// Adds `key=number` and a line's end.
    mutating func line(_ key: StaticString, _ number: Int64) {
        add(key)
        add("=")
        add(number)
        add("\n")
    }

    /// The bytes and a final NUL.
    var terminated: [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }

    @discardableResult
    func write(to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
    }

    /// Makes or replaces a file of the current folder at once, on disk before it gets its name if `durable`.
    func replace(_ name: StaticString, by temporary: StaticString, durable: Bool) -> Bool {
        let descriptor = shim_open(pointer(temporary), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { return false }
        var done = write(to: descriptor)
        if done, durable { done = fdatasync(descriptor) == 0 }
        close(descriptor)
        return done && rename(pointer(temporary), pointer(name)) == 0
    }
}

func pointer(_ text: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty {
        let count = write(descriptor, base, rest.count)
        if count < 0, shim_errno() == EINTR { continue }
        guard count > 0 else { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return true
}

/// The content of a small file and a final NUL, in memory that is never freed; nil if it can't be read or is larger.
func readFile(_ path: UnsafePointer<CChar>, limit: Int) -> UnsafeMutableBufferPointer<CChar>? {
    let descriptor = shim_open(path, O_RDONLY, 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return readFile(descriptor, limit: limit)
}

/// The content of a file that is open. Where the system knows its size before, no copy of a part stays elsewhere in memory.
func readFile(_ descriptor: Int32, limit: Int) -> UnsafeMutableBufferPointer<CChar>? {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { return nil }
    var capacity = max(4096, min(Int(information.st_size), limit) + 2)
    guard var buffer = malloc(capacity) else { return nil }
    var count = 0
    while true {
        let read = read(descriptor, buffer + count, capacity - count - 1)
        if read < 0, shim_errno() == EINTR { continue }
        guard read >= 0, count + read <= limit else { return nil }
        if read == 0 { break }
        count += read
        if capacity - count < 2 {
            capacity *= 2
            guard let larger = realloc(buffer, capacity) else { return nil }
            buffer = larger
        }
    }
    let text = buffer.assumingMemoryBound(to: CChar.self)
    text[count] = 0
    return UnsafeMutableBufferPointer(start: text, count: count + 1)
}
