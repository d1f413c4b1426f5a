// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

extension Check {
    /// Tries once; gives what is wrong, nil if nothing is.
    func failure(_ launch: Launch) throws(PluginError) -> String? {
        switch kind {
        case .tcp: try tcpFailure(launch)
        case .http: try httpFailure(launch)
        case .command: try commandFailure(launch)
        }
    }

    private func tcpFailure(_ launch: Launch) throws(PluginError) -> String? {
        let (address, number) = try target(launch)
        let answer = try Host.connect(["address": .text(address), "port": .integer(number), "timeout": .integer(timeout)])
        return answer["open"]?.boolean == true ? nil : "nothing answers at \(address):\(number)"
    }

    private func httpFailure(_ launch: Launch) throws(PluginError) -> String? {
        let (address, number) = try target(launch)
        let host = address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]" : address
        let page = path.utf8.first == UInt8(ascii: "/") ? path : "/\(path)"
        let url = "http://\(host):\(number)\(page)"
        do throws(PluginError) {
            let answer = try Host.http(["method": "GET", "address": .text(url), "timeout": .integer(timeout)])
            let status = answer["status"]?.integer ?? 0
            return (200..<400).contains(status) ? nil : "\(url) is answered with the status \(status)"
        } catch {
            if error.code == "plugin.not-granted" { throw error }
            return "\(url) is not answered: \(error.message)"
        }
    }

    private func commandFailure(_ launch: Launch) throws(PluginError) -> String? {
        do throws(PluginError) {
            let result = try run(
                command, environment: launch.variables, directory: launch.settings.workingDirectory,
                user: launch.user(), timeout: timeout)
            if result.status == 0 { return nil }
            let said = joined(lastLines(result.error.isEmpty ? result.output : result.error, count: 1), "")
            return "‘\(shellCommand(command))’ ended with status \(result.status)\(said.isEmpty ? "" : ": \(said)")"
        } catch {
            if error.code == "plugin.not-granted" { throw error }
            return "‘\(shellCommand(command))’ could not be run: \(error.message)"
        }
    }

    /// The address and the port that are tried: those of the named port, or of the only one.
    private func target(_ launch: Launch) throws(PluginError) -> (address: String, number: Int) {
        let ports = launch.ports.all
        let found = port == nil && ports.count == 1 ? ports.first : ports.first { $0.name == port }
        guard let found, let number = found.number else {
            throw PluginError(
                "process.bad-check", "a check of ‘\(launch.node.id.path)’ needs a port, and ‘\(port ?? "")’ is none",
                hint: "‘port’ of the check names a capability of the type Port")
        }
        return (found.reachableAddress, number)
    }
}
