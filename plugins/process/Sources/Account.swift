// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

extension Node {
    /// The account to which the node's folder belongs; nil if it is the agent's own. What is put there is made by commands
    /// that run as this account, so that it can use it, and so that no link which it made leads a command of ours elsewhere.
    func owner() throws(PluginError) -> String? { try Host.file(["exists": .text(folder)])["owner"]?.text }
}

extension Launch {
    /// The account that the process runs as; nil if it is the agent's own.
    func user() throws(PluginError) -> String? {
        if let user = settings.user { return user }
        return try node.owner()
    }
}
