// SPDX-License-Identifier: Apache-2.0 OR MIT
public import CSAR

/// What may be fetched, from where, and for how long.
public struct FetchOptions: Sendable {
    /// Where addresses lead instead.
    public var map: URLMap
    /// The path of a file in the format of `.netrc` with names and passwords for web servers; nil if there are none.
    public var netrc: String?
    /// The most seconds that one file may take, or one repository of git.
    public var timeout: Int
    /// The most bytes that one file may have, or what is fetched of one repository of git.
    public var size: Int
    /// What is accepted of archives.
    public var archives: ArchiveLimits
    /// The folder in which fetched files are kept for the next time; nil keeps none.
    public var cache: String?
    /// The paths of files with the certificates of authorities that are trusted besides those of this machine.
    public var authorities: [String]

    /// What is fetched and how, if nothing else is said: no names and passwords, 60 seconds, 1 GiB, kept nowhere.
    public init(
        map: URLMap = URLMap(), netrc: String? = nil, timeout: Int = 60, size: Int = 1 << 30,
        archives: ArchiveLimits = .standard, cache: String? = nil, authorities: [String] = []
    ) {
        self.map = map
        self.netrc = netrc
        self.timeout = timeout
        self.size = size
        self.archives = archives
        self.cache = cache
        self.authorities = authorities
    }
}
