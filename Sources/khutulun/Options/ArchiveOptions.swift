// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import CSAR
import Fetching
import Glibc
import Support
import TOSCA

/// What commands take that read archives.
struct ArchiveOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Accept only an archive that was signed, and whose signature this public key verifies.", valueName: "key-file"),
        completion: .file())
    var requireSignature: String?

    @Option(
        help: ArgumentHelp("The file of the signature; otherwise the archive's name with .sig at its end.", valueName: "file"),
        completion: .file())
    var signature: String?

    @Option(
        help: ArgumentHelp(
            "The most bytes that an archive may have, unpacked; with K, M, G or T after the number. (default: 4G)",
            valueName: "size"))
    var maxSize: ByteCount?

    @OptionGroup var sources: SourceOptions

    /// What is accepted of an archive.
    var limits: ArchiveLimits { ArchiveLimits(size: maxSize?.bytes ?? ArchiveLimits.standard.size) }

    /// Opens a file that may be an archive; `-` is the standard input. Where a signature is required, it was verified.
    ///
    /// - Parameter place: where the file lies; nil if it is named by its path.
    /// - Returns: its format; nil if it is none.
    /// - Throws: `command.unreadable`, `csar.*`, and what its repository has to say.
    func open(_ path: String, _ place: FilePlace? = nil) throws(Problems) -> (format: ArchiveFormat?, input: ArchiveInput) {
        let (format, input) = try Self.given(path, place)
        guard let requireSignature else { return (format, input) }
        guard format != nil else {
            throw Problems([Problem("csar.not-an-archive", "‘\(path)’ is no archive, and only archives are signed")])
        }
        return (format, try Self.verified(input, key: requireSignature, signature: signature, limits: limits))
    }

    /// Opens an archive by its path or address. From the web no more is fetched than is read.
    ///
    /// - Throws: `command.unreadable`, `csar.*`, `fetch.*`.
    func stream(_ path: String) throws(Problems) -> (format: ArchiveFormat?, input: ArchiveInput) {
        guard path != "-", Path.isAddress(path), (try? Files.check(path)) == nil else { return try open(path) }
        let fetcher = sources.fetcher(limits)
        guard requireSignature == nil, let stream = try raising({ () throws(Problem) in try fetcher.stream(path) }) else {
            return try open(path, try raising { () throws(Problem) in try fetcher.place(of: path, in: nil) })
        }
        return try raising { () throws(Problem) in try ArchiveInput(stream: stream, name: path).recognized() }
    }

    /// Opens a file that may be an archive; `-` is the standard input.
    static func given(
        _ path: String, _ place: FilePlace? = nil
    ) throws(Problems) -> (format: ArchiveFormat?, input: ArchiveInput) {
        if let place {
            return try raising { () throws(Problem) in
                // What its name says to be no archive may be as large as a TOSCA file.
                let isTOSCA = [".yaml", ".yml"].contains { place.path.hasSuffix($0) }
                let content =
                    try isTOSCA
                    ? place.repository.open(place.path, limit: YAMLLimits.standard.size)
                    : place.repository.open(place.path)
                return try ArchiveInput(content, name: place.name).recognized()
            }
        }
        if path != "-" { try Files.check(path) }
        return try raising { () throws(Problem) in
            try (path == "-" ? ArchiveInput(stream: STDIN_FILENO, name: path) : ArchiveInput(path: path)).recognized()
        }
    }

    /// An archive whose signature was verified.
    ///
    /// - Throws: `command.unreadable`, `csar.*`.
    static func verified(
        _ input: ArchiveInput, key: String, signature: String?, limits: ArchiveLimits
    ) throws(Problems) -> ArchiveInput {
        try raising { () throws(Problem) in
            let key = try VerifyingKey(parsing: try read(key), file: key)
            return try input.verified(by: key, try self.signature(signature, of: input.name), limits: limits)
        }
    }

    private static func signature(_ signature: String?, of archive: String) throws(Problem) -> ArchiveSignature {
        guard signature != nil || archive != "-" else {
            throw Problem(
                "csar.missing-signature", "the standard input has no name",
                hint: "say where the signature is with ‘--signature FILE’")
        }
        let file = signature ?? "\(archive).sig"
        guard access(file, R_OK) == 0 else {
            throw Problem(
                "csar.missing-signature", "there is no signature ‘\(file)’ that can be read",
                hint: "get it from whoever made the archive, or say where it is with ‘--signature FILE’")
        }
        return try ArchiveSignature(parsing: try read(file), file: file)
    }

    /// The content of a small file.
    static func read(_ path: String) throws(Problem) -> [UInt8] {
        do { return try Files.read(path) } catch { throw error.all[0] }
    }
}

/// A number of bytes as an argument: `500`, `64K`, `20G`.
struct ByteCount: ExpressibleByArgument {
    /// The number.
    let bytes: Int

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        let unit = ["": 0, "K": 10, "M": 20, "G": 30, "T": 40][argument.dropFirst(digits.count).uppercased()]
        guard let unit, let number = Int(digits), number > 0, number <= Int.max >> (unit + 1) else { return nil }
        bytes = number << unit
    }
}
