// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Control
public import Floria
public import Logging
public import Support

/// What an agent is started with.
public struct AgentConfiguration: Sendable {
    /// Where it keeps everything.
    public var folders: DataFolders
    /// The folder of the keys that secrets are encrypted with.
    public var keys: String
    /// The path of the socket that it answers on.
    public var socket: String
    /// The host's name.
    public var host: String
    /// The account of processes and scripts for which none is named; nil is the agent's own. It takes root to change it.
    public var user: String?
    /// The program's version.
    public var version: String
    /// The folder that holds the built-in components.
    public var plugins: String
    /// The program that supervises one process, and this program, which compiles components when asked to.
    public var shim: String, compiler: String
    /// The function libraries that are language, by name.
    public var languages: [String: any FunctionLibrary]
    /// Makes the design of a command that is to be run as a service.
    public var runDesign: RunDesign
    /// How long events are kept.
    public var retention: EventRetention
    /// Where tests end the program.
    public var failpoint: Failpoint
    /// Where the agent writes about its work.
    public var logger: Logger

    /// Makes a configuration.
    public init(
        folders: DataFolders, keys: String? = nil, socket: String, host: String, user: String? = nil, version: String,
        plugins: String,
        shim: String, compiler: String, languages: [String: any FunctionLibrary],
        runDesign: @escaping RunDesign, retention: EventRetention = .standard, failpoint: Failpoint = .none,
        logger: Logger
    ) {
        self.folders = folders
        self.keys = keys ?? folders.keys
        self.socket = socket
        self.host = host
        self.user = user
        self.version = version
        self.plugins = plugins
        self.shim = shim
        self.compiler = compiler
        self.languages = languages
        self.runDesign = runDesign
        self.retention = retention
        self.failpoint = failpoint
        self.logger = logger
    }
}
