// SPDX-License-Identifier: Apache-2.0 OR MIT
import AsyncHTTPClient
import Floria
import Logging
import NIOCore
import Support

/// What a host has and is.
struct HostEnvironment: Sendable {
    /// The host's name.
    let name: String
    let folders: DataFolders
    /// The folder of all nodes by its path without links. Nobody but the agent can put links there, above a node's home.
    let nodes: String
    /// To whom a new node's folder belongs.
    let owner: Owner
    let supervisor: any Supervisor
    /// The function libraries that are language, such as TOSCA's, by name.
    let languages: [String: any FunctionLibrary]
    let network: any EventLoopGroup
    let http: HTTPClient
    let logger: Logger
    let failpoint: Failpoint
    /// The time in milliseconds since 1970 UTC.
    let now: @Sendable () -> Int64
    /// Makes a name that no one else has.
    let uniqueName: @Sendable () -> String
    /// Takes an event that was born here in; when it returns the event is on disk.
    let take: @Sendable (Event) async throws(Problem) -> Void
}
