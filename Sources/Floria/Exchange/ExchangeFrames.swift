// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Cuts an export that comes in pieces into its documents, and finds out in which format it is.
struct ExchangeFrames {
    private var format: ExchangeFormat?
    private var buffer: [UInt8] = []
    /// Where the next document begins.
    private var start = 0
    /// How far the end of that document was looked for.
    private var searched = 0

    /// Adds a piece, and gives the documents that are complete by now.
    mutating func add(_ bytes: some Sequence<UInt8>) throws(Problem) -> [Value] {
        if start > 1 << 16 || start == buffer.count { drop() }
        buffer.append(contentsOf: bytes)
        return try documents(isLast: false)
    }

    /// The documents that are complete because nothing more comes.
    mutating func finish() throws(Problem) -> [Value] { try documents(isLast: true) }

    private mutating func drop() {
        buffer.removeFirst(start)
        searched = max(0, searched - start)
        start = 0
    }

    private mutating func documents(isLast: Bool) throws(Problem) -> [Value] {
        if format == nil { format = try found() }
        guard let format else { return [] }
        var documents: [Value] = []
        while let frame = try next(format, isLast) { documents.append(try format.decode(Array(buffer[frame]))) }
        guard buffer.count - start <= ExchangeFormat.sizeLimit else { throw .tooLargeDocument }
        if isLast, start < buffer.count {
            throw Problem(
                "exchange.truncated", "the export ends within a document",
                hint: "it was cut off: get the whole of it, or export again")
        }
        return documents
    }

    private func found() throws(Problem) -> ExchangeFormat? {
        switch buffer.first {
        case nil: return nil
        case 0xd8: return .cbor
        case UInt8(ascii: "{"): return .json
        case UInt8(ascii: "-"): return .yaml
        default:
            throw ExchangeItem.malformed("it begins neither as CBOR, JSON nor YAML does")
        }
    }

    private mutating func next(_ format: ExchangeFormat, _ isLast: Bool) throws(Problem) -> Range<Int>? {
        switch format {
        case .cbor: return try nextItem()
        case .json: return nextLine(isLast)
        case .yaml: return nextSection(isLast)
        }
    }

    private mutating func nextItem() throws(Problem) -> Range<Int>? {
        guard buffer.count - start >= 3 else { return nil }
        guard buffer[start] == 0xd8, buffer[start + 1] == 24 else {
            throw ExchangeItem.malformed("a document has not the tag 24")
        }
        guard let (head, content) = try CBORHead.read(buffer[(start + 2)...]) else { return nil }
        let first = start + 2 + head
        guard content <= buffer.count - first else { return nil }
        start = first + content
        return first..<start
    }

    private mutating func nextLine(_ isLast: Bool) -> Range<Int>? {
        while start < buffer.count {
            let end = buffer[max(start, searched)...].firstIndex(of: UInt8(ascii: "\n"))
            guard let end = end ?? (isLast ? buffer.count : nil) else {
                searched = buffer.count
                return nil
            }
            let line = start..<end
            start = min(end + 1, buffer.count)
            searched = start
            if buffer[line].contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }) { return line }
        }
        return nil
    }

    /// A document begins with a line of `---`, which stands nowhere else at the beginning of a line.
    private mutating func nextSection(_ isLast: Bool) -> Range<Int>? {
        guard start < buffer.count else { return nil }
        let mark = Array("\n---".utf8)
        var index = max(start, searched)
        while index + mark.count < buffer.count {
            guard let found = buffer[index...].firstIndex(of: mark[0]) else {
                index = buffer.count
                break
            }
            index = found
            guard found + mark.count < buffer.count else { break }
            let isMark = buffer[found..<found + mark.count].elementsEqual(mark)
            if isMark, [UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " ")].contains(buffer[found + mark.count]) {
                let section = start..<found + 1
                start = found + 1
                searched = start
                return section
            }
            index = found + 1
        }
        searched = max(start, min(index, buffer.count))
        guard isLast else { return nil }
        let section = start..<buffer.count
        start = buffer.count
        return section
    }
}
