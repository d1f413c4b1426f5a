// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import Fetching
import Support
import TOSCA

/// Reads designs, wherever they lie. What it fetches it fetches once.
struct DesignReader {
    let compiler: Compiler
    private let archive: ArchiveOptions
    private let fetcher: Fetcher
    private let texts: SourceTexts

    /// - Throws: `command.unreadable`, `command.not-installed`.
    init(_ archive: ArchiveOptions, _ screen: Screen) throws(Problems) {
        self.archive = archive
        fetcher = archive.sources.fetcher(archive.limits)
        compiler = try archive.sources.compiler(fetcher)
        texts = screen.texts
        texts.add(fetcher)
    }

    /// A design that can be read.
    enum Opened {
        case package(Package)
        case file(FilePlace)
    }

    /// Opens a file with a design, or an archive of one, by its path or address; `-` is the standard input.
    ///
    /// - Throws: `command.unreadable`, `csar.*`, `fetch.*`, `tosca.cannot-read`.
    func open(_ path: String) throws(Problems) -> Opened {
        let place = try place(of: path)
        let (format, input) = try archive.open(path, place)
        guard format == nil else {
            let package = try Package(input, limits: archive.limits)
            texts.add(package.archive)
            return .package(package)
        }
        if let place, !place.repository.isLocal { return .file(place) }
        let local = place?.path ?? path
        let content = try raising { () throws(Problem) in try input.content(limit: YAMLLimits.standard.size) }
        let repository = GivenFile(path: local, content: content)
        texts.add(repository)
        return .file(FilePlace(repository: repository, path: local))
    }

    /// Where files lie that are named beside a design.
    ///
    /// - Throws: `command.unreadable`, and what finds addresses has to say.
    func places(of paths: [String]) throws(Problems) -> [FilePlace] {
        try paths.map { path throws(Problems) in
            if let place = try place(of: path) { return place }
            try Files.check(path)
            return FilePlace(path: path)
        }
    }

    /// Where a file lies that is named by its address; nil if it is named by its path.
    private func place(of path: String) throws(Problems) -> FilePlace? {
        guard path != "-", Path.isAddress(path), (try? Files.check(path)) == nil else { return nil }
        return try raising { () throws(Problem) in try fetcher.place(of: path, in: nil) }
    }
}

/// A file that is open already, among those of this machine: what comes through a pipe can be read once.
private struct GivenFile: FileRepository {
    let path: String
    let content: any FileContent
    private var others: LocalFiles { LocalFiles() }

    init(path: String, content: any FileContent) {
        self.path = path
        self.content = content
    }

    var isLocal: Bool { true }

    func name(of path: String) -> String { others.name(of: path) }

    func identity(of path: String) -> String { others.identity(of: path) }

    func open(_ path: String, limit: Int) throws(Problem) -> any FileContent {
        path == self.path ? content : try others.open(path, limit: limit)
    }
}
