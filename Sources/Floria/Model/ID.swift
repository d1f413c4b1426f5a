// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support
@_spi(_Unicode) import Swift

/// The kinds of entities that Floria stores.
public enum EntityKind: String, Sendable, Hashable, CaseIterable, Codable {
    case plugin, `class`, vertexTemplate = "vertex-template", edgeTemplate = "edge-template", vertex, edge
}

/// A path of names: the place of entities, and the boundary of permissions. The empty path is the root.
public struct Directory: Sendable, Hashable, CustomStringConvertible {
    /// The names from the root down. None is empty or holds `/`.
    public let names: [String]

    /// The most names.
    public static let depthLimit = 64

    /// The root.
    public static let root = Directory([])

    /// Makes a directory of names that are known to be valid.
    public init(_ names: [String]) { self.names = names }

    /// Parses names joined with `/`; the empty text is the root.
    public init(parsing text: String) throws(Problem) {
        names = Self.names(text)
        try check()
    }

    fileprivate static func names(_ text: String) -> [String] {
        if text.isEmpty { return [] }
        // A name may begin with a mark that Unicode combines with the ‘/’ before it.
        return text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { String(Substring($0)) }
    }

    /// Fails if a name in it isn't valid, or there are too many.
    func check() throws(Problem) {
        guard names.count <= Self.depthLimit else {
            throw Problem(
                "floria.malformed-id", "a directory has \(names.count) names, more than the \(Self.depthLimit) that are allowed"
            )
        }
        for name in names { try ID.check(name: name) }
    }

    /// The directory of a name below this one.
    public func appending(_ name: String) -> Directory { Directory(names + [name]) }

    /// Whether this is `other` or lies below it.
    public func isWithin(_ other: Directory) -> Bool { names.starts(with: other.names) }

    /// The names joined with `/`.
    public var description: String { names.joined(separator: "/") }
}

/// The identity of an entity: kind, directory and name.
///
/// It is a value whose copies share their memory: they take as much room as a number, and hashing one is O(1).
public struct ID: Sendable, CustomStringConvertible {
    private final class Storage: Sendable {
        let kind: EntityKind
        let directory: Directory
        let name: String
        let hash: Int

        init(_ kind: EntityKind, _ directory: Directory, _ name: String) {
            self.kind = kind
            self.directory = directory
            self.name = name
            var hasher = Hasher()
            hasher.combine(kind)
            hasher.combine(directory)
            hasher.combine(name)
            hash = hasher.finalize()
        }
    }

    /// The longest name, in UTF-8 bytes.
    public static let nameLengthLimit = 255

    private let storage: Storage

    /// The kind of entity.
    public var kind: EntityKind { storage.kind }
    /// Where it is.
    public var directory: Directory { storage.directory }
    /// Its name there. Never empty, holds no `/` and no control characters.
    public var name: String { storage.name }

    /// Makes an ID of a name that is known to be valid.
    public init(_ kind: EntityKind, _ directory: Directory, _ name: String) { storage = Storage(kind, directory, name) }

    /// Parses the text form, which is that of ``description``. The kind isn't part of it.
    public init(_ kind: EntityKind, parsing text: String) throws(Problem) {
        let names = Directory.names(text)
        guard let name = names.last else { throw Problem("floria.malformed-id", "an identifier is empty") }
        self.init(kind, Directory(Array(names.dropLast())), name)
        try check()
    }

    /// The ID of a vertex.
    public static func vertex(_ directory: Directory, _ name: String) -> ID { ID(.vertex, directory, name) }

    /// Directory and name joined with `/`.
    public var description: String { directory.names.isEmpty ? name : "\(directory)/\(name)" }

    /// Whether it is a service's own vertex, or lies in its directory.
    func isPart(ofService name: String) -> Bool {
        directory.names.isEmpty ? self.name == name && kind == .vertex : directory.names[0] == name
    }

    static func check(name: String) throws(Problem) {
        if name.isPlain { return }
        let isPrintable = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        // Names become names of files: the folder itself and the one above are none.
        let isReserved = name.isEmpty || name == "." || name == ".."
        guard !isReserved, isPrintable, !name.utf8.contains(UInt8(ascii: "/")), name.utf8.count <= nameLengthLimit else {
            throw Problem(
                "floria.malformed-id", "‘\(name)’ is no valid name",
                hint: "a name has 1 to \(nameLengthLimit) bytes, no ‘/’ and no control characters")
        }
        guard name.isNormal else {
            throw Problem(
                "floria.malformed-id", "‘\(name)’ is no valid name: it can be written with fewer characters",
                hint: "names are in Unicode's normal form C, so that what looks the same is the same")
        }
    }
}

extension String {
    /// Whether it is a name of letters, digits and the like, as most are, of which nothing else needs to be looked at.
    fileprivate var isPlain: Bool {
        let slash = UInt8(ascii: "/")
        return (3...ID.nameLengthLimit).contains(utf8.count) && utf8.allSatisfy { 0x20 <= $0 && $0 < 0x7f && $0 != slash }
    }

    /// Whether it is in Unicode's normal form C. Texts that look the same are equal in Swift, and differ as keys of files and
    /// tables; in this form they are the same there too.
    var isNormal: Bool {
        utf8.allSatisfy { $0 < 0x80 } || unicodeScalars.elementsEqual(_nfc)
    }
}

extension ID: Hashable {
    /// Whether both are the same. O(1) for copies, and for most others.
    public static func == (left: ID, right: ID) -> Bool {
        let (left, right) = (left.storage, right.storage)
        return left === right
            || left.hash == right.hash && left.kind == right.kind && left.name == right.name
                && left.directory == right.directory
    }

    /// Hashes it. O(1).
    public func hash(into hasher: inout Hasher) { hasher.combine(storage.hash) }

    // swift-format-ignore: NoLeadingUnderscores
    /// What dictionaries and sets ask for. O(1). The names are hashed already, with what differs from process to process, so
    /// that mixing in what differs from table to table is enough.
    public func _rawHashValue(seed: Int) -> Int {
        let mixed = UInt64(bitPattern: Int64(storage.hash ^ seed)) &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: mixed ^ mixed >> 32)
    }
}

extension ID: Comparable {
    /// Order by kind, then by directory name by name, then by name; names are ordered by their UTF-8 bytes. It is the
    /// order in which stores list.
    public static func < (left: ID, right: ID) -> Bool {
        if left.storage === right.storage { return false }
        if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
        if left.directory != right.directory { return left.directory < right.directory }
        // Names are in normal form C, in which the order of texts is that of their bytes.
        return left.name < right.name
    }
}

extension Directory: Comparable {
    /// Order name by name, so that a directory is followed by what is below it.
    public static func < (left: Directory, right: Directory) -> Bool {
        left.names.lexicographicallyPrecedes(right.names)
    }
}
