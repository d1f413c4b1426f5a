// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import CSAR
import Fetching
import Support
import TOSCA

/// What commands take that read designs: where profiles and imported files come from.
struct SourceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A folder in which profiles are looked for before the installed ones; may be given several times.",
            valueName: "folder"),
        completion: .directory)
    var profiles: [String] = []

    @Option(
        name: .customLong("map-url"),
        help: ArgumentHelp(
            "Addresses that begin with the first lead to the second, a path or another address; may be given several times.",
            valueName: "address=place"))
    var maps: [MappedAddress] = []

    @Option(
        help: ArgumentHelp("A file in the format of .netrc with names and passwords for web servers.", valueName: "file"),
        completion: .file())
    var netrc: String?

    @Option(
        name: .customLong("authority"),
        help: ArgumentHelp(
            "A file with certificates (PEM) of an authority to trust as well; may be given several times.", valueName: "file"),
        completion: .file())
    var authorities: [String] = []

    @Option(
        help: ArgumentHelp("How long one file from elsewhere may take. (default: 60)", valueName: "seconds"))
    var fetchTimeout: Int?

    func validate() throws {
        if let fetchTimeout, !(1...86_400).contains(fetchTimeout) {
            throw ValidationError("‘--fetch-timeout \(fetchTimeout)’ is not between 1 and 86400 seconds")
        }
    }

    /// What finds files by their addresses.
    func fetcher(_ limits: ArchiveLimits) -> Fetcher {
        var options = FetchOptions(
            netrc: netrc, archives: limits, cache: StandardPaths.cache, authorities: authorities)
        options.timeout = fetchTimeout ?? options.timeout
        for map in maps { options.map.add(map.prefix, leadsTo: map.target) }
        return Fetcher(options)
    }

    /// A compiler that knows the profiles that are given, those that were installed, and those that came with the program.
    ///
    /// - Throws: `command.unreadable` if there is no such folder, `command.not-installed`.
    func compiler(_ fetcher: Fetcher) throws(Problems) -> Compiler {
        for folder in profiles { try Files.check(folder) }
        return Compiler(profiles: profiles + [StandardPaths.profiles, try Installation.find().profiles], addresses: fetcher)
    }
}

/// `ADDRESS=PLACE` as an argument.
struct MappedAddress: ExpressibleByArgument {
    let prefix: String
    let target: String

    init?(argument: String) {
        // A query of an address has equals signs too; a place that is mapped to rarely does.
        guard let separator = argument.lastIndex(of: "="), separator != argument.startIndex else { return nil }
        prefix = String(argument[..<separator])
        target = String(argument[argument.index(after: separator)...])
        if target.isEmpty { return nil }
    }
}
