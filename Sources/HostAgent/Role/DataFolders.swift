// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria

/// Where an agent keeps what.
public struct DataFolders: Sendable, Hashable {
    /// The data folder.
    public let root: String

    /// The folders below a data folder.
    public init(root: String) { self.root = root }

    /// The graph and the ledger.
    public var database: String { "\(root)/khutulun.db" }
    /// The events that this host has to handle.
    public var spool: String { "\(root)/spool.db" }
    /// The keys that secrets are encrypted with, unless they lie elsewhere.
    public var keys: String { "\(root)/keys" }
    /// Files that designs bring, by digest.
    public var artifacts: String { "\(root)/artifacts" }
    /// The artifacts that this host has fetched, by digest.
    public var files: String { "\(root)/files" }
    /// Compiled components. Only the agent may write here: what lies here is run.
    public var components: String { "\(root)/components" }
    /// Copies of the store that are being sent.
    public var copies: String { "\(root)/copies" }
    /// The folders of all nodes.
    public var nodes: String { "\(root)/nodes" }

    /// What is kept of a node.
    public func folder(of node: ID) -> String { "\(nodes)/\(node)" }
    /// The folder that a node has for itself. It may belong to another account than the agent's; what is around it doesn't.
    public func home(of node: ID) -> String { "\(folder(of: node))/home" }
}
